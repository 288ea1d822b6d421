"""What a buyer is shown of what is left: the figure, a band, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.availability import seen
from shared.contracts.catalog.rules import Availability
from shared.contracts.catalog.stock import SellAhead
from shared.contracts.catalog.storefront import StockState

NONE, BACK, PRE = SellAhead.NONE, SellAhead.BACK_ORDER, SellAhead.PRE_ORDER
EXACT, BANDED, HIDDEN = Availability.EXACT, Availability.BANDED, Availability.HIDDEN


def of(limit: int | None) -> Decimal | None:
    return None if limit is None else Decimal(limit)


@pytest.mark.parametrize(
    ("available", "ahead", "limit", "low_at", "state"),
    [
        (9, NONE, 0, None, StockState.IN_STOCK),
        (9, NONE, 0, 8, StockState.IN_STOCK),
        (8, NONE, 0, 8, StockState.LOW),
        (8, BACK, None, 8, StockState.LOW),
        (0, NONE, 0, 8, StockState.OUT_OF_STOCK),
        (0, NONE, None, 8, StockState.OUT_OF_STOCK),
        (0, BACK, None, 8, StockState.BACK_ORDER),
        (-2, BACK, 3, None, StockState.BACK_ORDER),
        (-3, BACK, 3, None, StockState.OUT_OF_STOCK),
        (0, PRE, 10, None, StockState.PRE_ORDER),
        (-10, PRE, 10, None, StockState.OUT_OF_STOCK),
        (1, PRE, 10, None, StockState.IN_STOCK),
    ],
)
def test_how_it_stands_with_stock(
    available: int, ahead: SellAhead, limit: int | None, low_at: int | None, state: StockState
) -> None:
    facts = {"ahead": ahead, "ahead_limit": of(limit), "low_at": of(low_at)}

    assert seen(Decimal(available), how=EXACT, **facts) == (max(available, 0), state)
    assert seen(Decimal(available), how=BANDED, **facts) == (None, state)
    assert seen(Decimal(available), how=HIDDEN, **facts) == (None, None)


@given(st.decimals(min_value=1, max_value=5, places=3), st.decimals(min_value=1, max_value=5, places=3))
def test_a_band_tells_no_figures_apart(one: Decimal, other: Decimal) -> None:
    facts = {"ahead": NONE, "ahead_limit": Decimal(0), "low_at": Decimal(5), "how": BANDED}

    assert seen(one, **facts) == seen(other, **facts)
