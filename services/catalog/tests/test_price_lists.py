"""Price lists: made, changed, archived; who they are for, and which others are for the same."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.domain.prices import PUBLIC
from services.catalog.handlers.commands.price_lists import change_price_list, create_price_list
from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.queries.price_lists import get_price_list, list_price_lists
from services.catalog.tests.samples import KEEPER, Shop, a_group
from shared.contracts.catalog.price_lists import (
    ChangePriceList,
    CreatePriceList,
    GetPriceList,
    ListPriceLists,
    ListStatus,
    ListTarget,
    PriceLevel,
    PriceListChanged,
    PriceListCodeTaken,
    PriceListCreated,
    PriceListInvalid,
    PriceListNotFound,
    PriceListView,
    PriceMode,
    Scope,
    TargetKind,
)
from shared.contracts.catalog.price_rows import NewPriceRow, PutPriceRows
from shared.kernel.ids import new_id
from shared.kernel.problems import Conflict, PreconditionFailed

MAY = datetime(2026, 5, 1, tzinfo=UTC)
CUSTOMER = ListTarget(kind=TargetKind.CUSTOMER, id=new_id())
EVERYONE = ListTarget(kind=TargetKind.EVERYONE)
FRANCE = ListTarget(kind=TargetKind.MARKET, code="fr")


def a_list(code: str = "acme", **given: Any) -> CreatePriceList:
    facts = {"code": code, "name": "Acme", "level": PriceLevel.CONTRACT, "currency": "EUR", "targets": [CUSTOMER]}
    return CreatePriceList(**facts | given)


def change(view: PriceListView, **given: Any) -> ChangePriceList:
    kept = ChangePriceList.model_fields.keys() & PriceListView.model_fields.keys()
    return ChangePriceList(**view.model_dump(include=kept) | {"expected_version": view.version} | given)


async def made(shop: Shop, code: str = "acme", **given: Any) -> PriceListView:
    view: PriceListView = await shop(create_price_list, a_list(code, **given), KEEPER)
    return view


async def listed(shop: Shop, **query: Any) -> list[str]:
    return [view.code for view in (await shop(list_price_lists, ListPriceLists(**query), KEEPER)).items]


async def test_a_list_is_made_as_a_draft_and_read_as_it_was_answered(shop: Shop) -> None:
    view = await made(shop, starts_at=MAY, ends_at=MAY + timedelta(days=1), priority=3)

    assert (view.status, view.version, view.targets, view.warnings) == (ListStatus.DRAFT, 1, [CUSTOMER], [])
    assert await shop(get_price_list, GetPriceList(id=view.id), KEEPER) == view
    assert isinstance(shop.emitted[-1], PriceListCreated)


async def test_a_list_of_prices_with_tax_is_made_and_overlaps_none_without(shop: Shop) -> None:
    await made(shop)

    view = await made(shop, code="with-tax", mode="gross")

    assert (view.mode, view.warnings) == (PriceMode.GROSS, [])
    again = await made(shop, code="again", mode="gross")
    assert [warning.list_code for warning in again.warnings] == ["with-tax"]


async def test_events_of_a_list_do_not_tell_for_whom_it_is(shop: Shop) -> None:
    view = await made(shop)
    await shop(change_price_list, change(view, name="Other"), KEEPER)

    assert all(str(CUSTOMER.id) not in event.model_dump_json() for event in shop.emitted)


async def test_the_same_request_makes_one_list(shop: Shop) -> None:
    first = await shop(create_price_list, a_list(), KEEPER, request_key="k")
    again = await shop(create_price_list, a_list(), KEEPER, request_key="k")

    assert (first, await listed(shop)) == (again, ["acme"])


async def test_a_code_is_one_lists(shop: Shop) -> None:
    await made(shop)
    with pytest.raises(PriceListCodeTaken):
        await made(shop)


async def test_a_change_replaces_what_can_be_changed_and_raises_the_version(shop: Shop) -> None:
    view = await made(shop)
    other = ListTarget(kind=TargetKind.COMPANY, id=new_id())

    changed = await shop(
        change_price_list,
        change(view, name="New", priority=9, status=ListStatus.ACTIVE, ends_at=MAY, stackable=True, targets=[other]),
        KEEPER,
    )

    assert (changed.name, changed.priority, changed.status, changed.ends_at) == ("New", 9, ListStatus.ACTIVE, MAY)
    assert (changed.stackable, changed.targets, changed.version) == (True, [other], 2)
    assert await shop(get_price_list, GetPriceList(id=view.id), KEEPER) == changed
    told = shop.emitted[-1]
    assert isinstance(told, PriceListChanged)
    assert (told.price_list.version, told.price_list.status) == (2, ListStatus.ACTIVE)
    with pytest.raises(PreconditionFailed):
        await shop(change_price_list, change(view), KEEPER)


async def test_an_archived_list_becomes_a_draft_before_it_counts_again(shop: Shop) -> None:
    view = await made(shop, status=ListStatus.ACTIVE)
    view = await shop(change_price_list, change(view, status=ListStatus.ARCHIVED), KEEPER)

    with pytest.raises(Conflict, match="archived cannot become active"):
        await shop(change_price_list, change(view, status=ListStatus.ACTIVE), KEEPER)
    view = await shop(change_price_list, change(view, status=ListStatus.DRAFT), KEEPER)
    view = await shop(change_price_list, change(view, status=ListStatus.ACTIVE), KEEPER)
    assert view.status is ListStatus.ACTIVE


def target(kind: TargetKind, **given: Any) -> ListTarget:
    return ListTarget(kind=kind, **given)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"level": PriceLevel.BASE}, "/level", "LEVEL_WITHOUT_LISTS"),
        ({"level": PriceLevel.AGENT}, "/level", "LEVEL_WITHOUT_LISTS"),
        ({"status": ListStatus.ARCHIVED}, "/status", "STATUS_NOT_FIRST"),
        ({"starts_at": MAY, "ends_at": MAY}, "/ends_at", "WINDOW_EMPTY"),
        ({"level": PriceLevel.QUOTE, "targets": [target(TargetKind.COMPANY, id=new_id())]}, "/targets/0/kind", None),
        ({"level": PriceLevel.MARKET}, "/targets/0/kind", "TARGET_NOT_FITTING"),
        ({"targets": [EVERYONE]}, "/targets/0/kind", "TARGET_NOT_FITTING"),
        ({"targets": [target(TargetKind.CUSTOMER)]}, "/targets/0", "TARGET_INCOMPLETE"),
        ({"targets": [target(TargetKind.CUSTOMER, id=new_id(), code="fr")]}, "/targets/0", "TARGET_INCOMPLETE"),
        ({"level": PriceLevel.MARKET, "targets": [target(TargetKind.MARKET)]}, "/targets/0", "TARGET_INCOMPLETE"),
        ({"level": PriceLevel.MARKET, "targets": [target(TargetKind.EVERYONE, id=PUBLIC)]}, "/targets/0", None),
        ({"targets": [CUSTOMER, CUSTOMER]}, "/targets/1", "TARGET_TWICE"),
        ({"level": PriceLevel.GROUP, "targets": [target(TargetKind.GROUP, id=new_id())]}, "/targets/0/id", None),
        ({"code": f"group-{new_id()}-eur"}, "/code", "CODE_RESERVED"),
    ],
)
async def test_a_list_that_contradicts_itself_is_refused(
    shop: Shop, given: dict[str, Any], pointer: str, code: str | None
) -> None:
    with pytest.raises(PriceListInvalid) as refused:
        await made(shop, **given)

    (error,) = refused.value.errors
    assert error.pointer == pointer
    assert code is None or error.code == code
    assert await listed(shop) == []


async def test_overlapping_lists_are_allowed_and_warned_of(shop: Shop) -> None:
    first = await made(shop, "first", ends_at=MAY)
    second = await made(shop, "second")
    apart = await made(shop, "apart", starts_at=MAY + timedelta(days=9), priority=1)
    later = await made(shop, "later", starts_at=MAY)

    assert [warning.list_code for warning in second.warnings] == ["first"]
    assert (apart.warnings, [warning.list_id for warning in later.warnings]) == ([], [second.id])
    seen = {view.code: view.warnings for view in (await shop(list_price_lists, ListPriceLists(), KEEPER)).items}
    assert [warning.list_code for warning in seen["second"]] == ["first", "later"]
    await shop(change_price_list, change(second, status=ListStatus.ARCHIVED), KEEPER)
    assert (await shop(get_price_list, GetPriceList(id=first.id), KEEPER)).warnings == []


async def test_lists_are_found_by_level_status_target_and_goods(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)
    chair = await shop.sells("chair")
    await shop.sells("table")
    of_group = target(TargetKind.GROUP, id=group.id)
    everyones = await made(
        shop, "market", level=PriceLevel.MARKET, targets=[FRANCE, EVERYONE], status=ListStatus.ACTIVE
    )
    groups = await made(shop, "groups", level=PriceLevel.GROUP, targets=[of_group])
    rows = [NewPriceRow(scope=Scope.VARIANT, target="chair", value=Decimal(80))]
    await shop(put_price_rows, PutPriceRows(id=groups.id, expected_version=1, rows=rows), KEEPER)
    rows = [NewPriceRow(scope=Scope.ALL, value=Decimal(99))]
    await shop(put_price_rows, PutPriceRows(id=everyones.id, expected_version=1, rows=rows), KEEPER)

    assert await listed(shop, level=PriceLevel.GROUP) == ["groups"]
    assert await listed(shop, status=ListStatus.ACTIVE) == ["market"]
    assert await listed(shop, target_id=group.id) == ["groups"]
    assert (await listed(shop, market="fr"), await listed(shop, market="de")) == (["market"], [])
    assert await listed(shop, sku="chair") == ["groups", "market"]
    assert await listed(shop, product_id=chair.id) == ["groups", "market"]
    assert (await listed(shop, sku="table"), await listed(shop, sku="none")) == (["market"], [])


async def test_a_page_of_lists_takes_as_many_statements_as_one_list(shop: Shop, statements: list[str]) -> None:
    for number in range(4):
        await made(shop, f"list-{number}")
    statements.clear()
    page = await shop(list_price_lists, ListPriceLists(limit=3), KEEPER)

    assert (len(page.items), page.next is not None, len(statements)) == (3, True, 4)
    rest = await shop(list_price_lists, ListPriceLists(limit=3, cursor=page.next), KEEPER)
    assert ([view.code for view in rest.items], rest.next) == (["list-0"], None)


async def test_a_groups_own_list_stays_its_own(shop: Shop) -> None:
    group = a_group()
    await shop.knows(group)
    await shop.sells("chair")
    await shop.charges(group, "chair", "80.00")
    (own,) = (await shop(list_price_lists, ListPriceLists(target_id=group.id), KEEPER)).items

    other = a_group("others")
    await shop.knows(other)
    given = {"status": ListStatus.DRAFT, "targets": [target(TargetKind.GROUP, id=other.id)]}
    with pytest.raises(PriceListInvalid) as refused:
        await shop(change_price_list, change(own, **given), KEEPER)
    assert [error.pointer for error in refused.value.errors] == ["/status", "/targets"]
    assert (await shop(change_price_list, change(own, priority=5), KEEPER)).priority == 5


async def test_what_there_is_not_is_not_found(shop: Shop) -> None:
    with pytest.raises(PriceListNotFound):
        await shop(get_price_list, GetPriceList(id=new_id()), KEEPER)
    view = await made(shop)
    with pytest.raises(PriceListNotFound):
        await shop(change_price_list, change(view, id=new_id()), KEEPER)
