"""What everyone paid is written down whenever it is another, whoever or whatever changed it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.price_history import prior
from services.catalog.handlers.commands.catalog_settings import change_catalog_settings
from services.catalog.handlers.commands.categories import move_category
from services.catalog.handlers.commands.price_lists import create_price_list
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.commands.products import change_product
from services.catalog.handlers.jobs import price_history as jobs
from services.catalog.handlers.jobs.price_history import RECORDED_AT_ONCE
from services.catalog.repository import price_history
from services.catalog.tests.dealing import a_category
from services.catalog.tests.importing import Files
from services.catalog.tests.promoting import NOON, changed, promoted
from services.catalog.tests.samples import KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs, paid
from shared.contracts.catalog.catalog_settings import CatalogSettings, ChangeCatalogSettings
from shared.contracts.catalog.categories import MoveCategory
from shared.contracts.catalog.price_lists import (
    CreatePriceList,
    ListStatus,
    ListTarget,
    PriceLevel,
    Scope,
    TargetKind,
)
from shared.contracts.catalog.price_rows import NewPriceRow, PutPriceRows
from shared.contracts.catalog.prices import SetBasePrice
from shared.contracts.catalog.products import ChangeProduct
from shared.testing.fixtures import session_on

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def chair(shop: Shop) -> Any:
    """A chair for 100.00 in a shop that sells tables, too."""
    await shop.sells("table")
    return await shop.sells("chair")


async def steps(connection: AsyncConnection, sku: str = "chair") -> list[str]:
    """Return what everyone paid after the price the goods came with."""
    return [amount for _, amount in (await paid(connection, sku))[1:]]


async def test_a_promotion_is_written_down_at_its_start_and_its_end(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    await promoted(shop, starts_at=NOON + HOUR, ends_at=NOON + DAY)

    await does_its_jobs(shop, connection, NOON + HOUR - timedelta(seconds=1))
    assert await steps(connection) == []
    await does_its_jobs(shop, connection, NOON + 2 * HOUR)
    await does_its_jobs(shop, connection, NOON + 2 * DAY)

    assert (await paid(connection, "chair"))[1:] == [(NOON + HOUR, "80.00"), (NOON + DAY, "100.00")]
    assert await steps(connection, "table") == []


async def test_a_promotion_that_is_changed_disabled_or_about_other_goods_is_followed(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    view = await promoted(shop)
    changes: list[dict[str, Any]] = [{"value": Decimal(30)}, {"targets": ["table"]}, {"enabled": False}]
    for number, given in enumerate(changes, 1):
        await does_its_jobs(shop, connection, NOON + DAY)
        view = await changed(shop, view, NOON + number * HOUR, **given)
    await does_its_jobs(shop, connection, NOON + DAY)

    assert (await paid(connection, "chair"))[1:] == [
        (NOON, "80.00"),
        (NOON + HOUR, "70.00"),
        (NOON + 2 * HOUR, "100.00"),
    ]
    assert (await paid(connection, "table"))[1:] == [(NOON + 2 * HOUR, "70.00"), (NOON + 3 * HOUR, "100.00")]


async def test_a_base_price_is_written_down_as_everyone_pays_it(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    await promoted(shop)
    await does_its_jobs(shop, connection, NOON)
    command = SetBasePrice(sku="chair", expected_version=chair.version, unit_price=eur("50.00"))
    await shop(set_base_price, command, KEEPER, as_of=NOON + HOUR)

    assert (await paid(connection, "chair"))[1:] == [(NOON, "80.00"), (NOON + HOUR, "40.00")]


async def test_a_product_that_moves_and_a_category_that_moves_are_followed(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    sale, seats = await a_category(shop, "sale"), await a_category(shop, "seats")
    await promoted(shop, scope=Scope.CATEGORY, targets=["sale"])
    await does_its_jobs(shop, connection, NOON)
    assert await steps(connection) == []

    moved = ChangeProduct(id=chair.id, expected_version=chair.version, category_ids=[sale.id])
    moved = await shop(change_product, moved, KEEPER, as_of=NOON + HOUR)
    out = ChangeProduct(id=chair.id, expected_version=moved.version, category_ids=[seats.id])
    await shop(change_product, out, KEEPER, as_of=NOON + 2 * HOUR)
    below = MoveCategory(id=seats.id, expected_version=seats.version, parent_id=sale.id)
    await shop(move_category, below, KEEPER, as_of=NOON + 3 * HOUR)
    await does_its_jobs(shop, connection, NOON + DAY)

    assert (await paid(connection, "chair"))[1:] == [
        (NOON + HOUR, "80.00"),
        (NOON + 2 * HOUR, "100.00"),
        (NOON + 3 * HOUR, "80.00"),
    ]


async def test_lists_for_everyone_count_and_those_of_others_do_not(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    for code, level, target in (
        ("everyone", PriceLevel.MARKET, ListTarget(kind=TargetKind.EVERYONE)),
        ("france", PriceLevel.MARKET, ListTarget(kind=TargetKind.MARKET, code="fr")),
        ("acme", PriceLevel.CONTRACT, ListTarget(kind=TargetKind.CUSTOMER, id=chair.id)),
    ):
        given = {"code": code, "name": code, "level": level, "currency": "EUR", "targets": [target]}
        view = await shop(create_price_list, CreatePriceList(**given, status=ListStatus.ACTIVE), KEEPER)
        value = Decimal({"everyone": "90", "france": "85", "acme": "10"}[code])
        row = NewPriceRow(scope=Scope.PRODUCT, target="chair", value=value)
        await shop(put_price_rows, PutPriceRows(id=view.id, expected_version=1, rows=[row]), KEEPER, as_of=NOON)
    await does_its_jobs(shop, connection, NOON)
    assert await steps(connection) == ["90.00"]

    settings = CatalogSettings(default_market="fr").model_dump(exclude={"id", "version"})
    command = ChangeCatalogSettings(expected_version=1, **settings)
    await shop(change_catalog_settings, command, KEEPER, as_of=NOON + HOUR)
    await does_its_jobs(shop, connection, NOON + DAY)
    assert (await paid(connection, "chair"))[1:] == [(NOON, "90.00"), (NOON + HOUR, "85.00")]


async def test_a_promotion_for_one_market_is_not_what_everyone_pays(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    await promoted(shop, markets=["ch"])
    await does_its_jobs(shop, connection, NOON)
    assert await steps(connection) == []


async def test_what_is_known_already_is_not_written_twice_and_history_never_goes_back(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    await promoted(shop)
    await does_its_jobs(shop, connection, NOON)
    async with session_on(connection) as session:
        assert await price_history.record(session, [chair.variants[0].id], NOON + HOUR) == 0
    await promoted(shop, NOON - DAY, code="earlier", value=Decimal(50))
    await does_its_jobs(shop, connection, NOON)

    assert (await paid(connection, "chair"))[1:] == [(NOON, "80.00"), (NOON, "40.00")]


async def test_many_goods_are_written_down_some_at_a_time_with_as_many_statements_as_one(
    shop: Shop, connection: AsyncConnection, chair: Any, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await shop.sells(f"stool-{number}")
    await promoted(shop, scope=Scope.ALL, targets=[])
    monkeypatch.setattr(jobs, "RECORDED_AT_ONCE", 3)
    statements.clear()

    assert await does_its_jobs(shop, connection, NOON) == 3

    recording = [sentence for sentence in statements if "INTO public_prices" in sentence]
    assert len(recording) == 3
    assert [await steps(connection, f"stool-{number}") for number in range(5)] == [["80.00"]] * 5
    assert RECORDED_AT_ONCE == 1_000


async def test_the_lowest_price_of_30_days_is_read_from_what_was_written_down(
    shop: Shop, connection: AsyncConnection, chair: Any
) -> None:
    await promoted(shop, value=Decimal(10), starts_at=NOON, ends_at=NOON + 10 * DAY)
    await promoted(shop, code="second", starts_at=NOON + 19 * DAY)
    await does_its_jobs(shop, connection, NOON + 20 * DAY)

    history = [(at, Decimal(amount)) for at, amount in await paid(connection, "chair")]
    assert prior(history, NOON + 20 * DAY) == Decimal(90)
    assert prior(history, NOON + 11 * DAY) is None


async def test_a_branch_that_a_file_moves_below_a_sale_is_written_down(shop: Shop, connection: AsyncConnection) -> None:
    await a_category(shop, "sale")
    chairs = await a_category(shop, "chairs")
    await shop.sells("chair", category_ids=[(await a_category(shop, "stools", chairs)).id])
    await promoted(shop, scope=Scope.CATEGORY, targets=["sale"])
    await does_its_jobs(shop, connection, NOON)

    checked = await Files(shop).read("categories", ["code,parent,name", "chairs,sale,Chairs"], dry_run=True)
    assert (checked.changed_rows, await does_its_jobs(shop, connection)) == (1, 0)
    await Files(shop).read("categories", ["code,parent,name", "chairs,,Seats"])
    assert await does_its_jobs(shop, connection) == 0
    await Files(shop).read("categories", ["code,parent", "chairs,sale"])

    assert await does_its_jobs(shop, connection) == 1
    assert await steps(connection) == ["80.00"]
