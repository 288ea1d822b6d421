"""Prices set by hand: who may, and how far from the computed price (rules 3.8.6)."""

from dataclasses import dataclass
from decimal import Decimal

from services.catalog.domain.prices import rounded
from shared.kernel.money import LIMIT, UnitPrice


@dataclass(frozen=True, slots=True)
class Latitude:
    """How far from the computed price someone may go, in percent of it; an increase of None is without limit."""

    max_discount: Decimal
    max_increase: Decimal | None


ANY_PRICE = Latitude(Decimal(100), None)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which unit prices a hand-set one must lie, both included; a ceiling of None is none."""

    floor: UnitPrice
    ceiling: UnitPrice | None
    lowest: Decimal
    highest: Decimal | None

    def admit(self, amount: Decimal) -> bool:
        """Tell whether a unit price, as it is after the line's discount, lies within."""
        return self.lowest <= amount and (self.highest is None or amount <= self.highest)


def bounds(price: UnitPrice, latitude: Latitude, scale: int | None = None) -> Bounds:
    """Return the bounds around a computed price: round(p0 × (100 − d)/100) and likewise above, as unit prices are.

    Where rounding would refuse exactly the percentage that is allowed (7.5 % off 12.99 is 12.01575, the floor 12.02),
    the exact amount is admitted too. A ceiling above what an amount can be is none.
    """
    least = price.amount * (100 - latitude.max_discount) / 100
    floor = rounded(least, price.currency, scale)
    most = None if latitude.max_increase is None else price.amount * (100 + latitude.max_increase) / 100
    if most is None or (ceiling := rounded(most, price.currency, scale)) >= LIMIT:
        return Bounds(UnitPrice(floor, price.currency), None, min(least, floor), None)
    return Bounds(
        UnitPrice(floor, price.currency), UnitPrice(ceiling, price.currency), min(least, floor), max(most, ceiling)
    )


def discounted(price: UnitPrice, discount_percent: Decimal) -> Decimal:
    """Return what one unit costs after its line's discount, not rounded."""
    return price.amount * (100 - discount_percent) / 100
