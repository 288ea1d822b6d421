"""The fixed prices of a list, changed by a rule."""

from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.queries.price_lists import get_price_list, list_price_rows
from services.catalog.tests.repricing import a_list, a_row, a_rule, carried_out, furnished
from services.catalog.tests.samples import KEEPER, Shop
from services.catalog.tests.working import does_its_jobs, paid
from shared.contracts.catalog.price_lists import (
    GetPriceList,
    PriceLevel,
    Scope,
)
from shared.contracts.catalog.price_rows import ListPriceRows
from shared.contracts.catalog.products import (
    ProductSheet,
)


@pytest.fixture
async def goods(shop: Shop) -> dict[str, ProductSheet]:
    """A lamp at the top, a chair among seats and a stool, green and never below 9.90, among those below."""
    return await furnished(shop)


async def test_the_fixed_prices_of_a_list_change(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    rows = (
        a_row("10", "chair"),
        a_row("9", "chair", min_qty=Decimal(10)),
        a_row("9.95", "stool"),
        a_row("18", "lamp", Scope.PRODUCT),
        a_row("8", "stools", Scope.CATEGORY),
        a_row("5", None, Scope.ALL, kind="percent_off"),
    )
    view = await a_list(shop, PriceLevel.MARKET, *rows)
    await does_its_jobs(shop, connection)

    dry = await carried_out(shop, connection, a_rule("-10", list_id=view.id))
    assert (dry.total, (await shop(get_price_list, GetPriceList(id=view.id), KEEPER)).version) == (5, 2)
    seats = await carried_out(shop, connection, a_rule("-10", list_id=view.id, category="seats", dry_run=False))

    assert (seats.total, seats.changed, seats.floored) == (4, 3, 1)
    found = (await shop(list_price_rows, ListPriceRows(id=view.id), KEEPER)).items
    assert sorted((row.target or "", row.min_qty, str(row.value)) for row in found) == [
        ("", 1, "5"),
        ("chair", 1, "9.00"),
        ("chair", 10, "8.10"),
        ("lamp", 1, "18.00"),
        ("stool", 1, "9.90"),
        ("stools", 1, "7.20"),
    ]
    assert (await shop(get_price_list, GetPriceList(id=view.id), KEEPER)).version == 3
    assert [amount for _, amount in await paid(connection, "chair")] == ["12.99", "10.00", "9.00"]
