"""What a price is computed from: goods, the rows of price lists that may count, quantities, and the shop's policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

from services.catalog.domain.promotions import PromotionFacts
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceLevel, PriceMode, Reference, Scope, TierBasis
from shared.contracts.catalog.storefront import PriceReason

ONE = Decimal(1)


class Level(IntEnum):
    """Where a price stands, most specific first; the numbers are those of rules 3.1."""

    AGENT = 1
    QUOTE = 2
    CONTRACT = 3
    GROUP = 4
    MARKET = 5
    BASE = 6


LEVELS = {level: Level[level.name] for level in PriceLevel}
SCOPES = {scope: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A price list that is for this buyer and in force. `nearness`: 0 for the buyer, 1 for their company, 2 above."""

    id: UUID
    number: int
    version: int
    name: str
    level: Level
    priority: int = 0
    basis: TierBasis = TierBasis.VARIANT
    stackable: bool = False
    nearness: int = 0
    mode: PriceMode = PriceMode.NET


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row of such a list, in the currency asked for. `value`: major units, or percent."""

    number: int
    list: ListFacts
    scope: Scope
    target_id: UUID
    value: Decimal
    kind: AdjustmentKind = AdjustmentKind.FIXED
    min_qty: Decimal = ONE
    max_qty: Decimal | None = None
    reference: Reference = Reference.BASE


@dataclass(frozen=True, slots=True)
class Base:
    """What a variant costs everyone in the currency and mode asked for, in major units, not rounded."""

    amount: Decimal
    original: Decimal | None = None
    floor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant with everything of it that a price may depend on.

    `places`: how far each category it stands in is above the nearest one. `cost`: in the currency asked for, without
    tax. `rows` are those whose target is this variant, its product, one of these categories, or everything.
    `promotions`: those in force that it is in the scope of. `mode`: whether it is priced with or without tax, as its
    base price is; nothing is converted.
    """

    variant_id: UUID
    product_id: UUID
    base: Base | None
    places: Mapping[UUID, int] = field(default_factory=dict)
    cost: Decimal | None = None
    rows: tuple[RowFacts, ...] = ()
    promotions: tuple[PromotionFacts, ...] = ()
    mode: PriceMode = PriceMode.NET


@dataclass(frozen=True, slots=True)
class Policy:
    """How the shop weighs prices against each other. `min_margin`: percent of the cost.

    `scale`: how many decimals prices of one unit have, where that is more than their currency has.
    """

    lowest: bool = False
    cap_at_public: bool = True
    min_margin: Decimal | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Quantities:
    """How many are bought: of the variant, of its product, of all goods of a list, of everything."""

    variant: Decimal = ONE
    product: Decimal | None = None
    cart: Decimal | None = None
    of_list: Mapping[UUID, Decimal] = field(default_factory=dict)

    def basis(self, facts: ListFacts) -> Decimal:
        """Return the quantity that the tiers of a list look at."""
        if facts.basis is TierBasis.VARIANT:
            return self.variant
        if facts.basis is TierBasis.PRODUCT:
            return self.variant if self.product is None else self.product
        if facts.basis is TierBasis.CART:
            return self.variant if self.cart is None else self.cart
        return self.of_list.get(facts.id, self.variant)


SINGLE = Quantities()
"""One unit, bought alone."""

REASONS = {
    Level.AGENT: PriceReason.AGENT,
    Level.QUOTE: PriceReason.QUOTE,
    Level.CONTRACT: PriceReason.CONTRACT,
    Level.GROUP: PriceReason.GROUP,
    Level.MARKET: PriceReason.MARKET,
    Level.BASE: PriceReason.BASE,
}
