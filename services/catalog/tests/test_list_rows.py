"""What stands in price lists: set many at once or not at all, deleted, listed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.price_lists import create_price_list
from services.catalog.handlers.commands.price_rows import delete_price_rows, put_price_rows
from services.catalog.handlers.queries.price_lists import get_price_list, list_price_rows
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.price_lists import (
    AdjustmentKind,
    CreatePriceList,
    GetPriceList,
    ListTarget,
    PriceLevel,
    PriceListChanged,
    PriceListNotFound,
    PriceListView,
    Reference,
    Scope,
    TargetKind,
)
from shared.contracts.catalog.price_rows import (
    DeletePriceRows,
    ListPriceRows,
    NewPriceRow,
    PriceRowsInvalid,
    PriceRowView,
    PutPriceRows,
    RowsPut,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed

TARGET = ListTarget(kind=TargetKind.CUSTOMER, id=new_id())


@pytest.fixture
async def acme(shop: Shop) -> PriceListView:
    """A customer's contract, in a shop that sells chairs and tables."""
    await shop.sells("chair")
    await shop.sells("table")
    await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    return await a_list(shop)


async def a_list(shop: Shop, level: PriceLevel = PriceLevel.CONTRACT, currency: str = "EUR") -> PriceListView:
    given = {"code": f"list-{new_id()}", "name": "Acme", "level": level, "currency": currency, "targets": [TARGET]}
    view: PriceListView = await shop(create_price_list, CreatePriceList(**given), KEEPER)
    return view


def a_row(
    value: str = "80.00", target: str | None = "chair", scope: Scope = Scope.VARIANT, **given: Any
) -> NewPriceRow:
    return NewPriceRow(**{"scope": scope, "target": target, "value": Decimal(value)} | given)


def percent(value: str = "10", **given: Any) -> NewPriceRow:
    return a_row(value, kind=AdjustmentKind.PERCENT_OFF, **given)


async def put(shop: Shop, view: PriceListView, *rows: NewPriceRow, version: int = 1) -> RowsPut:
    answer: RowsPut = await shop(
        put_price_rows, PutPriceRows(id=view.id, expected_version=version, rows=list(rows)), KEEPER
    )
    return answer


async def rows_of(shop: Shop, view: PriceListView, **query: Any) -> Sequence[PriceRowView]:
    page = await shop(list_price_rows, ListPriceRows(id=view.id, **query), KEEPER)
    found: Sequence[PriceRowView] = page.items
    return found


async def test_rows_are_set_by_sku_product_code_and_category_code(shop: Shop, acme: PriceListView) -> None:
    answer = await put(
        shop,
        acme,
        a_row("80.00", min_qty=Decimal(1)),
        a_row("75.5", min_qty=Decimal(10)),
        percent("7.125", target="table", scope=Scope.PRODUCT),
        a_row("1.50", "seats", Scope.CATEGORY, kind=AdjustmentKind.AMOUNT_OFF, reference=Reference.LOWER_LEVEL),
        percent("5", target=None, scope=Scope.ALL),
    )

    assert (answer.created, answer.changed, answer.unchanged, answer.version) == (5, 0, 0, 2)
    seen = [(row.scope, row.target, int(row.min_qty), str(row.value), row.kind) for row in await rows_of(shop, acme)]
    assert seen == [
        (Scope.ALL, None, 1, "5", AdjustmentKind.PERCENT_OFF),
        (Scope.CATEGORY, "seats", 1, "1.50", AdjustmentKind.AMOUNT_OFF),
        (Scope.PRODUCT, "table", 1, "7.125", AdjustmentKind.PERCENT_OFF),
        (Scope.VARIANT, "chair", 10, "75.50", AdjustmentKind.FIXED),
        (Scope.VARIANT, "chair", 1, "80.00", AdjustmentKind.FIXED),
    ]
    told = shop.emitted[-1]
    assert isinstance(told, PriceListChanged)
    assert told.price_list.version == 2
    assert "75.5" not in told.model_dump_json()


async def test_a_row_of_the_same_target_and_quantity_is_replaced(shop: Shop, acme: PriceListView) -> None:
    await put(shop, acme, a_row("80"), a_row("70", min_qty=Decimal(5)), a_row("60", "table"))
    before = {row.id: row for row in await rows_of(shop, acme)}

    answer = await put(
        shop,
        acme,
        a_row("80.00"),
        a_row("71", min_qty=Decimal(5)),
        percent(target="chair", min_qty=Decimal(9)),
        version=2,
    )

    assert (answer.created, answer.changed, answer.unchanged, answer.version) == (1, 1, 1, 3)
    after = {row.id: row for row in await rows_of(shop, acme)}
    assert before.keys() < after.keys()
    assert sorted((str(row.value), row.version) for row in after.values()) == [
        ("10", 1),
        ("60.00", 1),
        ("71.00", 2),
        ("80.00", 1),
    ]


async def test_who_has_not_read_the_list_as_it_stands_sets_nothing(shop: Shop, acme: PriceListView) -> None:
    await put(shop, acme, a_row())
    with pytest.raises(PreconditionFailed):
        await put(shop, acme, a_row("1", "table"))
    assert len(await rows_of(shop, acme)) == 1


