"""The lines of an order at today's prices, or why they cannot be ordered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from services.catalog.domain.manual_prices import Latitude
from services.catalog.domain.prices import too_fine
from services.catalog.domain.pricing.facts import Goods, Level, Quantities
from services.catalog.domain.pricing.resolve import EXEMPT, Price
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.price_lists import PriceMode, TierBasis
from shared.contracts.catalog.prices import PriceUnavailable, ProductNotAvailable, UnitPriceTooFine
from shared.contracts.catalog.stock import HoldLine
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.money import LIMIT, Money, UnitPrice
from shared.kernel.problems import FieldError, Forbidden, Malformed, Problem

UNAVAILABLE = {
    PriceReason.PRICE_UNAVAILABLE: "There is no price for it in {currency}{tax}; order it in another currency.",
    PriceReason.GROUP_HIDDEN: "Its price is not shown to this customer's groups; ask the shop to open it.",
    PriceReason.LOGIN_REQUIRED: "Its price is shown to signed-in customers only; sign in first.",
}
NONE = Decimal(0)


class Offer(Protocol):
    """A variant on sale, with everything of it that its price and an order's line need."""

    @property
    def goods(self) -> Goods:
        """Return the variant as goods to be priced."""
        ...

    @property
    def sku(self) -> str:
        """Return its SKU."""
        ...


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as asked for, its variant, and the price computed for it."""

    index: int
    asked: HoldLine
    goods: Goods
    computed: Price
    price: UnitPrice

    @property
    def unit_price(self) -> UnitPrice:
        """Return what one unit costs: as set by hand, or as computed."""
        return self.asked.unit_price or self.price

    @property
    def net(self) -> Money:
        """Return what the line costs, with or without tax as its price is, rounded as its order will have it."""
        return self.unit_price.line(self.asked.quantity, self.asked.discount_percent)

    @property
    def counting(self) -> Money:
        """Return what of the line counts towards a minimum: a price raised by hand reaches none (rules 3.2)."""
        unit_price = self.unit_price if self.unit_price.amount < self.price.amount else self.price
        return unit_price.line(self.asked.quantity, self.asked.discount_percent)

    @property
    def reason(self) -> PriceReason:
        """Return where that price comes from."""
        return PriceReason.AGENT if self.asked.unit_price else self.computed.reason

    @property
    def by_hand(self) -> bool:
        """Tell whether somebody set this line's price or a discount on it."""
        return self.asked.unit_price is not None or bool(self.asked.discount_percent)

    @property
    def agreed(self) -> bool:
        """Tell whether the computed price is one that somebody agreed on with the buyer."""
        return self.computed.winner is not None and self.computed.winner.level in EXEMPT

    @property
    def field(self) -> str:
        """Return the pointer of what was set by hand."""
        return f"/lines/{self.index}/{'discount_percent' if self.asked.unit_price is None else 'unit_price'}"


def quote(
    lines: Sequence[HoldLine], offers: Mapping[str, Offer], terms: Terms, latitude: Latitude | None
) -> list[PricedLine]:
    """Return the lines priced for a buyer, hand-set prices beside the computed ones, not yet held against bounds.

    Raises ProductNotAvailable, PriceUnavailable, Malformed (a price in another currency) or Forbidden (may not set
    prices); each names every line it concerns.
    """
    refuse_if(ProductNotAvailable, _unknown(lines, offers))
    priced = price(lines, offers, terms)
    _check_may_set([line for line in priced if line.by_hand], terms, latitude)
    _check_size(priced)
    return priced


def price(lines: Sequence[HoldLine], offers: Mapping[str, Offer], terms: Terms) -> list[PricedLine]:
    """Return known lines at the prices computed for all of them together. Raises PriceUnavailable."""
    quantities = _quantities([(offers[line.sku].goods, line.quantity) for line in lines])
    computed = [terms.price(offers[line.sku].goods, of_line) for line, of_line in zip(lines, quantities, strict=True)]
    refuse_if(PriceUnavailable, _unpriced(computed, terms))
    return [
        PricedLine(index, line, offers[line.sku].goods, found, found.unit_price)
        for index, (line, found) in enumerate(zip(lines, computed, strict=True))
        if found.unit_price is not None
    ]


def with_a_price(lines: Sequence[HoldLine], offers: Mapping[str, Offer], terms: Terms) -> list[PricedLine]:
    """Return those of some known lines that have a price, at the prices computed for these alone, in their order."""
    kept = list(enumerate(lines))
    while True:
        quantities = _quantities([(offers[line.sku].goods, line.quantity) for _, line in kept])
        priced = [
            PricedLine(index, line, offers[line.sku].goods, found, found.unit_price)
            for (index, line), of_line in zip(kept, quantities, strict=True)
            if (found := terms.price(offers[line.sku].goods, of_line)).unit_price is not None
        ]
        if len(priced) == len(kept):
            _check_size(priced)
            return priced
        kept = [(line.index, line.asked) for line in priced]


