"""Who pays what for these goods, sees which, and takes how many: price lists, a promotion and rules."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from bench.catalogue.goods import (
    BRANCHES,
    CATEGORIES,
    FIRST,
    ROOTS,
    Kind,
    Rows,
    categories_of,
    id_of,
    path_of,
    price_of,
)
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceLevel, Scope, TierBasis

EVERYONE = UUID(int=0)
OWN_LISTS = 5
ROWS_OF_OTHERS = 50
STRANGERS = 400
HIDDEN_LEAF, BY_SIXES = CATEGORIES - 1, ROOTS - 1
HIDDEN_GOODS, IN_PAIRS = range(990, 1_000), range(980, 990)
ONE, FIXED, PERCENT, AMOUNT = Decimal(1), AdjustmentKind.FIXED, AdjustmentKind.PERCENT_OFF, AdjustmentKind.AMOUNT_OFF


class Buyer(NamedTuple):
    """The customer whose prices are measured, and their three groups."""

    id: UUID
    groups: tuple[UUID, UUID, UUID]


class Offer(NamedTuple):
    """A row of the price list of this number."""

    of: int
    scope: Scope
    target_id: UUID
    min_qty: Decimal
    kind: AdjustmentKind
    value: Decimal


class OwnList(NamedTuple):
    """A list that counts for the measured customer: at which level, for whom, and what its tiers look at."""

    level: PriceLevel
    target_kind: str
    target_id: UUID
    basis: TierBasis = TierBasis.VARIANT


def own_lists(buyer: Buyer) -> tuple[OwnList, ...]:
    """Return the lists that count for the measured customer, by number: three of groups, everyone's, the contract."""
    first, second, third = buyer.groups
    return (
        OwnList(PriceLevel.GROUP, "group", first),
        OwnList(PriceLevel.GROUP, "group", second),
        OwnList(PriceLevel.GROUP, "group", third, TierBasis.CART),
        OwnList(PriceLevel.MARKET, "everyone", EVERYONE),
        OwnList(PriceLevel.CONTRACT, "customer", buyer.id),
    )


def offers_for(number: int) -> Iterator[Offer]:
    """Yield what the customer's lists say of one product: tiers for every second one, a contract for every tenth."""
    variant, product, price = id_of(Kind.VARIANT, number), id_of(Kind.PRODUCT, number), price_of(number)
    if number % 2 == 0:
        for least, percent in ((1, 90), (10, 85), (50, 80)):
            yield Offer(0, Scope.VARIANT, variant, Decimal(least), FIXED, _part(price, percent))
    if number % 5 == 0:
        yield Offer(3, Scope.PRODUCT, product, ONE, AMOUNT, Decimal("0.50"))
    if number % 10 == 0:
        for least, percent in ((1, 75), (25, 70)):
            yield Offer(4, Scope.VARIANT, variant, Decimal(least), FIXED, _part(price, percent))


def general_offers() -> Iterator[Offer]:
    """Yield what the customer's lists say of whole categories, and of everything."""
    for root in range(ROOTS):
        for least, percent in ((1, 4), (20, 7)):
            target = id_of(Kind.CATEGORY, root)
            yield Offer(1, Scope.CATEGORY, target, Decimal(least), PERCENT, Decimal(percent))
    for least, percent in ((1, 3), (100, 6)):
        yield Offer(2, Scope.ALL, EVERYONE, Decimal(least), PERCENT, Decimal(percent))


def own(buyer: Buyer) -> Iterator[Rows]:
    """Yield the customer's lists and what they say in general."""
    lists = enumerate(own_lists(buyer))
    yield from _lists([(number, *one) for number, one in lists])
    yield of_goods(general_offers(), 0)


def of_goods(offers: Iterator[Offer], first: int) -> Rows:
    """Return rows of price lists; `first` is the number of the first of them."""
    columns = ("id", "list_id", "scope", "target_id", "min_qty", "kind", "value")
    return Rows("price_rows", columns, (_row(first + number, offer) for number, offer in enumerate(offers)))


def of_others(numbers: Sequence[int], variants: int) -> Iterator[Rows]:
    """Yield price lists of other groups and customers, each with rows about goods that the customer looks at too."""
    strangers = [id_of(Kind.STRANGER, number % STRANGERS) for number in numbers]
    lists = [
        (number, PriceLevel.GROUP, "group", target, TierBasis.VARIANT)
        if number % 2
        else (number, PriceLevel.CONTRACT, "customer", target, TierBasis.VARIANT)
        for number, target in zip(numbers, strangers, strict=True)
    ]
    yield from _lists(lists)
    offers = (offer for number in numbers for offer in _others(number, variants))
    yield of_goods(offers, FIRST_ROW_OF_OTHERS)


