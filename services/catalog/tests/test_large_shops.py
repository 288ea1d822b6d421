"""What a large shop asks of one statement or one change grows with what it is about, and not with its square."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.catalog.domain import quantities
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import QuantityFacts
from services.catalog.domain.reach import ALL_GOODS, Reach
from services.catalog.domain.sight import Sight, Voice
from services.catalog.handlers.jobs import price_history as jobs
from services.catalog.repository import browsing, price_history, sights
from services.catalog.repository.narrowing import Narrowed
from services.catalog.tests.dealing import limits
from services.catalog.tests.promoting import NOON, promoted
from services.catalog.tests.samples import CommittedShop, Shop
from services.catalog.tests.working import does_its_jobs
from shared.contracts.actor import service_actor
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.search import Sort
from shared.kernel.ids import new_id
from shared.testing.fixtures import session_on

PRODUCTS = """INSERT INTO products (id, code, name, description, status, category_ids)
    SELECT gen_random_uuid(), 'p-' || place.number, 'P', '', 'active', ARRAY[place.id]
    FROM unnest(CAST(:categories AS uuid[])) WITH ORDINALITY AS place (id, number)"""
CATEGORY = "INSERT INTO categories (id, code, name, path) VALUES (:id, 'all', 'All', ARRAY[CAST(:id AS uuid)])"
VARIANTS = """INSERT INTO variants (id, product_id, position, sku, name, tax_category, commissionable)
    SELECT gen_random_uuid(), id, 0, code, name, 'standard', true FROM products"""
RULES = f"""INSERT INTO quantity_rules (id, buyer_scope, buyer_id, scope, target_id, min_qty)
    SELECT gen_random_uuid(), 'everyone', '{PUBLIC}', 'product', id, 2 FROM products"""
MANY = 60


async def furnish(connection: AsyncConnection, many: int = MANY) -> list[UUID]:
    """Put one product into each of many categories, and return these."""
    categories = [new_id() for _ in range(many)]
    await connection.execute(text(PRODUCTS), {"categories": categories})
    return categories


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a step of a plan and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def planned(connection: AsyncConnection, sentence: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    told = await connection.scalar(text(sentence), given)
    return list(nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))


def handled(steps: list[dict[str, Any]]) -> float:
    """Return how many rows the steps of a plan had in hand."""
    return sum((one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"] for one in steps)


async def test_to_see_a_product_only_its_own_categories_are_asked(shop: Shop, connection: AsyncConnection) -> None:
    categories = await furnish(connection)
    voices = tuple(Voice(PUBLIC, id_, 1, True) for id_ in categories)
    sight = Sight(None, frozenset(), voices, product_rules=False, default=False)
    counted = f"SELECT FROM products WHERE {sights.condition(sight)}"

    steps = await planned(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {counted}", sights.given(sight))

    assert steps[0]["Actual Rows"] == MANY
    assert handled(steps) < 20 * MANY


async def test_a_rule_for_all_goods_is_held_against_each_rule_once(
    shop: Shop, connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(connection)
    await connection.execute(text(RULES))
    looked: list[QuantityFacts] = []
    far = quantities._far

    def counted(rule: QuantityFacts, place: quantities.Place) -> tuple[int, int] | None:
        looked.append(rule)
        return far(rule, place)

    monkeypatch.setattr(quantities, "_far", counted)
    await limits(shop, "all", multiple=1)

    assert MANY < len(looked) <= 3 * MANY


async def test_goods_that_a_change_reaches_are_found_by_what_names_them(connection: AsyncConnection) -> None:
    categories = await furnish(connection, 2_000)
    for sentence in (VARIANTS, "ANALYZE products", "ANALYZE variants", "SET LOCAL enable_seqscan = off"):
        await connection.execute(text(sentence))
    await connection.execute(text(CATEGORY), {"id": categories[0]})
    first = "SELECT variants.id, product_id FROM variants ORDER BY sku LIMIT 1"
    variant_id, product_id = (await connection.execute(text(first))).one()
    targets = {"variant_ids": [variant_id], "product_ids": [product_id], "category_ids": categories[:1]}
    given = {"after": UUID(int=0), "limit": 10, **targets}

    steps = await planned(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {price_history._reached.text}", given)

    assert steps[0]["Actual Rows"] == 1
    assert handled([one for one in steps if one.get("Relation Name") == "variants"]) < 100


async def test_each_kind_of_target_is_reached_in_order_and_page_by_page(
    shop: Shop, connection: AsyncConnection
) -> None:
    category = new_id()
    await connection.execute(text(CATEGORY), {"id": category})
    by_itself, by_product = await shop.sells("one"), await shop.sells("two")
    by_category, _ = await shop.sells("three", category_ids=[category]), await shop.sells("none")
    variants = sorted(one.variants[0].id for one in (by_itself, by_product, by_category))
    named = Reach(
        variant_ids=(by_itself.variants[0].id,),
        product_ids=(by_product.id, by_itself.id),
        category_ids=(category,),
    )

    async with session_on(connection) as session:
        first = await price_history.reached(session, named, None, 2)
        assert [*first, *await price_history.reached(session, named, first[-1], 2)] == variants
        assert len(await price_history.reached(session, Reach(everything=True), None, 10)) == 4


@pytest.mark.parametrize("at_once", [1, 3, 100])
async def test_the_rules_count_as_changed_once_after_all_prices_are_written_down(
    shop: Shop, connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    for number in range(5):
        await shop.sells(f"stool-{number}")
    await promoted(shop, scope=Scope.ALL, targets=[])
    version = "SELECT version FROM rule_book"
    before = await connection.scalar(text(version))
    monkeypatch.setattr(jobs, "RECORDED_AT_ONCE", at_once)

    await does_its_jobs(shop, connection, NOON)

    assert await connection.scalar(text(version)) == before + 1
    again = jobs.RecordPublicPrices(cause="again", reach=ALL_GOODS, at=NOON)
    await shop(jobs.record_public_prices, again, service_actor("catalog"))
    await does_its_jobs(shop, connection, NOON)
    assert await connection.scalar(text(version)) == before + 1


async def test_a_page_of_a_large_shop_is_browsed_without_reading_all_of_it(
    postgres: Any, open_shop: CommittedShop
) -> None:
    owner = create_async_engine(postgres.url("catalog_owner"), poolclass=pool.NullPool)
    async with owner.begin() as connection:
        categories = await furnish(connection, 3_000)
        rare = "UPDATE products SET attributes = jsonb_build_object('rank', jsonb_build_array(code))"
        for sentence in (rare, VARIANTS, "INSERT INTO stocks (variant_id) SELECT id FROM variants"):
            await connection.execute(text(sentence))
        await connection.execute(text("ANALYZE products, variants, stocks"))
    everything = Narrowed(how="none", typed=None, category_ids=None, attributes={})
    of_category, of_rank = replace(everything, category_ids=categories[:1]), {"rank": ["p-7"]}
    sight = Sight(None, frozenset(), (), product_rules=False, default=True)
    given = {"as_of": NOON, "category_ids": categories[:1], "attribute0": ['{"rank": ["p-7"]}'], **sights.given(sight)}

    async with owner.connect() as connection:
        for asked, count in ((everything, 21), (of_category, 1), (replace(everything, attributes=of_rank), 1)):
            for sort in (Sort.RELEVANCE, Sort.NEWEST, Sort.NAME):
                page = browsing._page(asked.kind, sort, sights.condition(sight), 21, after=False)
                steps = await planned(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {page.clause.text}", given)
                assert steps[0]["Actual Rows"] == count
                of_goods = [one for one in steps if one.get("Relation Name") in ("products", "variants", "stocks")]
                assert 0 < handled(of_goods) < 300
    await owner.dispose()