def at_everyones_prices(lines: Sequence[PricedLine], terms: Terms) -> list[PricedLine]:
    """Return lines at what everyone pays (levels 5 and 6); what was set by hand stays (rules 3.2, `retail_price`).

    A line of an accepted quote stays at the price that was agreed on. Raises PriceUnavailable.
    """
    everyones = [
        replace(line.goods, rows=tuple(row for row in line.goods.rows if row.list.level is Level.MARKET))
        for line in lines
    ]
    quantities = _quantities([(goods, line.asked.quantity) for goods, line in zip(everyones, lines, strict=True)])
    found = [
        line.computed if line.agreed else terms.price(goods, of_line)
        for line, goods, of_line in zip(lines, everyones, quantities, strict=True)
    ]
    refuse_if(PriceUnavailable, _unpriced(found, terms))
    repriced = [
        replace(line, computed=retail, price=retail.unit_price or line.price)
        for line, retail in zip(lines, found, strict=True)
    ]
    _check_size(repriced)
    return repriced


def _check_size(lines: Sequence[PricedLine]) -> None:
    """Refuse lines that come to more than an amount can say, all together, naming the largest."""
    amounts = {line.index: line.unit_price.amount * line.asked.quantity for line in lines}
    # Rounding adds less than one to each.
    if sum(amounts.values()) + len(amounts) >= LIMIT:
        largest = max(amounts, key=lambda index: amounts[index])
        message = "Order less of it, or at a lower price; an order stays below 10^14 in all."
        raise Malformed(errors=[FieldError(f"/lines/{largest}/quantity", "AMOUNT_TOO_LARGE", message)])


def _quantities(lines: Sequence[tuple[Goods, Decimal]]) -> list[Quantities]:
    """Return the quantities that the tiers of each line look at."""
    variants: dict[UUID, Decimal] = {}
    products: dict[UUID, Decimal] = {}
    for goods, quantity in lines:
        variants[goods.variant_id] = variants.get(goods.variant_id, NONE) + quantity
        products[goods.product_id] = products.get(goods.product_id, NONE) + quantity
    cart, of_list = sum((quantity for _, quantity in lines), NONE), _of_lists(lines)
    return [Quantities(variants[goods.variant_id], products[goods.product_id], cart, of_list) for goods, _ in lines]


def _of_lists(lines: Iterable[tuple[Goods, Decimal]]) -> dict[UUID, Decimal]:
    """Return of each list with tiers over all its goods how many of these the lines hold."""
    found: dict[UUID, Decimal] = {}
    for goods, quantity in lines:
        for id_ in {row.list.id for row in goods.rows if row.list.basis is TierBasis.PRICE_GROUP}:
            found[id_] = found.get(id_, NONE) + quantity
    return found


def _unknown(lines: Sequence[HoldLine], offers: Mapping[str, Offer]) -> list[FieldError]:
    message = "There is no such SKU on sale; take it off the order."
    return [
        FieldError(f"/lines/{index}/sku", ProductNotAvailable.code, message)
        for index, line in enumerate(lines)
        if line.sku not in offers
    ]


def why_unpriced(reason: PriceReason, terms: Terms) -> str:
    """Return why goods have no price on some terms, as a sentence with its remedy."""
    tax = ", tax included" if terms.mode is PriceMode.GROSS else ""
    return UNAVAILABLE[reason].format(currency=terms.currency, tax=tax)


def _unpriced(prices: Sequence[Price], terms: Terms) -> list[FieldError]:
    return [
        FieldError(f"/lines/{index}/sku", price.reason.upper(), why_unpriced(price.reason, terms))
        for index, price in enumerate(prices)
        if price.unit_price is None
    ]


def refuse_if(problem: type[Problem], errors: Sequence[FieldError]) -> None:
    """Raise a problem that names lines, if there are any to name."""
    if errors:
        raise problem(errors=errors)


def _check_may_set(lines: Sequence[PricedLine], terms: Terms, latitude: Latitude | None) -> None:
    if lines and latitude is None:
        raise Forbidden("You cannot set a price or a discount yourself; leave unit_price and discount_percent out.")
    wrong = [line for line in lines if line.unit_price.currency != terms.currency]
    message = f"Give this price in {terms.currency}, the currency of the order."
    refuse_if(Malformed, [FieldError(line.field, "CURRENCY_MISMATCH", message) for line in wrong])
    fine = ((line, line.asked.unit_price and _too_fine(line.asked.unit_price, terms)) for line in lines)
    refuse_if(Malformed, [FieldError(line.field, UnitPriceTooFine.code, remedy) for line, remedy in fine if remedy])


def _too_fine(price: UnitPrice, terms: Terms) -> str | None:
    return too_fine(price.amount, price.currency, terms.book.policy.scale)
