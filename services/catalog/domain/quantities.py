"""How many a buyer must or may take: which rule sets each limit, and what the limits leave (rules 3.2).

Each field is taken separately from the nearest rule that sets it: the customer's, their company's and those above it,
their groups', everyone's. Of one buyer's rules the one about the variant is nearest, then the product's, that of a
category, a near one before a far one, and that about all goods. Of several groups each speaks with its own nearest rule
and the most favourable counts; so does it of categories equally near. 0 lifts what stands farther away.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import lcm
from uuid import UUID

from services.catalog.domain.prices import PUBLIC, Viewer
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import LIFTED, BuyerScope, QuantityBasis, RuleScope

FINEST = Decimal("0.001")
"""No unit is divided more finely."""

ENDLESS = Decimal("Infinity")
BUYERS = {scope: rank for rank, scope in enumerate(BuyerScope)}
GOODS = {scope: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class QuantityFacts:
    """A rule: `buyer_id` is PUBLIC for everyone, `target_id` for all goods. A field of None says nothing, 0 lifts.

    `number` is its place in the order of making: of rules otherwise equal the lowest counts.
    """

    id: UUID
    number: int
    buyer_scope: BuyerScope
    buyer_id: UUID
    scope: Scope
    target_id: UUID
    min_qty: Decimal | None = None
    max_qty: Decimal | None = None
    multiple: Decimal | None = None
    period_qty: Decimal | None = None
    period_days: int | None = None
    basis: QuantityBasis = QuantityBasis.VARIANT

    @property
    def stands(self) -> RuleScope:
        """Return where the rule stands in the chain from the customer to the shop."""
        if self.buyer_scope is not BuyerScope.EVERYONE:
            return RuleScope(self.buyer_scope.value)
        return RuleScope.SHOP if self.scope is Scope.ALL else RuleScope(self.scope.value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods stand: variant, product, and how far above the nearest each category is, 0 for the nearest."""

    variant_id: UUID | None = None
    product_id: UUID | None = None
    categories: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def targets(self) -> Iterator[UUID]:
        """Yield what a rule about these goods may name."""
        yield from (one for one in (self.variant_id, self.product_id, *self.categories, PUBLIC) if one is not None)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, more than 0, and the rule that set it. `days`: of a limit per period, how long the period is."""

    value: Decimal
    rule: UUID
    scope: RuleScope
    basis: QuantityBasis
    days: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What limits the quantity of some goods; None where nothing does."""

    min: Limit | None = None
    max: Limit | None = None
    multiple: Limit | None = None
    period: Limit | None = None

    def of(self, basis: QuantityBasis) -> "Limits":
        """Return only those limits that look at this quantity."""
        all_of_them = (self.min, self.max, self.multiple, self.period)
        return Limits(*(one if one is not None and one.basis is basis else None for one in all_of_them))

    @property
    def present(self) -> list[Limit]:
        """Return the limits that there are."""
        return [one for one in (self.min, self.max, self.multiple, self.period) if one is not None]

    def __bool__(self) -> bool:
        return bool(self.present)


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which quantities can be ordered: whole multiples of `step` from `lowest` to `highest`; None is no end."""

    lowest: Decimal
    highest: Decimal | None
    step: Decimal

    @property
    def possible(self) -> bool:
        """Tell whether there is any such quantity."""
        return self.highest is None or self.lowest <= self.highest

    def admit(self, quantity: Decimal) -> bool:
        """Tell whether a quantity can be ordered."""
        within = self.lowest <= quantity and (self.highest is None or quantity <= self.highest)
        return within and not quantity % self.step

    def suggest(self, quantity: Decimal) -> Decimal | None:
        """Return the nearest quantity above that can be ordered, else below, or None where none can."""
        above = max(self.lowest, upwards(quantity, self.step))
        if self.highest is None or above <= self.highest:
            return above
        return self.highest if self.possible else None


def limits(rules: Iterable[QuantityFacts], viewer: Viewer, place: Place) -> Limits:
    """Return the limits of a buyer for some goods. `rules` may hold more than concerns either."""
    near = [(buyer, far, rule) for rule in rules if (buyer := _nearness(rule, viewer)) and (far := _far(rule, place))]
    return Limits(*(_limit(name, near) for name in FAVOUR))


def limits_of_each(rules: Iterable[QuantityFacts], viewer: Viewer, places: Iterable[Place]) -> Iterator[Limits]:
    """Yield the limits of a buyer for each of many goods; only the rules that name them are looked at."""
    naming: dict[UUID, list[QuantityFacts]] = {}
    for rule in rules:
        naming.setdefault(rule.target_id, []).append(rule)
    for place in places:
        yield limits([rule for id_ in place.targets for rule in naming.get(id_, ())], viewer, place)


def bounds(given: Limits, step: Decimal = FINEST, taken_before: Decimal = LIFTED) -> Bounds:
    """Return what the limits leave, in whole `step`s of the unit, once `taken_before` was ordered within the period.

    min' = ceil(min / multiple) × multiple, max' = floor(max / multiple) × multiple.
    """
    multiple = _common(step, given.multiple.value) if given.multiple else step
    ends = [given.max.value] if given.max else []
    if given.period:
        ends.append(given.period.value - taken_before)
    highest = max(downwards(min(ends), multiple), LIFTED) if ends else None
    return Bounds(upwards(given.min.value if given.min else multiple, multiple), highest, multiple)


def impossible(given: Limits) -> list[Limit]:
    """Return the limits that together leave no quantity at all; none where some quantity remains.

    A limit of the product's quantity is not held against one of a variant's: several variants may fulfil both.
    """
    for basis in QuantityBasis:
        alike = given.of(basis)
        if not bounds(alike).possible:
            return alike.present
    return []


def one_buyer(scope: BuyerScope, buyer_id: UUID) -> Viewer:
    """Return a buyer of whom nothing else is known than whom a rule is for."""
    if scope is BuyerScope.CUSTOMER:
        return Viewer(customer_id=buyer_id)
    if scope is BuyerScope.COMPANY:
        return Viewer(company_ids=(buyer_id,))
    return Viewer(group_ids=frozenset({buyer_id}) if scope is BuyerScope.GROUP else frozenset())


def step_of(decimals: int) -> Decimal:
    """Return the least that can be ordered of what is divided into so many decimals."""
    return Decimal(1).scaleb(-decimals)


def upwards(quantity: Decimal, step: Decimal) -> Decimal:
    """Return the lowest whole multiple of a step, at least one step, that is not below a quantity."""
    return max((quantity / step).to_integral_value(ROUND_CEILING), Decimal(1)) * step


def downwards(quantity: Decimal, step: Decimal) -> Decimal:
    """Return the highest whole multiple of a step that is not above a quantity."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step


