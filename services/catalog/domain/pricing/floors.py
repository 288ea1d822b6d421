"""Floors: below what no rule may bring a price (rules 3.1)."""

from decimal import Decimal

from services.catalog.domain.prices import rounded
from services.catalog.domain.pricing.facts import Goods, Policy


def least(floor: Decimal | None, cost: Decimal | None, min_margin: Decimal | None, currency: str) -> Decimal | None:
    """Return the floor that was set or, without one, cost and least margin; None where neither is known."""
    if floor is not None or cost is None or min_margin is None:
        return floor
    return rounded(cost * (100 + min_margin) / 100, currency)


def floor(goods: Goods, currency: str, policy: Policy) -> Decimal | None:
    """Return below what no rule may bring the price; a base price that is lower still is what it is."""
    found = least(goods.base.floor if goods.base else None, goods.cost, policy.min_margin, currency)
    return found if found is None or goods.base is None else min(found, goods.base.amount)
