"""Products, categories, prices and stock as those who keep them change them."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.prices import set_base_price
from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.handlers.commands.stock import receive_stock
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.catalog.categories import CategoryNotFound, CreateCategory
from shared.contracts.catalog.prices import SetBasePrice, VariantNotFound
from shared.contracts.catalog.products import (
    BasePriceView,
    ChangeProduct,
    CreateProduct,
    NewVariant,
    ProductChanged,
    ProductCreated,
    ProductNotFound,
    ProductSheet,
    ProductStatus,
    SkuTaken,
    TaxCategory,
)
from shared.contracts.catalog.stock import ReceiveStock, StockChanged
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Malformed, PreconditionFailed


def a_product(*skus: str, **product: object) -> CreateProduct:
    variants = [NewVariant(sku=sku, base_price=eur("10.00")) for sku in skus]
    return CreateProduct.model_validate({"name": "Chair", "variants": variants} | product)


async def test_a_product_stands_in_its_categories_with_its_variants_in_order(shop: Shop) -> None:
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    stools = await shop(create_category, CreateCategory(code="stools", name="Stools", parent_id=seats.id), KEEPER)
    red = NewVariant(sku="red", name="Red chair", base_price=eur("12.50"), tax_category=TaxCategory.REDUCED)
    blue = NewVariant(sku="blue", base_price=eur("10"))

    product = await shop(
        create_product,
        CreateProduct(name="Chair", description="To sit on.", category_ids=[stools.id], variants=[red, blue]),
        KEEPER,
    )

    assert (product.name, product.description, product.status) == ("Chair", "To sit on.", ProductStatus.ACTIVE)
    assert (product.code, product.category_ids, product.version) == ("red", [stools.id], 1)
    first, second = product.variants
    assert (first.sku, first.name, first.tax_category) == ("red", "Red chair", TaxCategory.REDUCED)
    assert (first.prices, second.prices) == (
        [BasePriceView(unit_price=eur("12.50"))],
        [BasePriceView(unit_price=eur("10"))],
    )
    assert (second.sku, second.name, second.unit, second.cost) == ("blue", "Chair", "piece", None)
    created = shop.emitted[-1]
    assert isinstance(created, ProductCreated)
    assert (created.product.id, created.product.version, created.product.code) == (product.id, 1, "red")
    assert [variant.base_price for variant in created.product.variants] == [eur("12.50"), eur("10")]


async def test_the_same_key_names_the_same_product(shop: Shop) -> None:
    product = await shop(create_product, a_product("once"), KEEPER, request_key="k1")

    work = shop.work_as(KEEPER, request_key="k1")
    assert product.id == work.made_id(CreateProduct.subject)


async def test_a_sku_is_taken_once(shop: Shop) -> None:
    await shop.sells("chair")

    with pytest.raises(SkuTaken) as refused:
        await shop(create_product, a_product("table", "chair", "lamp", "lamp"), KEEPER)

    assert [error.pointer for error in refused.value.errors] == ["/variants/1/sku", "/variants/3/sku"]


async def test_a_category_that_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(CategoryNotFound) as refused:
        await shop(create_product, a_product("chair", category_ids=[new_id()]), KEEPER)
    assert refused.value.errors[0].pointer == "/category_ids/0"


async def test_what_a_change_leaves_out_stays(shop: Shop) -> None:
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    made = await shop(create_product, a_product("chair", description="To sit on.", category_ids=[seats.id]), KEEPER)

    renamed = await shop(change_product, ChangeProduct(id=made.id, expected_version=1, name="Stool"), KEEPER)
    emptied = await shop(
        change_product, ChangeProduct(id=made.id, expected_version=2, description="", category_ids=[]), KEEPER
    )

    assert (renamed.name, renamed.description, renamed.category_ids) == ("Stool", "To sit on.", [seats.id])
    assert (emptied.name, emptied.description, emptied.category_ids, emptied.version) == ("Stool", "", [], 3)
    changed = shop.emitted[-1]
    assert isinstance(changed, ProductChanged)
    assert (changed.product.version, changed.product.name) == (3, "Stool")


async def test_an_edit_of_a_version_that_is_past_is_refused(shop: Shop) -> None:
    made = await shop.sells("chair")

    with pytest.raises(PreconditionFailed):
        await shop(change_product, ChangeProduct(id=made.id, expected_version=2, name="Stool"), KEEPER)
    with pytest.raises(ProductNotFound):
        await shop(change_product, ChangeProduct(id=new_id(), expected_version=1), KEEPER)


async def test_a_base_price_belongs_to_its_currency(shop: Shop) -> None:
    await shop.sells("chair", "100.00")
    dollars = UnitPrice(Decimal(120), "USD")

    changed = await shop(set_base_price, SetBasePrice(sku="chair", expected_version=1, unit_price=eur("90")), KEEPER)
    in_dollars = await shop(set_base_price, SetBasePrice(sku="chair", expected_version=2, unit_price=dollars), KEEPER)

    assert (_prices(changed), changed.version) == ([eur("90.00")], 2)
    assert (_prices(in_dollars), in_dollars.version) == ([eur("90.00"), dollars], 3)
    told = shop.emitted[-1]
    assert isinstance(told, ProductChanged)
    assert told.product.variants[0].base_price == eur("90.00")


def _prices(product: ProductSheet) -> list[UnitPrice]:
    return [price.unit_price for price in product.variants[0].prices]


async def test_prices_of_unknown_skus_are_not_set(shop: Shop) -> None:
    with pytest.raises(VariantNotFound):
        await shop(set_base_price, SetBasePrice(sku="none", expected_version=1, unit_price=eur("90")), KEEPER)


async def sells_sand(shop: Shop) -> None:
    """Sell something by a unit that is divided finely."""
    sand = NewVariant(sku="sand", base_price=eur("1.00"), unit="m3", quantity_decimals=3)
    await shop(create_product, CreateProduct(name="Sand", variants=[sand]), KEEPER)


async def test_goods_that_come_in_are_a_movement(shop: Shop, connection: AsyncConnection) -> None:
    await sells_sand(shop)

    first = await shop(receive_stock, ReceiveStock(sku="sand", quantity=Decimal(5), reference="BL 1"), KEEPER)
    second = await shop(receive_stock, ReceiveStock(sku="sand", quantity=Decimal("2.5"), reference="BL 2"), KEEPER)

    assert (first.on_hand, second.on_hand, second.reserved, second.available) == (5, Decimal("7.5"), 0, Decimal("7.5"))
    assert second.version == first.version + 1
    told = shop.emitted[-1]
    assert isinstance(told, StockChanged)
    assert (told.stock.id, told.stock.version, told.stock.on_hand) == (first.variant_id, second.version, second.on_hand)
    movements = await connection.execute(text("SELECT reference, actor->>'id' FROM stock_movements ORDER BY reference"))
    assert [(reference, UUID(actor)) for reference, actor in movements] == [("BL 1", KEEPER.id), ("BL 2", KEEPER.id)]


async def test_stock_does_not_grow_beyond_what_can_be_written_down(shop: Shop) -> None:
    await sells_sand(shop)
    most = ReceiveStock(sku="sand", quantity=Decimal("99999999999.999"), reference="BL 1")
    await shop(receive_stock, most, KEEPER)

    with pytest.raises(Malformed):
        await shop(receive_stock, most, KEEPER)


@pytest.mark.parametrize("change", ["UPDATE stock_movements SET quantity = 1", "DELETE FROM stock_movements"])
async def test_movements_are_never_rewritten(connection: AsyncConnection, change: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await connection.execute(text(change))
