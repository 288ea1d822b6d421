"""Goods that are deleted while others receive them, price them or make rules about them."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.products import delete_product
from services.catalog.handlers.commands.stock import adjust_stock
from services.catalog.handlers.commands.variants import add_variant, delete_variant
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.tests.dealing import EVERYONE, agreed, limits, row, shows
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import KEEPER, CommittedShop, eur
from services.catalog.tests.test_concurrency import all_at_once, assert_no_drift
from shared.contracts.catalog.movements import AdjustStock
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.price_rows import PutPriceRows
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import DeleteProduct, ProductInUse, ProductSheet
from shared.contracts.catalog.sheets import GetProductSheet
from shared.contracts.catalog.variants import AddVariant, DeleteVariant
from shared.contracts.values import Done
from shared.kernel.problems import Problem
from shared.testing import eventually

TURNS = range(5)
AT_ONCE = 6
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = 'catalog' AND wait_event_type = 'Lock'")
NAMING = {
    "price_rows": "SELECT target_id FROM price_rows",
    "visibility_rules": "SELECT target_id FROM visibility_rules",
    "quantity_rules": "SELECT target_id FROM quantity_rules",
    "promotions": "SELECT unnest(target_ids) FROM promotions",
}


async def orphans(shop: CommittedShop) -> list[tuple[str, UUID]]:
    """Return what rules name that there is not."""
    known = "SELECT id FROM variants UNION SELECT id FROM products UNION SELECT id FROM categories"
    async with shop.engine.connect() as connection:
        return [
            (table, id_)
            for table, named in NAMING.items()
            for id_ in await connection.scalars(text(f"{named} EXCEPT ({known})"))
        ]


def unexpected(answers: Sequence[Any]) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, BaseException) and not isinstance(answer, Problem)]


async def waits_or_ends(shop: CommittedShop, task: asyncio.Task[Any]) -> None:
    """Return once a transaction waits for a lock of another, or a task is done."""
    watching = shop.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def so() -> None:
        async with watching.connect() as connection:
            assert task.done() or await connection.scalar(WAITING)

    await eventually(so, within=30)


@pytest.mark.parametrize("turn", TURNS)
async def test_a_first_receipt_that_meets_a_deletion_is_told_why(open_shop: CommittedShop, turn: int) -> None:
    made = [await open_shop.sells(f"chair-{number}") for number in range(AT_ONCE)]

    answers = await all_at_once(
        *(open_shop(delete_product, DeleteProduct(id=one.id, expected_version=1), KEEPER) for one in made),
        *(open_shop.receives(one.code, 1) for one in made),
    )

    assert unexpected(answers) == []
    for gone, came in zip(answers[:AT_ONCE], answers[AT_ONCE:], strict=True):
        assert isinstance(came, VariantNotFound) or (came is None and isinstance(gone, ProductInUse))
    await assert_no_drift(open_shop)


@pytest.mark.parametrize("turn", TURNS)
async def test_a_variant_that_is_deleted_while_it_is_adjusted_is_used_or_gone(
    open_shop: CommittedShop, turn: int
) -> None:
    made = [await open_shop.sells(f"chair-{number}") for number in range(AT_ONCE)]
    for one in made:
        more = AddVariant(id=one.id, sku=f"{one.code}-wide", base_price=eur("5"))
        await open_shop(add_variant, more, KEEPER)

    answers = await all_at_once(
        *(
            open_shop(
                delete_variant, DeleteVariant(id=one.id, variant_id=one.variants[0].id, expected_version=2), KEEPER
            )
            for one in made
        ),
        *(open_shop(adjust_stock, AdjustStock(sku=one.code, delta=Decimal(1), reason="found"), KEEPER) for one in made),
    )

    assert unexpected(answers) == []
    for gone, found in zip(answers[:AT_ONCE], answers[AT_ONCE:], strict=True):
        assert isinstance(found, VariantNotFound) or isinstance(gone, ProductInUse)
    await assert_no_drift(open_shop)


@pytest.mark.parametrize("turn", TURNS)
async def test_rules_made_while_their_goods_are_deleted_go_with_them_or_are_refused(
    open_shop: CommittedShop, turn: int
) -> None:
    made = [await open_shop.sells(f"chair-{number}") for number in range(AT_ONCE)]
    stays = await open_shop.sells("stays")
    lists = {one.id: await agreed(open_shop, [EVERYONE], row("90", "stays")) for one in made}

    def rules_about(one: ProductSheet) -> list[Any]:
        listed = lists[one.id]
        rows = PutPriceRows(id=listed.id, expected_version=listed.version, rows=[row("80", one.code)])
        return [
            open_shop(put_price_rows, rows, KEEPER),
            shows(open_shop, "product", one.id, visible=False),
            limits(open_shop, "product", one.id, min_qty=2),
            promoted(open_shop, code=one.code, scope=Scope.PRODUCT, targets=[one.code, "stays"]),
        ]

    answers = await all_at_once(
        *(each for one in made for each in rules_about(one)),
        *(open_shop(delete_product, DeleteProduct(id=one.id, expected_version=1), KEEPER) for one in made),
    )

    assert unexpected(answers) == []
    assert [type(answer) for answer in answers[-AT_ONCE:]] == [Done] * AT_ONCE
    assert await orphans(open_shop) == []
    assert (await open_shop(get_product_sheet, GetProductSheet(id=stays.id), KEEPER)).version == 1


async def test_rows_that_are_being_written_go_with_the_goods_they_are_about(open_shop: CommittedShop) -> None:
    chair = await open_shop.sells("chair")
    await open_shop.sells("stays")
    listed = await agreed(open_shop, [EVERYONE], row("90", "stays"))
    work = open_shop.work_as(KEEPER)
    await put_price_rows(PutPriceRows(id=listed.id, expected_version=listed.version, rows=[row("80")]), work)

    deleting = asyncio.create_task(open_shop(delete_product, DeleteProduct(id=chair.id, expected_version=1), KEEPER))
    await waits_or_ends(open_shop, deleting)
    await work.session.commit()
    await work.session.close()
    await deleting

    assert await orphans(open_shop) == []
