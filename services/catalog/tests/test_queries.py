"""What each caller sees of the catalogue."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers import asking
from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.handlers.queries.categories import list_categories
from services.catalog.handlers.queries.stock import list_stock
from services.catalog.handlers.queries.storefront import get_product, list_products
from services.catalog.tests.samples import (
    CLERK,
    KEEPER,
    Shop,
    a_buyer,
    a_group,
    a_hold,
    a_line,
    eur,
)
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.categories import CreateCategory, ListCategories
from shared.contracts.catalog.products import ChangeProduct, CreateProduct, NewVariant, ProductNotFound, ProductStatus
from shared.contracts.catalog.stock import ListStock
from shared.contracts.catalog.storefront import GetProduct, ListProducts, ProductView
from shared.contracts.values import Page
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed
from shared.testing import customer


async def listed(shop: Shop, actor: Actor = VISITOR, **query: Any) -> Page[ProductView]:
    page: Page[ProductView] = await shop(list_products, ListProducts(**query), actor)
    return page


async def discontinue(shop: Shop, product: ProductView) -> None:
    change = ChangeProduct(id=product.id, expected_version=product.version, status=ProductStatus.DISCONTINUED)
    await shop(change_product, change, KEEPER)


async def test_what_is_discontinued_is_seen_by_staff_alone(shop: Shop) -> None:
    gone = await shop.sells("gone")
    await shop.sells("chair")
    await discontinue(shop, gone)

    for actor in (VISITOR, CLERK):
        assert [product.name for product in (await listed(shop, actor)).items] == ["chair"]
        assert (await listed(shop, actor, status=ProductStatus.DISCONTINUED)).items == []
        with pytest.raises(ProductNotFound):
            await shop(get_product, GetProduct(id=gone.id), actor)
    (seen,) = (await listed(shop, KEEPER, status=ProductStatus.DISCONTINUED)).items
    assert seen == await shop(get_product, GetProduct(id=gone.id), KEEPER)


async def test_a_product_that_is_not_there_is_not_found(shop: Shop) -> None:
    with pytest.raises(ProductNotFound):
        await shop(get_product, GetProduct(id=new_id()))


async def test_pages_follow_one_another_newest_first(shop: Shop) -> None:
    for number in range(5):
        await shop.sells(f"sku-{number}")

    first = await listed(shop, limit=2)
    second = await listed(shop, limit=2, cursor=first.next)
    last = await listed(shop, limit=2, cursor=second.next)

    names = [[product.name for product in page.items] for page in (first, second, last)]
    assert names == [["sku-4", "sku-3"], ["sku-2", "sku-1"], ["sku-0"]]
    assert last.next is None
    with pytest.raises(Malformed, match="not one of this list"):
        await listed(shop, cursor="nonsense")


async def test_a_list_is_narrowed_by_words_sku_and_category(shop: Shop) -> None:
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    await shop.sells("STOOL-1", category_ids=[seats.id])
    await shop.sells("100%-wool_rug")
    await shop.sells("100-cotton rug")

    async def found(**query: Any) -> list[str]:
        return [product.name for product in (await listed(shop, **query)).items]

    assert await found(q="stool") == ["STOOL-1"]
    assert await found(q="100") == ["100-cotton rug", "100%-wool_rug"]
    assert await found(q="100% wool") == ["100%-wool_rug"]
    assert await found(q="100-cot") == ["100-cotton rug"]
    assert await found(q="\\") == []
    assert await found(sku="STOOL-1") == ["STOOL-1"]
    assert await found(sku="STOOL") == []
    assert await found(category_id=seats.id) == ["STOOL-1"]
    assert await found(category_id=seats.id, q="rug") == []


async def test_a_product_shows_its_text_and_categories_once_and_all_its_variants(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    soft = await shop(create_category, CreateCategory(code="soft", name="Soft"), KEEPER)
    variants = [NewVariant(sku=f"v{number}", base_price=eur(str(number + 1))) for number in range(3)]
    command = CreateProduct(name="Chair", description="To sit on.", category_ids=[soft.id, seats.id], variants=variants)
    await shop(create_product, command, KEEPER)
    for number in range(3):
        await shop.charges(group, f"v{number}", "0.50")

    (product,) = (await listed(shop, customer(buyer.id))).items

    assert product.description == "To sit on."
    assert product.category_ids == sorted([seats.id, soft.id])
    assert [variant.sku for variant in product.variants] == ["v0", "v1", "v2"]
    assert [variant.list_price for variant in product.variants] == [eur("1"), eur("2"), eur("3")]


async def test_what_is_held_is_not_available(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    await shop.holds(a_hold(buyer, a_line("chair", 2)))

    (product,) = (await listed(shop)).items
    page = await shop(list_stock, ListStock(sku="chair"), KEEPER)

    assert product.variants[0].available == 3
    (stock,) = page.items
    assert (stock.sku, stock.on_hand, stock.reserved, stock.available) == ("chair", 5, 2, Decimal(3))


async def test_stock_and_categories_are_listed_by_the_page(shop: Shop) -> None:
    for number in range(3):
        await shop.sells(f"sku-{number}", on_hand=number)
        await shop(create_category, CreateCategory(code=f"c{number}", name="C"), KEEPER)

    stock = await shop(list_stock, ListStock(limit=2), KEEPER)
    more = await shop(list_stock, ListStock(limit=2, cursor=stock.next), KEEPER)
    tree = await shop(list_categories, ListCategories(limit=2))

    assert [row.sku for row in (*stock.items, *more.items)] == ["sku-2", "sku-1", "sku-0"]
    assert more.next is None
    assert [category.code for category in tree.items] == ["c2", "c1"]


@pytest.mark.parametrize("products", [1, 20])
async def test_a_page_costs_one_statement_and_three_where_nothing_is_remembered(
    shop: Shop, statements: list[str], products: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "STANDINGS", asking.Standings())
    groups = [a_group(f"g{number}") for number in range(3)]
    buyer = a_buyer(*(group.id for group in groups))
    await shop.knows(*groups, buyer)
    for number in range(products):
        await shop.sells(f"sku-{number}")
        for group in groups:
            await shop.charges(group, f"sku-{number}", "9.00")

    caller = customer(buyer.id)
    await listed(shop, caller, limit=1)  # the rules are as they were for whoever asked before
    counted = []
    for _ in range(2):
        statements.clear()
        page = await listed(shop, caller)
        counted.append((len(page.items), len(statements)))
    assert counted == [(products, 2 if products > 1 else 1), (products, 1)]
    statements.clear()
    await shop(get_product, GetProduct(id=page.items[0].id), caller)
    assert len(statements) == 1
    statements.clear()
    await listed(shop)
    assert len(statements) == 3, "another look at the same products"


async def test_terms_are_taken_for_what_they_were_only_while_they_are(shop: Shop, statements: list[str]) -> None:
    group = a_group("g")
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "10.00")
    await shop.charges(group, "chair", "9.00")
    caller = customer(buyer.id)

    async def asked() -> tuple[str, int]:
        statements.clear()
        (chair,) = (await listed(shop, caller)).items
        return str(chair.variants[0].unit_price), len(statements)

    await asked()
    assert await asked() == ("9.00 EUR", 1)
    await shop.knows(buyer.model_copy(update={"version": buyer.version + 1, "group_ids": []}))
    assert await asked() == ("10.00 EUR", 3)  # asked at once, then on the new terms, of which no look is remembered
    assert await asked() == ("10.00 EUR", 1)