@pytest.mark.parametrize(
    ("row", "fault", "code"),
    [
        (a_row("-1"), "value", "VALUE_NEGATIVE"),
        (a_row("1.00001"), "value", "UNIT_PRICE_TOO_FINE"),
        (a_row("100000000000000"), "value", "AMOUNT_INVALID"),
        (percent("100.5"), "value", "PERCENT_INVALID"),
        (percent("1.00001"), "value", "PERCENT_INVALID"),
        (a_row(target="none"), "target", "VARIANT_NOT_FOUND"),
        (a_row(target=None), "target", "VARIANT_NOT_FOUND"),
        (a_row(target="none", scope=Scope.PRODUCT), "target", "PRODUCT_NOT_FOUND"),
        (a_row(target="none", scope=Scope.CATEGORY), "target", "CATEGORY_NOT_FOUND"),
        (a_row(target="chair", scope=Scope.ALL), "target", "TARGET_UNUSED"),
        (a_row(target="table"), "min_qty", "MIN_QTY_TWICE"),
        (a_row(max_qty=Decimal(9)), "max_qty", "MAX_QTY_IN_QUOTES_ONLY"),
        (a_row(reference=Reference.LOWER_LEVEL), "reference", "REFERENCE_UNUSED"),
    ],
)
async def test_one_bad_row_and_none_is_set(
    shop: Shop, acme: PriceListView, row: NewPriceRow, fault: str, code: str
) -> None:
    with pytest.raises(PriceRowsInvalid) as refused:
        await put(shop, acme, a_row(target="table"), row)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(f"/rows/1/{fault}", code)]
    assert (await rows_of(shop, acme), (await read(shop, acme)).version) == ([], 1)


async def read(shop: Shop, view: PriceListView) -> PriceListView:
    found: PriceListView = await shop(get_price_list, GetPriceList(id=view.id), KEEPER)
    return found


async def test_amounts_are_counted_as_the_lists_currency_is(shop: Shop) -> None:
    await shop.sells("chair")
    dinars = await a_list(shop, currency="TND")
    await put(shop, dinars, a_row("1.005"))

    assert [str(row.value) for row in await rows_of(shop, dinars)] == ["1.005"]


async def test_a_quote_is_of_fixed_prices_up_to_a_quantity(shop: Shop) -> None:
    await shop.sells("chair")
    quote = await a_list(shop, PriceLevel.QUOTE)

    with pytest.raises(PriceRowsInvalid) as refused:
        await put(shop, quote, percent(), a_row(min_qty=Decimal(5), max_qty=Decimal(4)))
    assert [error.code for error in refused.value.errors] == ["QUOTE_NOT_FIXED", "MAX_QTY_TOO_LOW"]
    await put(shop, quote, a_row(min_qty=Decimal(5), max_qty=Decimal(20)))
    assert [(row.min_qty, row.max_qty) for row in await rows_of(shop, quote)] == [(Decimal(5), Decimal(20))]


async def test_rows_are_deleted_from_their_own_list_only(shop: Shop, acme: PriceListView) -> None:
    other = await a_list(shop)
    await put(shop, acme, a_row(), a_row(target="table"))
    await put(shop, other, a_row())
    (strangers,) = await rows_of(shop, other)
    chair = (await rows_of(shop, acme))[1]

    command = DeletePriceRows(id=acme.id, expected_version=2, row_ids=[chair.id, strangers.id, new_id()])
    answer = await shop(delete_price_rows, command, KEEPER)

    assert (answer.deleted, answer.version) == (1, 3)
    assert [row.target for row in await rows_of(shop, acme)] == ["table"]
    assert len(await rows_of(shop, other)) == 1


async def test_rows_are_listed_by_the_page(shop: Shop, acme: PriceListView) -> None:
    await put(shop, acme, *(a_row(str(number), min_qty=Decimal(number)) for number in range(1, 6)))

    first = await shop(list_price_rows, ListPriceRows(id=acme.id, limit=3), KEEPER)
    second = await shop(list_price_rows, ListPriceRows(id=acme.id, limit=3, cursor=first.next), KEEPER)

    assert [row.min_qty for row in first.items + second.items] == [5, 4, 3, 2, 1]
    assert second.next is None
    assert len(await rows_of(shop, acme, target_id=first.items[0].target_id)) == 5
    assert await rows_of(shop, acme, scope=Scope.ALL) == []
    with pytest.raises(PriceListNotFound):
        await shop(list_price_rows, ListPriceRows(id=new_id()), KEEPER)


async def test_a_thousand_rows_take_as_many_statements_as_one(
    shop: Shop, acme: PriceListView, statements: list[str]
) -> None:
    statements.clear()
    await put(shop, acme, a_row())
    few = len(statements)
    statements.clear()

    await put(shop, acme, *(a_row("1", "table", min_qty=Decimal(number)) for number in range(1, 1_001)), version=2)

    assert len(statements) == few
