"""What is remembered of a browsed catalogue holds as long as nothing of it changes, and for whoever sees the same."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.catalog.handlers.commands.price_rows import put_price_rows
from services.catalog.handlers.commands.products import change_product, delete_product
from services.catalog.handlers.queries.search import search_products
from services.catalog.repository.narrowing import STATE
from services.catalog.tests.dealing import EVERYONE, a_category, agreed, relisted, row, shows, to
from services.catalog.tests.promoting import NOON
from services.catalog.tests.samples import KEEPER, CommittedShop, Shop, a_buyer, a_group, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.price_rows import PutPriceRows
from shared.contracts.catalog.products import ChangeProduct, DeleteProduct, ProductSheet
from shared.contracts.catalog.search import SearchProducts, SearchResult, Sort
from shared.testing import customer

OAK, TIN = {"material": ["Oak"]}, {"material": ["Tin"]}


async def browsed(shop: Shop, actor: Actor = VISITOR, **query: Any) -> SearchResult:
    at = {"as_of": query.pop("at")} if "at" in query else {}
    result: SearchResult = await shop(search_products, SearchProducts(**query), actor, **at)
    return result


async def materials(shop: Shop, actor: Actor = VISITOR, **query: Any) -> dict[str, int]:
    """Return how many products of each material somebody finds, all of them as `None`."""
    result = await browsed(shop, actor, **query)
    told = {value.value: value.count for facet in result.facets for value in facet.values}
    assert sum(told.values()) == result.total
    return told


async def changed(shop: Shop, product: ProductSheet, **changes: Any) -> ProductSheet:
    kept = ChangeProduct.model_fields.keys() & ProductSheet.model_fields.keys()
    command = ChangeProduct(**product.model_dump(include=kept) | {"expected_version": product.version} | changes)
    after: ProductSheet = await shop(change_product, command, KEEPER)
    return after


def counting(statements: list[str]) -> int:
    """Return how many of the statements read all products that are found, and forget them."""
    found = sum("GROUPING SETS" in one for one in statements)
    statements.clear()
    return found


async def test_products_are_counted_once_while_they_stay_as_they_are(shop: Shop, statements: list[str]) -> None:
    shelf = await a_category(shop, "shelf")
    await shop.sells("chair", attributes=OAK, category_ids=[shelf.id])
    await shop.sells("lamp", attributes=TIN)

    for narrowed in ({}, {"category_id": shelf.id}, {"attributes": "material:Oak"}):
        statements.clear()
        first = await browsed(shop, **narrowed)
        assert counting(statements) == 1
        for sort in (Sort.RELEVANCE, Sort.NEWEST, Sort.NAME):
            assert (await browsed(shop, sort=sort, **narrowed)).facets == first.facets
        assert counting(statements) == 0
        assert first.total == (2 if narrowed == {} else 1)


async def test_a_product_made_changed_or_deleted_is_counted_at_once(shop: Shop) -> None:
    assert await materials(shop) == {}
    chair = await shop.sells("chair", attributes=OAK)
    assert await materials(shop) == {"Oak": 1}
    chair = await changed(shop, chair, attributes=TIN)
    assert await materials(shop) == {"Tin": 1}
    await shop(delete_product, DeleteProduct(id=chair.id, expected_version=chair.version), KEEPER)
    assert await materials(shop) == {}


async def test_a_product_is_counted_while_it_is_published(shop: Shop) -> None:
    await shop.sells("lamp", attributes=TIN)
    hour = timedelta(hours=1)
    times = {"published_from": NOON, "published_until": NOON + hour}
    await shop.sells("chair", attributes=OAK, **times)
    without, with_chair = {"Tin": 1}, {"Tin": 1, "Oak": 1}

    for at, expected in ((NOON - hour, without), (NOON, with_chair), (NOON + hour, without), (NOON, with_chair)):
        assert await materials(shop, at=at) == expected
        assert len((await browsed(shop, sort=Sort.PRICE, at=at)).items) == len(expected)


async def test_who_sees_the_same_is_told_what_is_remembered_and_nobody_else(shop: Shop, statements: list[str]) -> None:
    group, other = a_group("members"), a_group("others")
    ann, bob, eve = a_buyer(group.id), a_buyer(group.id, other.id), a_buyer(other.id)
    await shop.knows(group, other, ann, bob, eve)
    chair = await shop.sells("chair", attributes=OAK)
    await shop.sells("lamp", attributes=TIN)
    await shows(shop, "product", chair.id, group, visible=False)
    seen: list[tuple[dict[str, int], int]] = []
    statements.clear()

    for buyer in (ann, bob, eve):
        seen.append((await materials(shop, customer(buyer.id)), counting(statements)))
    await shows(shop, "product", chair.id, bob, visible=True)
    again = [await materials(shop, customer(buyer.id)) for buyer in (ann, bob, eve)]

    assert seen == [({"Tin": 1}, 1), ({"Tin": 1}, 0), ({"Tin": 1, "Oak": 1}, 1)]
    assert again == [{"Tin": 1}, {"Tin": 1, "Oak": 1}, {"Tin": 1, "Oak": 1}]


async def test_an_order_of_prices_is_made_anew_when_one_of_them_changes(shop: Shop, statements: list[str]) -> None:
    for sku, price in (("chair", "10"), ("lamp", "20"), ("sofa", "30")):
        await shop.sells(sku, price)
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    mine = await agreed(shop, to(group), row("25", "lamp"))

    async def order(actor: Actor = VISITOR) -> list[str]:
        return [one.code for one in (await browsed(shop, actor, sort=Sort.PRICE)).items]

    assert await order() == await order(customer(buyer.id)) == ["chair", "lamp", "sofa"]
    statements.clear()
    assert await order() == ["chair", "lamp", "sofa"]
    assert not [one for one in statements if "string_agg(int8send" in one]
    rows = PutPriceRows(id=mine.id, expected_version=mine.version, rows=[row("1", "sofa")])
    await shop(put_price_rows, rows, KEEPER)
    assert (await order(customer(buyer.id)), await order()) == (["sofa", "chair", "lamp"], ["chair", "lamp", "sofa"])
    everyones = await agreed(shop, [EVERYONE], row("2", "lamp"))
    assert await order() == ["lamp", "chair", "sofa"]
    await relisted(shop, everyones, status="archived")
    assert await order() == ["chair", "lamp", "sofa"]


async def test_a_page_after_a_change_of_prices_misses_and_doubles_nothing_that_stayed(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    for number in range(6):
        await shop.sells(f"chair-{number}", str(10 + number))

    first = await browsed(shop, customer(buyer.id), sort=Sort.PRICE, limit=3)
    await shop.charges(group, "chair-5", "12.50")
    await shop.charges(group, "chair-4", "1")
    second = await browsed(shop, customer(buyer.id), sort=Sort.PRICE, limit=9, cursor=first.next)

    assert [one.code for one in first.items] == ["chair-0", "chair-1", "chair-2"]
    assert [one.code for one in second.items] == ["chair-5", "chair-3"]


async def test_those_who_ask_at_the_same_time_have_it_counted_once(
    open_shop: CommittedShop, statements: list[str]
) -> None:
    await open_shop.sells("chair", attributes=OAK)
    statements.clear()

    found = await asyncio.gather(*(materials(open_shop) for _ in range(5)))

    assert (found, counting(statements)) == ([{"Oak": 1}] * 5, 1)


async def state(database: AsyncEngine) -> str:
    """Return the state of all products as it is committed."""
    async with database.connect() as reading:
        return str(await reading.scalar(text(f"SELECT {STATE}")))


async def test_every_commit_is_another_state_whichever_change_began_first(
    database: AsyncEngine, open_shop: CommittedShop
) -> None:
    for sku in ("chair", "lamp", "sofa"):
        await open_shop.sells(sku)
    seen = [await state(database)]
    touch = text("UPDATE products SET version = version + 1 WHERE code = :code")

    async with database.connect() as first, database.connect() as second, database.connect() as third:
        for connection, code in ((first, "chair"), (second, "lamp"), (third, "sofa")):
            await connection.execute(touch, {"code": code})
        assert await state(database) == seen[0]
        for connection in (second, first):
            await connection.commit()
            seen.append(await state(database))
        await third.rollback()
        assert await state(database) == seen[-1]

    assert len(set(seen)) == len(seen)


async def test_what_one_change_commits_is_seen_while_another_is_open(
    database: AsyncEngine, open_shop: CommittedShop
) -> None:
    await open_shop.sells("chair", attributes=OAK)
    await open_shop.sells("lamp", attributes=TIN)
    assert await materials(open_shop) == {"Oak": 1, "Tin": 1}

    async with database.connect() as importing:
        await importing.execute(text("UPDATE products SET attributes = '{}' WHERE code = 'lamp'"))
        await open_shop.sells("stool", attributes=OAK)
        assert await materials(open_shop) == {"Oak": 2, "Tin": 1}
        await importing.commit()

    assert (await browsed(open_shop)).total == 3
    (facet,) = (await browsed(open_shop)).facets
    assert {value.value: value.count for value in facet.values} == {"Oak": 2}


async def test_nobody_learns_of_a_price_from_an_order_that_is_remembered(shop: Shop) -> None:
    group, closed = a_group("members"), a_group("closed", show_prices=False)
    ann, eve = a_buyer(group.id), a_buyer(closed.id)
    await shop.knows(group, closed, ann, eve)
    for number in range(4):
        await shop.sells(f"chair-{number}", str(40 - number))
    await shop.charges(group, "chair-0", "3.33")

    mine = await browsed(shop, customer(ann.id), sort=Sort.PRICE, limit=1)
    hidden = await browsed(shop, customer(eve.id), sort=Sort.PRICE, limit=1)
    theirs = await browsed(shop, sort=Sort.PRICE, limit=1)

    assert mine.price_range is not None
    assert mine.price_range.lowest == eur("3.33")
    assert hidden.price_range is None
    assert theirs.price_range is not None
    assert theirs.price_range.lowest == eur("37")
    assert (await browsed(shop, customer(eve.id), max_price=Decimal("3.33"))).total == 0
    assert (await browsed(shop, max_price=Decimal("3.33"))).total == 0
    assert (await browsed(shop, customer(ann.id), max_price=Decimal("3.33"))).total == 1


async def test_a_word_that_was_looked_for_finds_what_was_made_meanwhile(shop: Shop, statements: list[str]) -> None:
    assert (await browsed(shop, q="stool")).total == 0
    stool = await shop.sells("stool", attributes=OAK)
    assert await materials(shop, q="stool") == {"Oak": 1}
    statements.clear()
    for _ in range(2):
        assert await materials(shop, q="stool") == {"Oak": 1}
    assert counting(statements) == 0
    await changed(shop, stool, name="Lamp")
    assert [one.name for one in (await browsed(shop, q="lamp")).items] == ["Lamp"]
