"""What is left of a variant, and what a buyer is shown of it."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from services.catalog.domain.stock import NONE, may_go_ahead
from shared.contracts.catalog.rules import Availability
from shared.contracts.catalog.stock import SellAhead
from shared.contracts.catalog.storefront import StockState

AHEAD = {SellAhead.BACK_ORDER: StockState.BACK_ORDER, SellAhead.PRE_ORDER: StockState.PRE_ORDER}


class StockFacts(NamedTuple):
    """How it stands with a variant's stock.

    `available`: how many are left, promises taken off, below zero where goods were sold ahead. `ahead_limit`: how many
    more may be sold than are there, None without limit. `low_at`: so many left are few.
    """

    available: Decimal
    ahead: SellAhead
    ahead_limit: Decimal | None
    expected_at: datetime | None
    low_at: Decimal | None

    @property
    def left(self) -> Decimal:
        """Return how many may still be promised, sold ahead among them."""
        return self.available + may_go_ahead(self.ahead, self.ahead_limit)


class StockSight(NamedTuple):
    """How a viewer is shown what is left; `low`: how few the shop calls low where a variant does not say."""

    how: Availability = Availability.EXACT
    low: Decimal | None = None


def seen(
    available: Decimal, *, ahead: SellAhead, ahead_limit: Decimal | None, low_at: Decimal | None, how: Availability
) -> tuple[Decimal | None, StockState | None]:
    """Return the figure and the state that a buyer is shown; None for what their group is not shown.

    `available`: how many are left, promises taken off, below zero where goods were sold ahead; nobody is shown that it
    is. `ahead_limit`: how many more may be sold than are there, None without limit; once they are promised too, the
    variant is out of stock. `low_at`: so many left are few.
    """
    if how is Availability.HIDDEN:
        return None, None
    figure = max(available, NONE) if how is Availability.EXACT else None
    return figure, _state(available, ahead, ahead_limit, low_at)


def _state(available: Decimal, ahead: SellAhead, ahead_limit: Decimal | None, low_at: Decimal | None) -> StockState:
    if available > 0:
        return StockState.LOW if low_at is not None and available <= low_at else StockState.IN_STOCK
    if available + may_go_ahead(ahead, ahead_limit) > 0:
        return AHEAD[ahead]
    return StockState.OUT_OF_STOCK