# What is most favourable to the buyer comes first; a limit that is lifted is the most favourable of all.
FAVOUR: Mapping[str, Callable[[QuantityFacts], Decimal]] = {
    "min_qty": lambda rule: rule.min_qty or LIFTED,
    "max_qty": lambda rule: -(rule.max_qty or ENDLESS),
    "multiple": lambda rule: rule.multiple or LIFTED,
    "period_qty": lambda rule: -(rule.period_qty or ENDLESS) / (rule.period_days or 1),
}

Near = tuple[tuple[int, int], tuple[int, int], QuantityFacts]


def _limit(name: str, near: list[Near]) -> Limit | None:
    setting = [one for one in near if getattr(one[2], name) is not None]
    if not setting:
        return None
    nearest = min(buyer for buyer, _, _ in setting)
    heard = [(far, rule) for buyer, far, rule in setting if buyer == nearest]
    voices: dict[UUID, tuple[int, int]] = {}
    for far, rule in heard:
        voices[rule.buyer_id] = min(voices.get(rule.buyer_id, far), far)
    spoken = [rule for far, rule in heard if far == voices[rule.buyer_id]]
    rule = min(spoken, key=lambda one: (FAVOUR[name](one), one.number))
    value: Decimal = getattr(rule, name)
    days = rule.period_days or 0 if name == "period_qty" else 0
    return Limit(value, rule.id, rule.stands, rule.basis, days) if value else None


def _nearness(rule: QuantityFacts, viewer: Viewer) -> tuple[int, int] | None:
    """Return how near a rule is to a buyer, the nearest lowest; None where it is not for them."""
    rank = BUYERS[rule.buyer_scope]
    if rule.buyer_scope is BuyerScope.COMPANY:
        companies = viewer.company_ids
        return (rank, companies.index(rule.buyer_id)) if rule.buyer_id in companies else None
    if rule.buyer_scope is BuyerScope.GROUP:
        return (rank, 0) if rule.buyer_id in viewer.group_ids else None
    return (rank, 0) if rule.buyer_scope is BuyerScope.EVERYONE or rule.buyer_id == viewer.customer_id else None


def _far(rule: QuantityFacts, place: Place) -> tuple[int, int] | None:
    """Return how far a rule's target is from goods, the nearest lowest; None where it is not about them."""
    if rule.scope is Scope.CATEGORY:
        far = place.categories.get(rule.target_id)
        return None if far is None else (GOODS[Scope.CATEGORY], far)
    own = {Scope.VARIANT: place.variant_id, Scope.PRODUCT: place.product_id, Scope.ALL: rule.target_id}
    return (GOODS[rule.scope], 0) if own[rule.scope] == rule.target_id else None


def _common(one: Decimal, other: Decimal) -> Decimal:
    """Return the lowest quantity that is a whole multiple of both."""
    return lcm(int(one / FINEST), int(other / FINEST)) * FINEST
