"""For whom prices are, how they are rounded, and how one that stands is changed."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.ids import derived_id
from shared.kernel.money import exponent
from shared.kernel.problems import PreconditionFailed, PreconditionRequired

PUBLIC = UUID(int=0)
"""Whoever is meant by nobody in particular: everyone. No customer, company, group, product or category has this id."""

NOT_YET = 0
"""The version of a price that nobody has set."""


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


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount rounded half up to its currency's decimals."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def check_change(version: int, expected_version: int | None) -> None:
    """Refuse to change a price that its editor has not read as it stands; a first price needs no reading.

    Raises PreconditionRequired where a price stands and none was named, PreconditionFailed where another was.
    """
    if expected_version is None and version != NOT_YET:
        raise PreconditionRequired("This group has a price already: send If-Match with the ETag you last read.")
    if expected_version is not None and version != expected_version:
        raise PreconditionFailed(version=version)
