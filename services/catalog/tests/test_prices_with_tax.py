"""Base prices with tax beside those without: set, edited, withdrawn, promoted, written down, made from each other."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.price_lists import change_price_list
from services.catalog.handlers.commands.prices import set_base_price, set_group_price
from services.catalog.handlers.commands.variants import change_variant
from services.catalog.handlers.queries.prices import get_group_price
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.tests.dealing import EVERYONE, agreed, bargains, row, settled
from services.catalog.tests.promoting import promoted
from services.catalog.tests.repricing import a_rule, carried_out, differences
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, eur
from services.catalog.tests.taxing import GROSS, NET, costs, seen, sells_both, with_tax, without_tax
from services.catalog.tests.working import does_its_jobs
from shared.contracts.actor import Permission
from shared.contracts.catalog.price_changes import Direction, PriceChangeInvalid, Rounding
from shared.contracts.catalog.price_lists import AdjustmentKind, ChangePriceList, ListStatus, PriceListInvalid
from shared.contracts.catalog.prices import GetGroupPrice, GroupPriceNotFound, SetBasePrice, SetGroupPrice
from shared.contracts.catalog.products import ProductInvalid, ProductSheet
from shared.contracts.catalog.sheets import GetProductSheet
from shared.contracts.catalog.variants import ChangeVariant
from shared.kernel import clock
from shared.kernel.problems import Forbidden
from shared.testing import customer, staff

HISTORY = text("SELECT mode, amount FROM public_prices ORDER BY id")


@pytest.fixture
async def chair(shop: Shop) -> ProductSheet:
    return await sells_both(shop, "100.00", "120.00")


async def prices(shop: Shop, product: ProductSheet) -> dict[str, str]:
    sheet: ProductSheet = await shop(get_product_sheet, GetProductSheet(id=product.id), KEEPER)
    return {price.mode: str(price.unit_price.amount) for price in sheet.variants[0].prices}


async def history(connection: AsyncConnection) -> list[tuple[str, str]]:
    return [(mode, f"{amount:.2f}") for mode, amount in await connection.execute(HISTORY)]


async def test_a_variant_has_a_price_of_each_mode_and_events_tell_them_apart(shop: Shop, chair: ProductSheet) -> None:
    assert chair.variants[0].prices == [without_tax("100.00"), with_tax("120.00")]
    (told,) = shop.emitted[-1].product.variants
    assert (told.base_price, told.base_prices, told.gross_prices) == (eur("100.00"), [eur("100.00")], [eur("120.00")])


async def test_one_price_of_a_mode_in_a_currency(shop: Shop) -> None:
    with pytest.raises(ProductInvalid) as refused:
        await sells_both(shop, "1.00", "2.00", sku="lamp", base_price=eur("3.00"))

    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/variants/0/prices/0", "CURRENCY_TWICE")
    ]
    only_with_tax = await sells_both(shop, None, "2.00", sku="stool")
    assert await prices(shop, only_with_tax) == {GROSS: "2.00"}


async def test_a_price_is_set_in_its_mode_and_the_other_stays(
    shop: Shop, chair: ProductSheet, connection: AsyncConnection
) -> None:
    command = SetBasePrice(sku="chair", expected_version=1, unit_price=eur("130.00"), floor=eur("110.00"), mode=GROSS)
    sheet = await shop(set_base_price, command, KEEPER)

    assert (sheet.version, sheet.variants[0].prices) == (2, [without_tax("100.00"), with_tax("130.00", floor="110.00")])
    await shop(set_base_price, SetBasePrice(sku="chair", expected_version=2, unit_price=eur("90.00")), KEEPER)
    assert await prices(shop, chair) == {NET: "90.00", GROSS: "130.00"}
    assert await history(connection) == [("gross", "120.00"), ("net", "100.00"), ("gross", "130.00"), ("net", "90.00")]


async def test_a_price_is_withdrawn_in_its_mode_by_who_sets_prices(shop: Shop, chair: ProductSheet) -> None:
    (variant,) = chair.variants
    command = ChangeVariant(id=chair.id, variant_id=variant.id, expected_version=1, gross_withdrawn=["EUR"])
    with pytest.raises(Forbidden):
        await shop(change_variant, command, staff(Permission.CATALOG_WRITE))

    await shop(change_variant, command, KEEPER)

    assert await prices(shop, chair) == {NET: "100.00"}
    again = command.model_copy(
        update={"expected_version": 2, "gross_withdrawn": [], "withdrawn": ["EUR"], "prices": [with_tax("99.00")]}
    )
    await shop(change_variant, again, KEEPER)
    assert await prices(shop, chair) == {GROSS: "99.00"}


async def test_a_group_has_prices_of_its_own_in_each_mode(shop: Shop, chair: ProductSheet) -> None:
    group, silent = a_group(), a_group("silent")
    buyer, reseller = a_buyer(group.id), a_buyer(group.id, silent.id)
    await shop.knows(group, silent, buyer, reseller)
    await bargains(shop, group, price_mode=GROSS)
    await bargains(shop, silent, price_mode=NET)
    await shop.charges(group, "chair", "70.00")
    asked = GetGroupPrice(sku="chair", group_id=group.id, mode=GROSS)
    with pytest.raises(GroupPriceNotFound):
        await shop(get_group_price, asked, KEEPER)
    assert await costs(shop, customer(buyer.id)) == ("120.00", GROSS)

    set_ = SetGroupPrice(sku="chair", group_id=group.id, unit_price=eur("85.00"), mode=GROSS)
    view = await shop(set_group_price, set_, KEEPER)

    assert (view.mode, await shop(get_group_price, asked, KEEPER)) == (GROSS, view)
    assert await costs(shop, customer(buyer.id)) == ("85.00", GROSS)
    assert await costs(shop, customer(reseller.id)) == ("70.00", NET)


async def test_the_list_of_a_groups_own_prices_with_tax_is_nobody_elses(shop: Shop, chair: ProductSheet) -> None:
    group = a_group()
    await shop.knows(group)
    view = await agreed(shop, [EVERYONE], row("110.00"), mode=GROSS)
    with pytest.raises(PriceListInvalid) as refused:
        await agreed(shop, [EVERYONE], row("1.00"), mode=GROSS, code=f"group-{group.id}-eur-gross")

    assert [error.code for error in refused.value.errors] == ["CODE_RESERVED"]
    kept = ChangePriceList.model_fields.keys() & type(view).model_fields.keys()
    command = ChangePriceList(**view.model_dump(include=kept), expected_version=view.version)
    changed = await shop(change_price_list, command, KEEPER)
    assert (changed.mode, changed.status) == (GROSS, ListStatus.ACTIVE)


async def test_an_amount_of_a_promotion_comes_off_prices_of_its_mode(
    shop: Shop, chair: ProductSheet, connection: AsyncConnection
) -> None:
    off = {"kind": AdjustmentKind.AMOUNT_OFF, "value": Decimal(12), "currency": "EUR"}
    view = await promoted(shop, clock.now(), mode=GROSS, **off)
    await does_its_jobs(shop, connection)
    assert (view.mode, await costs(shop)) == (GROSS, ("100.00", NET))

    await settled(shop, price_mode=GROSS)
    reduced = await seen(shop)

    assert (reduced.unit_price, reduced.original_price, reduced.lowest_price_30d) == (
        eur("108.00"),
        eur("120.00"),
        eur("120.00"),
    )
    assert await history(connection) == [("gross", "120.00"), ("net", "100.00"), ("gross", "108.00")]


async def test_the_lowest_price_of_30_days_is_of_the_same_mode(
    shop: Shop, chair: ProductSheet, connection: AsyncConnection
) -> None:
    for version, amount in enumerate(("10.00", "100.00"), 1):
        price = SetBasePrice(sku="chair", expected_version=version, unit_price=eur(amount))
        await shop(set_base_price, price, KEEPER)
    await promoted(shop, clock.now(), value=Decimal(10))
    await does_its_jobs(shop, connection)

    assert (await seen(shop)).lowest_price_30d == eur("10.00")
    await settled(shop, price_mode=GROSS)
    assert (await seen(shop)).lowest_price_30d == eur("120.00")


async def test_a_rule_changes_prices_of_one_mode_and_keeps_the_margin_of_those_without_tax(
    shop: Shop, connection: AsyncConnection
) -> None:
    chair = await sells_both(shop, "200.00", "120.00", cost=eur("100.00"))
    await settled(shop, min_margin_percent=Decimal(10))

    await carried_out(shop, connection, a_rule("-50", dry_run=False))
    await carried_out(shop, connection, a_rule("-50", dry_run=False, mode=GROSS))

    assert await prices(shop, chair) == {NET: "110.00", GROSS: "60.00"}


async def test_prices_with_tax_are_made_from_those_without(shop: Shop, connection: AsyncConnection) -> None:
    made, kept = await sells_both(shop, "10.00", None, "lamp"), await sells_both(shop, "20.00", "5.00", "stool")
    held, alone = await sells_both(shop, "30.00", None, "sofa"), await sells_both(shop, None, "7.00", "rug")
    floor = SetBasePrice(sku="sofa", expected_version=1, unit_price=eur("50.00"), floor=eur("40.00"), mode=GROSS)
    await shop(set_base_price, floor, KEEPER)
    to_90 = Rounding(ending=Decimal("0.90"), direction=Direction.NEAREST)
    rule = a_rule("20", mode=GROSS, from_mode=NET, rounding=to_90)

    dry = await carried_out(shop, connection, rule)
    assert (dry.mode, dry.from_mode, dry.total, dry.changed, dry.floored) == (GROSS, NET, 3, 2, 1)
    assert await prices(shop, made) == {NET: "10.00"}
    before = len(await history(connection))

    change = await carried_out(shop, connection, rule.model_copy(update={"dry_run": False}))

    assert await differences(shop, change) == {
        "lamp": ("10.00", "11.90", "changed"),
        "stool": ("20.00", "23.90", "changed"),
        "sofa": ("30.00", "40.00", "floored"),
    }
    assert [await prices(shop, one) for one in (made, kept, held, alone)] == [
        {NET: "10.00", GROSS: "11.90"},
        {NET: "20.00", GROSS: "23.90"},
        {NET: "30.00", GROSS: "40.00"},
        {GROSS: "7.00"},
    ]
    assert sorted((await history(connection))[before:]) == [("gross", "11.90"), ("gross", "23.90"), ("gross", "40.00")]
    again = await carried_out(shop, connection, rule.model_copy(update={"dry_run": False}))
    assert (again.changed, again.unchanged, again.floored) == (0, 2, 1)
    sheet = await shop(get_product_sheet, GetProductSheet(id=made.id), KEEPER)
    assert sheet.version == made.version + 1


async def test_the_prices_of_a_list_change_by_a_rule_of_its_mode(
    shop: Shop, chair: ProductSheet, connection: AsyncConnection
) -> None:
    view = await agreed(shop, [EVERYONE], row("110.00"), mode=GROSS)
    with pytest.raises(PriceChangeInvalid) as refused:
        await carried_out(shop, connection, a_rule("10", list_id=view.id, dry_run=False))
    assert [error.code for error in refused.value.errors] == ["MODE_NOT_THE_LISTS"]

    await carried_out(shop, connection, a_rule("-10", list_id=view.id, dry_run=False, mode=GROSS))

    await settled(shop, price_mode=GROSS)
    assert await costs(shop) == ("99.00", GROSS)
