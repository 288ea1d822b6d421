"""The shop's tree: made, renamed, moved with all that stands below, and emptied before it is deleted (CA-5)."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import (
    change_category,
    create_category,
    delete_category,
    move_category,
)
from services.catalog.handlers.jobs.price_history import RecordPublicPrices
from services.catalog.handlers.queries.categories import get_category, list_categories
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.categories import (
    CategoryChanged,
    CategoryCodeTaken,
    CategoryCreated,
    CategoryCycle,
    CategoryDeleted,
    CategoryNotEmpty,
    CategoryNotFound,
    CategoryTooDeep,
    CategoryView,
    ChangeCategory,
    CreateCategory,
    DeleteCategory,
    GetCategory,
    ListCategories,
    MoveCategory,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed


async def category(shop: Shop, code: str, below: CategoryView | None = None, **given: Any) -> CategoryView:
    command = CreateCategory(code=code, name=code.title(), parent_id=below and below.id, **given)
    view: CategoryView = await shop(create_category, command, KEEPER)
    return view


async def moved(shop: Shop, what: CategoryView, below: CategoryView | None, **given: Any) -> CategoryView:
    read = await shop(get_category, GetCategory(id=what.id))
    command = MoveCategory(id=what.id, expected_version=read.version, parent_id=below and below.id, **given)
    view: CategoryView = await shop(move_category, command, KEEPER)
    return view


async def path(shop: Shop, of: CategoryView) -> list[UUID]:
    view: CategoryView = await shop(get_category, GetCategory(id=of.id))
    return view.path


async def book(connection: AsyncConnection) -> int:
    return int(await connection.scalar(text("SELECT version FROM rule_book")) or 0)


async def test_a_category_knows_its_way_from_the_top_and_comes_last(shop: Shop) -> None:
    goods = await category(shop, "goods")
    seats = await category(shop, "seats", goods)
    tables = await category(shop, "tables", goods)
    first = await category(shop, "first", goods, position=-1)

    assert (goods.path, seats.path) == ([goods.id], [goods.id, seats.id])
    assert [view.position for view in (goods, seats, tables, first)] == [0, 0, 1, -1]
    created = shop.emitted[-1]
    assert isinstance(created, CategoryCreated)
    assert (created.category.id, created.category.path) == (first.id, first.path)


async def test_every_change_of_the_tree_is_one_of_the_rules(shop: Shop, connection: AsyncConnection) -> None:
    before = await book(connection)
    seats = await category(shop, "seats")
    renamed = await shop(change_category, ChangeCategory(id=seats.id, expected_version=1, name="Chairs"), KEEPER)
    await moved(shop, renamed, None)
    await shop(delete_category, DeleteCategory(id=seats.id, expected_version=3), KEEPER)

    assert await book(connection) == before + 4
    assert [type(event) for event in shop.emitted] == [
        CategoryCreated,
        CategoryChanged,
        CategoryChanged,
        CategoryDeleted,
    ]


async def test_a_category_code_is_taken_once_and_a_parent_is_there(shop: Shop) -> None:
    seats = await category(shop, "seats")
    stools = await category(shop, "stools")

    with pytest.raises(CategoryCodeTaken):
        await category(shop, "seats")
    with pytest.raises(CategoryCodeTaken):
        await shop(change_category, ChangeCategory(id=stools.id, expected_version=1, code="seats"), KEEPER)
    with pytest.raises(CategoryNotFound) as refused:
        await shop(create_category, CreateCategory(code="x", name="X", parent_id=new_id()), KEEPER)

    assert refused.value.errors[0].pointer == "/parent_id"
    kept = await shop(change_category, ChangeCategory(id=seats.id, expected_version=1, code="seats"), KEEPER)
    assert kept.version == 2


async def test_a_category_is_called_in_the_language_asked_for(shop: Shop) -> None:
    seats = await category(shop, "seats", translations={"en": "Chairs"})

    english = await shop(get_category, GetCategory(id=seats.id, locale="en"))
    french = await shop(get_category, GetCategory(id=seats.id, locale="fr"))
    page = await shop(list_categories, ListCategories(locale="en"))

    assert (english.name, french.name, page.items[0].name) == ("Chairs", "Seats", "Chairs")
    assert page.items[0].path == [seats.id]
    with pytest.raises(CategoryNotFound):
        await shop(get_category, GetCategory(id=new_id()))


async def test_what_an_edit_leaves_out_stays(shop: Shop) -> None:
    seats = await category(shop, "seats", translations={"en": "Chairs"}, position=4)

    ordered = await shop(change_category, ChangeCategory(id=seats.id, expected_version=1, position=0), KEEPER)
    bare = await shop(change_category, ChangeCategory(id=seats.id, expected_version=2, translations={}), KEEPER)

    assert (ordered.position, ordered.name, ordered.translations) == (0, "Seats", {"en": "Chairs"})
    assert (bare.translations, bare.position) == ({}, 0)
    with pytest.raises(PreconditionFailed):
        await shop(change_category, ChangeCategory(id=seats.id, expected_version=2, name="Late"), KEEPER)


async def test_a_category_moves_with_all_that_stands_below_it(shop: Shop) -> None:
    goods, office = await category(shop, "goods"), await category(shop, "office")
    seats = await category(shop, "seats", goods)
    stools = await category(shop, "stools", seats)
    bar_stools = await category(shop, "bar-stools", stools)

    below = await moved(shop, seats, office)
    assert (below.parent_id, below.path, below.version) == (office.id, [office.id, seats.id], 2)
    assert await path(shop, bar_stools) == [office.id, seats.id, stools.id, bar_stools.id]

    await moved(shop, stools, None, position=7)
    assert await path(shop, bar_stools) == [stools.id, bar_stools.id]
    at_top = await shop(get_category, GetCategory(id=stools.id))
    assert (at_top.parent_id, at_top.position) == (None, 7)
    assert await path(shop, goods) == [goods.id]


async def test_what_moved_along_is_no_longer_what_its_editor_read(shop: Shop) -> None:
    seats = await category(shop, "seats")
    stools = await category(shop, "stools", seats)
    await moved(shop, seats, await category(shop, "goods"))

    with pytest.raises(PreconditionFailed):
        await shop(change_category, ChangeCategory(id=stools.id, expected_version=1, name="Late"), KEEPER)


async def test_a_move_takes_as_many_statements_for_many_as_for_one(shop: Shop, connection: AsyncConnection) -> None:
    goods, seats = await category(shop, "goods"), await category(shop, "seats")
    for number in range(12):
        await category(shop, f"seats-{number}", seats)

    await moved(shop, seats, goods)

    paths = await connection.execute(text("SELECT path FROM categories WHERE code LIKE 'seats-%'"))
    assert {tuple(row.path[:2]) for row in paths} == {(goods.id, seats.id)}


async def test_a_cycle_is_refused_with_its_remedy_and_nothing_moves(shop: Shop) -> None:
    goods = await category(shop, "goods")
    seats = await category(shop, "seats", goods)
    stools = await category(shop, "stools", seats)

    for below in (goods, seats, stools):
        with pytest.raises(CategoryCycle) as refused:
            await moved(shop, goods, below)
        assert "first move" in refused.value.detail

    assert await path(shop, stools) == [goods.id, seats.id, stools.id]


async def test_a_branch_is_not_moved_deeper_than_the_tree_may_be(shop: Shop) -> None:
    top = deepest = await category(shop, "level-1")
    for number in range(2, 20):
        deepest = await category(shop, f"level-{number}", deepest)
    pair = await category(shop, "pair")
    await category(shop, "of-pair", pair)

    with pytest.raises(CategoryTooDeep):
        await moved(shop, pair, deepest)
    with pytest.raises(CategoryTooDeep):
        await category(shop, "too-deep", await category(shop, "level-20", deepest))

    assert len(await path(shop, deepest)) == 19
    assert await path(shop, top) == [top.id]


async def test_only_an_empty_category_is_deleted(shop: Shop) -> None:
    goods = await category(shop, "goods")
    seats = await category(shop, "seats", goods)
    await shop.sells("chair", category_ids=[seats.id])

    for full in (goods, seats):
        with pytest.raises(CategoryNotEmpty):
            await shop(delete_category, DeleteCategory(id=full.id, expected_version=1), KEEPER)

    empty = await category(shop, "empty")
    await shop(delete_category, DeleteCategory(id=empty.id, expected_version=1), KEEPER)
    with pytest.raises(CategoryNotFound):
        await shop(delete_category, DeleteCategory(id=empty.id, expected_version=1), KEEPER)


async def test_what_everyone_pays_for_goods_that_moved_is_looked_at_again(shop: Shop) -> None:
    seats = await category(shop, "seats")
    command = MoveCategory(id=seats.id, expected_version=1, parent_id=None)
    work = shop.work_as(KEEPER)

    await move_category(command, work)

    (job,) = work.scheduled
    assert isinstance(job, RecordPublicPrices)
    assert job.reach.category_ids == (seats.id,)
    await work.session.close()
