"""Public catalogue promotions: what is taken off a base price for everyone (rules 3.1)."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain.prices import cent
from services.catalog.domain.windows import within
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Scope


@dataclass(frozen=True, slots=True)
class PromotionFacts:
    """An enabled promotion, in force in [starts_at, ends_at).

    `value` is a percent, or an amount of `currency` and `mode` off each unit. `target_ids` are those of variants,
    products or categories, as `scope` says. No market means all of them. `number` tells which of two was made first.
    """

    id: UUID
    number: int
    name: str
    priority: int
    exclusive: bool
    kind: AdjustmentKind
    value: Decimal
    currency: str | None
    scope: Scope
    target_ids: frozenset[UUID]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    markets: frozenset[str] = frozenset()
    mode: PriceMode = PriceMode.NET

    def fits(self, currency: str, mode: PriceMode) -> bool:
        """Tell whether the promotion takes something off prices of a currency and mode: a percent does off all."""
        return self.kind is AdjustmentKind.PERCENT_OFF or (self.currency, self.mode) == (currency, mode)

    def in_force(self, at: datetime) -> bool:
        """Tell whether a moment lies within the promotion's time."""
        return within(self.starts_at, self.ends_at, at)

    def counts_in(self, market: str | None) -> bool:
        """Tell whether the promotion is for a market; one without markets is for all, and for no market too."""
        return not self.markets or market in self.markets

    def covers(self, variant_id: UUID, product_id: UUID, lineage: Set[UUID]) -> bool:
        """Tell whether a variant is in scope; `lineage` are the categories it stands in and all those above them."""
        if self.scope is Scope.VARIANT:
            return variant_id in self.target_ids
        if self.scope is Scope.PRODUCT:
            return product_id in self.target_ids
        return self.scope is Scope.ALL or not self.target_ids.isdisjoint(lineage)


class Applied(NamedTuple):
    """A promotion that took something off a price, and how much, in major units."""

    promotion_id: UUID
    name: str
    amount: Decimal


def reduced(
    base: Decimal,
    currency: str,
    promotions: Iterable[PromotionFacts],
    floor: Decimal | None = None,
    mode: PriceMode = PriceMode.NET,
    scale: int | None = None,
) -> tuple[Decimal, list[Applied]]:
    """Return what is left of a base price, and what each promotion took (rules 3.1, public catalogue promotions).

    `promotions` are those in force and in scope, in any order; an amount of another currency, or of another mode than
    the price's, takes nothing. Higher priority comes first, then the older one. Where one is exclusive, only the first
    exclusive one applies; else each works on the price left by the one before. A step is rounded half up to the
    currency's decimals, or to more at a `scale`, never goes below `floor` or zero, and never raises a price that is
    below the floor already.
    """
    left, applied = base, list[Applied]()
    counting = (one for one in promotions if one.fits(currency, mode))
    for promotion in _in_order(counting):
        after = _step(left, promotion, floor or Decimal(0), cent(currency, scale))
        if after < left:
            applied.append(Applied(promotion.id, promotion.name, left - after))
            left = after
    return left, applied


def _in_order(promotions: Iterable[PromotionFacts]) -> Sequence[PromotionFacts]:
    eligible = sorted(promotions, key=lambda one: (-one.priority, one.number))
    exclusive = [one for one in eligible if one.exclusive]
    return exclusive[:1] or eligible


def _step(left: Decimal, promotion: PromotionFacts, floor: Decimal, smallest: Decimal) -> Decimal:
    percent = promotion.kind is AdjustmentKind.PERCENT_OFF
    after = left * (100 - promotion.value) / 100 if percent else left - promotion.value
    return min(left, max(floor, after.quantize(smallest, ROUND_HALF_UP)))
