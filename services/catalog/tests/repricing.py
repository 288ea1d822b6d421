"""Prices to be changed in tests: goods in categories, rules, and what became of each price."""

from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.price_changes import change_prices_by_rule
from services.catalog.handlers.commands.price_lists import create_price_list
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.price_changes import (
    get_price_change,
    list_price_differences,
)
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.tests.samples import KEEPER, Shop, eur
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.price_changes import (
    ChangePricesByRule,
    ChangeState,
    Direction,
    GetPriceChange,
    ListPriceDifferences,
    PriceChangeView,
    PriceDifferenceView,
    Rounding,
    StepKind,
)
from shared.contracts.catalog.price_lists import (
    CreatePriceList,
    ListTarget,
    PriceLevel,
    PriceListView,
    Scope,
    TargetKind,
)
from shared.contracts.catalog.price_rows import NewPriceRow, PutPriceRows
from shared.contracts.catalog.products import (
    BasePriceView,
    CreateProduct,
    NewVariant,
    ProductSheet,
)
from shared.contracts.catalog.sheets import GetProductSheet
from shared.kernel.ids import new_id

TO_90 = Rounding(ending=Decimal("0.90"), direction=Direction.UP)


async def furnished(shop: Shop) -> dict[str, ProductSheet]:
    """A lamp at the top, a chair among seats and a stool, green and never below 9.90, among those below."""
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    stools = await shop(create_category, CreateCategory(code="stools", name="Stools", parent_id=seats.id), KEEPER)
    stool = NewVariant(sku="stool", prices=[BasePriceView(unit_price=eur("10.00"), floor=eur("9.90"))])
    command = CreateProduct(name="Stool", variants=[stool], category_ids=[stools.id], attributes={"colour": ["green"]})
    return {
        "lamp": await shop.sells("lamp", "20.00"),
        "chair": await shop.sells("chair", "12.99", category_ids=[seats.id]),
        "stool": await shop(create_product, command, KEEPER),
    }


def a_rule(value: str = "3", **given: Any) -> ChangePricesByRule:
    return ChangePricesByRule(**{"currency": "EUR", "kind": StepKind.PERCENT, "value": Decimal(value)} | given)


async def carried_out(shop: Shop, connection: AsyncConnection, rule: ChangePricesByRule) -> PriceChangeView:
    asked = await shop(change_prices_by_rule, rule, KEEPER)
    assert asked.state is ChangeState.WAITING
    await does_its_jobs(shop, connection)
    done: PriceChangeView = await shop(get_price_change, GetPriceChange(id=asked.id), KEEPER)
    assert (done.state, done.done, done.finished_at is not None) == (ChangeState.DONE, done.total, True)
    return done


async def differences(shop: Shop, change: PriceChangeView, **query: Any) -> dict[str | None, tuple[str, str, str]]:
    page = await shop(list_price_differences, ListPriceDifferences(id=change.id, **query), KEEPER)
    found: list[PriceDifferenceView] = page.items
    return {one.target: (str(one.before.amount), str(one.after.amount), one.outcome.value) for one in found}


async def price_of(shop: Shop, product: ProductSheet) -> str:
    sheet: ProductSheet = await shop(get_product_sheet, GetProductSheet(id=product.id), KEEPER)
    return str(sheet.variants[0].prices[0].unit_price.amount)


async def a_list(shop: Shop, level: PriceLevel = PriceLevel.CONTRACT, *rows: NewPriceRow) -> PriceListView:
    kind = TargetKind.EVERYONE if level is PriceLevel.MARKET else TargetKind.CUSTOMER
    target = ListTarget(kind=kind, id=None if level is PriceLevel.MARKET else new_id())
    given = {"code": f"list-{new_id()}", "name": "List", "level": level, "currency": "EUR", "targets": [target]}
    view: PriceListView = await shop(create_price_list, CreatePriceList(**given, status="active"), KEEPER)
    if rows:
        await shop(put_price_rows, PutPriceRows(id=view.id, expected_version=1, rows=list(rows)), KEEPER)
    return view


def a_row(value: str, target: str | None, scope: Scope = Scope.VARIANT, **given: Any) -> NewPriceRow:
    return NewPriceRow(scope=scope, target=target, value=Decimal(value), **given)
