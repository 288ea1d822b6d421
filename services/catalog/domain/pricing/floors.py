"""Floors: below what no rule may bring a price (rules 3.1). A cost is without tax, and so is what is kept above it."""

from decimal import Decimal

from services.catalog.domain.prices import rounded
from services.catalog.domain.pricing.facts import Goods, Policy
from shared.contracts.catalog.price_lists import PriceMode


def least(
    floor: Decimal | None, cost: Decimal | None, min_margin: Decimal | None, currency: str, scale: int | None = None
) -> Decimal | None:
    """Return the floor that was set or, without one, cost and least margin; None where neither is known.

    Rounded as prices of one unit are: one that was entered by a finer scale makes none that the shop does not sell by.
    """
    if floor is not None:
        return rounded(floor, currency, scale)
    if cost is None or min_margin is None:
        return None
    return rounded(cost * (100 + min_margin) / 100, currency, scale)


def floor(goods: Goods, currency: str, policy: Policy) -> Decimal | None:
    """Return below what no rule may bring the price; a base price that is lower still is what it is."""
    cost = goods.cost if goods.mode is PriceMode.NET else None
    found = least(goods.base.floor if goods.base else None, cost, policy.min_margin, currency, policy.scale)
    if found is None or goods.base is None:
        return found
    return min(found, rounded(goods.base.amount, currency, policy.scale))
