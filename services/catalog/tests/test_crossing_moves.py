"""Editors who change the tree at the same moment: never a cycle, never a product in a category that is no more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from sqlalchemy import text

from services.catalog.handlers.commands.categories import create_category, delete_category, move_category
from services.catalog.handlers.commands.products import create_product
from services.catalog.tests.samples import KEEPER, CommittedShop, eur
from shared.contracts.catalog.categories import (
    CategoryCycle,
    CategoryNotEmpty,
    CategoryNotFound,
    CategoryView,
    CreateCategory,
    DeleteCategory,
    MoveCategory,
)
from shared.contracts.catalog.products import CreateProduct, NewVariant, ProductSheet
from shared.contracts.values import Done
from shared.kernel.problems import PreconditionFailed
from shared.testing.fixtures import emptied

TURNS = range(5)


@pytest.fixture
async def tree(open_shop: CommittedShop, postgres: Any) -> AsyncIterator[CommittedShop]:
    yield open_shop
    await emptied(postgres, "catalog", "categories", "products")


async def category(shop: CommittedShop, code: str, below: CategoryView | None = None) -> CategoryView:
    command = CreateCategory(code=code, name=code, parent_id=below and below.id)
    view: CategoryView = await shop(create_category, command, KEEPER)
    return view


async def at_once(*calls: Awaitable[Any]) -> list[Any]:
    return list(await asyncio.gather(*calls, return_exceptions=True))


@pytest.mark.parametrize("turn", TURNS)
async def test_two_crossing_moves_make_no_cycle(tree: CommittedShop, turn: int) -> None:
    one, two = await category(tree, f"one-{turn}"), await category(tree, f"two-{turn}")

    answers = await at_once(
        tree(move_category, MoveCategory(id=one.id, expected_version=1, parent_id=two.id), KEEPER),
        tree(move_category, MoveCategory(id=two.id, expected_version=1, parent_id=one.id), KEEPER),
    )

    # The second sees where the first went: below itself, or that it was moved along and is to be read again.
    assert sorted(isinstance(answer, CategoryView) for answer in answers) == [False, True]
    assert sum(isinstance(answer, CategoryCycle | PreconditionFailed) for answer in answers) == 1
    async with tree.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT id, parent_id, path FROM categories"))).all()
    assert sorted(len(row.path) for row in rows) == [1, 2]
    assert all(row.path[-1] == row.id and (row.path[-2:-1] or [None]) == [row.parent_id] for row in rows)


@pytest.mark.parametrize("turn", TURNS)
async def test_a_product_is_not_left_in_a_category_deleted_meanwhile(tree: CommittedShop, turn: int) -> None:
    seats = await category(tree, f"seats-{turn}")
    chair = CreateProduct(
        name="Chair", category_ids=[seats.id], variants=[NewVariant(sku=f"chair-{turn}", base_price=eur("1"))]
    )

    made, deleted = await at_once(
        tree(create_product, chair, KEEPER),
        tree(delete_category, DeleteCategory(id=seats.id, expected_version=1), KEEPER),
    )

    outcome = (type(made), type(deleted))
    assert outcome in {(ProductSheet, CategoryNotEmpty), (CategoryNotFound, Done)}


async def test_a_category_is_not_created_below_one_deleted_meanwhile(tree: CommittedShop) -> None:
    goods = await category(tree, "goods")

    made, deleted = await at_once(
        category(tree, "seats", goods),
        tree(delete_category, DeleteCategory(id=goods.id, expected_version=1), KEEPER),
    )

    outcome = (type(made), type(deleted))
    assert outcome in {(CategoryView, CategoryNotEmpty), (CategoryNotFound, Done)}
