"""What a variant costs a viewer: the one computation behind every list, detail and hold (rules 3.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from uuid import UUID

from shared.contracts.catalog.products import PriceReason
from shared.kernel.money import UnitPrice, exponent
from shared.kernel.problems import PreconditionFailed, PreconditionRequired


class Level(IntEnum):
    """Where a price row stands, most specific first; the numbers are those of rules 3.1."""

    GROUP = 4
    BASE = 6


PUBLIC = UUID(int=0)
"""The group everyone is in: what it pays is the base price. No group of customers has this id."""

NOT_YET = 0
"""The version of a price that nobody has set."""

REASONS = {Level.GROUP: PriceReason.GROUP, Level.BASE: PriceReason.BASE}


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price somebody entered for a group, in major units of its currency."""

    id: UUID
    amount: Decimal
    currency: str
    group_id: UUID = PUBLIC

    @property
    def level(self) -> Level:
        """Return how specific this row is."""
        return Level.BASE if self.group_id == PUBLIC else Level.GROUP


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a price is computed: all their groups, and why they may not see prices, if they may not."""

    group_ids: frozenset[UUID] = frozenset()
    hidden: PriceReason | None = None

    @property
    def counting(self) -> frozenset[UUID]:
        """Return the groups whose prices count for this viewer, the public among them."""
        return self.group_ids | {PUBLIC}


EVERYONE = Viewer()
"""Nobody in particular: the base price, shown."""


@dataclass(frozen=True, slots=True)
class Price:
    """The answer: what one unit costs, what it costs everyone, and why. No amount where there is no price to show."""

    unit_price: UnitPrice | None
    list_price: UnitPrice | None
    reason: PriceReason


def resolve(rows: Iterable[PriceRow], viewer: Viewer, currency: str, *, cap_at_public: bool = True) -> Price:
    """Return what one unit costs a viewer in a currency (rules 3.1, policy `most_specific`).

    Only rows of that currency that are everyone's or of a group of the viewer's count; nothing is converted. The most
    specific level wins; within it the lowest price, then the lowest id. With `cap_at_public` nobody pays more than
    everyone does. Amounts are rounded half up to the currency's decimals. The order of rows does not matter.
    """
    if viewer.hidden is not None:
        return Price(None, None, viewer.hidden)
    counting = viewer.counting
    eligible = sorted(
        (row for row in rows if row.currency == currency and row.group_id in counting),
        key=lambda row: (row.level, row.amount, row.id),
    )
    if not eligible:
        return Price(None, None, PriceReason.PRICE_UNAVAILABLE)
    winner = eligible[0]
    base = next((row for row in eligible if row.level is Level.BASE), None)
    if cap_at_public and base is not None and base.amount < winner.amount:
        winner = base
    list_price = unit(base) if base else None
    return Price(list_price if winner is base else unit(winner), list_price, REASONS[winner.level])


def unit(row: PriceRow) -> UnitPrice:
    """Return a row's price of one unit, rounded so that shown unit × quantity is the line."""
    return UnitPrice(rounded(row.amount, row.currency), row.currency)


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
