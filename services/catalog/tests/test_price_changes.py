"""Many prices raised or lowered by a rule: tried dry, then carried out some at a time, floors kept and reported."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.catalog_settings import change_catalog_settings
from services.catalog.handlers.commands.price_changes import change_prices_by_rule
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.jobs import price_changes as jobs
from services.catalog.handlers.queries.price_changes import (
    get_price_change,
    list_price_changes,
    list_price_differences,
)
from services.catalog.tests.repricing import TO_90, a_list, a_rule, carried_out, differences, furnished, price_of
from services.catalog.tests.samples import KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs, paid
from shared.contracts.catalog.catalog_settings import CatalogSettings, ChangeCatalogSettings
from shared.contracts.catalog.price_changes import (
    ChangeState,
    GetPriceChange,
    ListPriceChanges,
    ListPriceDifferences,
    PriceChangeFinished,
    PriceChangeInvalid,
    PriceChangeNotFound,
    PriceOutcome,
    Rounding,
    StepKind,
)
from shared.contracts.catalog.price_lists import (
    PriceLevel,
    PriceListNotFound,
)
from shared.contracts.catalog.products import (
    CreateProduct,
    NewVariant,
    ProductChanged,
    ProductSheet,
)
from shared.kernel.ids import new_id


@pytest.fixture
async def goods(shop: Shop) -> dict[str, ProductSheet]:
    """A lamp at the top, a chair among seats and a stool, green and never below 9.90, among those below."""
    return await furnished(shop)


async def test_a_dry_run_says_what_would_become_and_changes_nothing(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    told = len(shop.emitted)
    change = await carried_out(shop, connection, a_rule("3", category="seats", rounding=TO_90))

    assert (change.dry_run, change.total, change.changed, str(change.value)) == (True, 2, 2, "3")
    assert await differences(shop, change) == {
        "chair": ("12.99", "13.90", "changed"),
        "stool": ("10.00", "10.90", "changed"),
    }
    assert [await price_of(shop, product) for product in goods.values()] == ["20.00", "12.99", "10.00"]
    assert [type(event) for event in shop.emitted[told:]] == [PriceChangeFinished]


async def test_base_prices_change_with_their_history_versions_and_events(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    told = len(shop.emitted)
    change = await carried_out(shop, connection, a_rule("3", category="seats", rounding=TO_90, dry_run=False))

    assert [await price_of(shop, product) for product in goods.values()] == ["20.00", "13.90", "10.90"]
    assert (await paid(connection, "chair"))[-1][1] == "13.90"
    events = [event for event in shop.emitted[told:] if isinstance(event, ProductChanged)]
    assert {event.product.id for event in events} == {goods["chair"].id, goods["stool"].id}
    assert {event.product.version for event in events} == {2}
    assert all(event.product.variants[0].base_price in (eur("13.90"), eur("10.90")) for event in events)
    assert change.changed == 2


async def test_floors_are_kept_and_reported_and_what_stays_is_counted(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    step = Rounding(step=Decimal(10))
    change = await carried_out(shop, connection, a_rule("-0.50", kind=StepKind.AMOUNT, rounding=step, dry_run=False))

    assert (change.changed, change.unchanged, change.floored, str(change.value)) == (1, 2, 0, "-0.50")
    change = await carried_out(shop, connection, a_rule("-5", attribute="colour", dry_run=False))
    assert await differences(shop, change) == {"stool": ("10.00", "9.90", "floored")}
    assert await price_of(shop, goods["stool"]) == "9.90"
    assert await differences(shop, change, outcome=PriceOutcome.CHANGED) == {}


async def test_without_a_floor_the_cost_and_the_least_margin_stop_a_price(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    kept = CatalogSettings(min_margin_percent=Decimal(10)).model_dump(exclude={"id", "version"})
    await shop(change_catalog_settings, ChangeCatalogSettings(expected_version=1, **kept), KEEPER)
    costly = NewVariant(sku="desk", base_price=eur("12.00"), cost=eur("10.00"))
    desk = await shop(create_product, CreateProduct(name="Desk", variants=[costly]), KEEPER)

    change = await carried_out(shop, connection, a_rule("-20", dry_run=False))

    assert (await price_of(shop, desk), (await differences(shop, change))["desk"]) == (
        "11.00",
        ("12.00", "11.00", "floored"),
    )


async def test_its_end_is_told_without_amounts_and_its_report_forgotten_after_90_days(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    change = await carried_out(shop, connection, a_rule("10"))
    told = shop.emitted[-1]
    assert isinstance(told, PriceChangeFinished)
    assert (told.price_change.id, told.price_change.version, told.price_change.changed) == (change.id, 2, 3)
    assert "22.00" not in told.model_dump_json()

    for days, kept in ((89, 3), (91, 0)):
        moment = (change.finished_at or change.created_at) + timedelta(days=days)
        await shop(jobs.forget_price_differences, jobs.ForgetPriceDifferences(), as_of=moment)
        assert len(await differences(shop, change)) == kept


async def test_goods_are_chosen_by_attribute_and_value_and_currency(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    for given, total in (
        ({"attribute": "colour"}, 1),
        ({"attribute": "colour", "attribute_value": "green"}, 1),
        ({"attribute": "colour", "attribute_value": "red"}, 0),
        ({"attribute": "colour", "category": "stools"}, 1),
        ({"category": "stools"}, 1),
        ({}, 3),
        ({"currency": "USD"}, 0),
    ):
        assert (await carried_out(shop, connection, a_rule(**given))).total == total


async def test_it_goes_through_many_some_at_a_time_and_pages_its_report(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHANGED_AT_ONCE", 2)
    asked = await shop(change_prices_by_rule, a_rule("10", dry_run=False), KEEPER)

    assert await does_its_jobs(shop, connection) == 2
    first = await shop(list_price_differences, ListPriceDifferences(id=asked.id, limit=2), KEEPER)
    second = await shop(list_price_differences, ListPriceDifferences(id=asked.id, limit=2, cursor=first.next), KEEPER)

    assert ([one.position for one in first.items + second.items], second.next) == ([1, 2, 3], None)
    assert [await price_of(shop, product) for product in goods.values()] == ["22.00", "14.29", "11.00"]
    assert (await shop(list_price_changes, ListPriceChanges(), KEEPER)).items[0].changed == 3


async def test_a_rule_that_makes_no_sense_is_refused(shop: Shop, goods: dict[str, ProductSheet]) -> None:
    quote = await a_list(shop, PriceLevel.QUOTE)
    for given, pointer in (
        ({"value": Decimal(0)}, "/value"),
        ({"category": "none"}, "/category"),
        ({"attribute_value": "green"}, "/attribute"),
        ({"rounding": Rounding(step=Decimal("0.001"))}, "/rounding/step"),
        ({"list_id": quote.id}, "/list_id"),
    ):
        with pytest.raises(PriceChangeInvalid) as refused:
            await shop(change_prices_by_rule, a_rule(**given), KEEPER)
        assert [error.pointer for error in refused.value.errors] == [pointer]
    with pytest.raises(PriceListNotFound):
        await shop(change_prices_by_rule, a_rule(list_id=new_id()), KEEPER)
    assert (await shop(list_price_changes, ListPriceChanges(), KEEPER)).items == []


async def test_the_same_request_changes_prices_once(
    shop: Shop, connection: AsyncConnection, goods: dict[str, ProductSheet]
) -> None:
    rule = a_rule("10", dry_run=False)
    first = await shop(change_prices_by_rule, rule, KEEPER, request_key="k")
    await does_its_jobs(shop, connection)
    again = await shop(change_prices_by_rule, rule, KEEPER, request_key="k")
    await does_its_jobs(shop, connection)

    assert (again.id, again.made_by, await price_of(shop, goods["lamp"])) == (first.id, KEEPER.ref(), "22.00")


async def test_a_change_that_was_given_up_says_how_far_it_came(shop: Shop, goods: dict[str, ProductSheet]) -> None:
    asked = await shop(change_prices_by_rule, a_rule(), KEEPER)
    job = jobs.ChangePrices(change_id=asked.id)
    await shop(jobs.give_up, job, as_of=datetime(2030, 1, 1, tzinfo=UTC))
    await shop(jobs.change_prices, job)

    failed = await shop(get_price_change, GetPriceChange(id=asked.id), KEEPER)
    assert (failed.state, failed.done) == (ChangeState.FAILED, 0)
    assert "0 of 3 prices" in failed.trouble
    for handler, query in ((get_price_change, GetPriceChange), (list_price_differences, ListPriceDifferences)):
        with pytest.raises(PriceChangeNotFound):
            await shop(handler, query(id=new_id()), KEEPER)