def rules(buyer: Buyer) -> Iterator[Rows]:
    """Yield one promotion in force and two that are over, a few rules of visibility and a few of quantity."""
    times = [(None, None), (FIRST, FIRST + timedelta(days=7)), (FIRST, FIRST + timedelta(days=14))]
    promotion = ("id", "code", "name", "enabled", "starts_at", "ends_at", "kind", "value", "scope", "target_ids")
    shared = ("percent_off", Decimal(10), "category", [id_of(Kind.CATEGORY, 0)])
    promotions = [
        (id_of(Kind.PROMOTION, number), f"promotion-{number}", f"Promotion {number}", True, *time, *shared)
        for number, time in enumerate(times)
    ]
    yield Rows("promotions", promotion, promotions)
    first, second, _ = buyer.groups
    leaf, sixes = id_of(Kind.CATEGORY, HIDDEN_LEAF), id_of(Kind.CATEGORY, BY_SIXES)
    seen = [("everyone", EVERYONE, "category", leaf, False), ("group", first, "category", leaf, True)]
    seen += [("group", second, "product", id_of(Kind.PRODUCT, number), False) for number in HIDDEN_GOODS]
    about = ("id", "buyer_scope", "buyer_id", "scope", "target_id")
    yield Rows("visibility_rules", (*about, "allow"), _numbered(seen))
    taken: list[tuple[Any, ...]] = [
        ("everyone", EVERYONE, "all", EVERYONE, None, Decimal(5_000), None),
        ("group", second, "category", sixes, None, None, Decimal(6)),
    ]
    pairs = (id_of(Kind.PRODUCT, number) for number in IN_PAIRS)
    taken += [("everyone", EVERYONE, "product", product, Decimal(2), None, None) for product in pairs]
    yield Rows("quantity_rules", (*about, "min_qty", "max_qty", "multiple"), _numbered(taken))


def is_plain(number: int) -> bool:
    """Tell whether the customer sees a product and can take any number of it."""
    roots = {path_of(leaf)[0] for leaf in categories_of(number)}
    special = number in HIDDEN_GOODS or number in IN_PAIRS or HIDDEN_LEAF in categories_of(number)
    return not special and BY_SIXES not in roots


FIRST_ROW_OF_OTHERS = 10_000_000  # far above those of the customer's own lists


def _others(number: int, variants: int) -> Iterator[Offer]:
    yield Offer(number, Scope.ALL, EVERYONE, ONE, PERCENT, Decimal(number % 5 + 1))
    for turn in range(4):
        branch = id_of(Kind.CATEGORY, ROOTS + (number + turn) % BRANCHES)
        yield Offer(number, Scope.CATEGORY, branch, ONE, PERCENT, Decimal(number % 9 + 1))
    for turn in range(ROWS_OF_OTHERS - 5):
        goods = (number * 7_919 + turn * 104_729) % variants
        value = _part(price_of(goods), 95)
        yield Offer(number, Scope.VARIANT, id_of(Kind.VARIANT, goods), Decimal(turn + 1), FIXED, value)


def _lists(lists: Sequence[tuple[int, PriceLevel, str, UUID, TierBasis]]) -> Iterator[Rows]:
    columns = ("id", "code", "name", "level", "currency", "mode", "status", "tier_basis")
    rows = [
        (id_of(Kind.LIST, number), f"list-{number}", f"List {number}", level, "EUR", "net", "active", basis)
        for number, level, _, _, basis in lists
    ]
    yield Rows("price_lists", columns, rows)
    targets = [(id_of(Kind.LIST, number), target, kind) for number, _, kind, target, _ in lists]
    yield Rows("price_list_targets", ("list_id", "target_id", "kind"), targets)


def _row(number: int, offer: Offer) -> tuple[Any, ...]:
    return id_of(Kind.ROW, number), id_of(Kind.LIST, offer.of), *offer[1:]


def _numbered(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(id_of(Kind.RULE, number), *row) for number, row in enumerate(rows)]


def _part(price: Decimal, percent: int) -> Decimal:
    return (price * percent / 100).quantize(Decimal("0.01"))
