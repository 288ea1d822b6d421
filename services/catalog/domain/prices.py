"""For whom prices are, and how they are rounded."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from uuid import UUID

from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.ids import derived_id
from shared.kernel.money import exponent

PUBLIC = UUID(int=0)
"""Whoever is meant by nobody in particular: everyone. No customer, company, group, product or category has this id."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a price is computed: customer, companies from their own upwards, all groups, market.

    `hidden`: why they may not see prices, if they may not.
    """

    customer_id: UUID | None = None
    company_ids: tuple[UUID, ...] = ()
    group_ids: frozenset[UUID] = frozenset()
    hidden: PriceReason | None = None
    market: str | None = None

    @property
    def counting(self) -> frozenset[UUID]:
        """Return everything that a price list may be for and this viewer is or belongs to, the public among it."""
        own = {self.customer_id} if self.customer_id else set()
        market = {market_id(self.market)} if self.market else set()
        return self.group_ids | own | market | {*self.company_ids, PUBLIC}

    def nearness(self, target_id: UUID) -> int:
        """Return how near a target of a contract is: 0 for the customer, 1 for their company, 2 for its parent."""
        return self.company_ids.index(target_id) + 1 if target_id in self.company_ids else 0


EVERYONE = Viewer()
"""Nobody in particular: the base price, shown."""


def market_id(code: str) -> UUID:
    """Return the id by which price lists know a market."""
    return derived_id("market", code)


def decimals(currency: str, scale: int | None = None) -> int:
    """Return how many decimals prices of one unit have: those of the currency, or `scale` where the shop wants more."""
    return max(exponent(currency), scale or 0)


@cache
def cent(currency: str, scale: int | None = None) -> Decimal:
    """Return the smallest amount of a currency, or the smallest price of one unit at a shop's `scale`."""
    return Decimal(1).scaleb(-decimals(currency, scale))


def too_fine(amount: Decimal, currency: str, scale: int | None = None) -> str | None:
    """Return how to mend a price of one unit that has more decimals than the shop sells by; None where it has not."""
    most = decimals(currency, scale)
    if -int(amount.normalize().as_tuple().exponent) <= most:
        return None
    remedy = (
        "round it, sell a larger unit, such as a pack of 100, or raise unit_price_scale in the catalogue's settings"
    )
    return f"A price in {currency} has at most {most} decimals here; {remedy}."


def rounded(amount: Decimal, currency: str, scale: int | None = None) -> Decimal:
    """Return a price of one unit rounded half up to the decimals that such prices have (rules 3.1, step 6)."""
    return amount.quantize(cent(currency, scale), ROUND_HALF_UP)
