"""What was never sold is deleted with everything of it; anything else is deactivated (CA-2)."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.holds import release_hold
from services.catalog.handlers.commands.links import set_product_links
from services.catalog.handlers.commands.products import change_product, delete_product
from services.catalog.handlers.commands.variants import add_variant, delete_variant
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_hold, a_line, eur
from shared.contracts.catalog.links import LinkKind, SetProductLinks
from shared.contracts.catalog.products import (
    ChangeProduct,
    DeleteProduct,
    ProductDeleted,
    ProductInUse,
    ProductNotFound,
    ProductSheet,
    ProductStatus,
)
from shared.contracts.catalog.sheets import GetProductSheet
from shared.contracts.catalog.stock import ReleaseHold
from shared.contracts.catalog.variants import AddVariant, DeleteVariant, LastVariant
from shared.kernel.problems import PreconditionFailed
from shared.testing import customer

OF_VARIANTS = ("variants", "base_prices", "public_prices", "stocks", "warehouse_stocks")


async def deleted(shop: Shop, product: ProductSheet) -> None:
    await shop(delete_product, DeleteProduct(id=product.id, expected_version=product.version), KEEPER)


async def test_ca2_what_was_never_sold_goes_with_everything_of_it(shop: Shop, connection: AsyncConnection) -> None:
    chair = await shop.sells("chair")

    await deleted(shop, chair)

    for table in ("products", *OF_VARIANTS):
        assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    told = shop.emitted[-1]
    assert isinstance(told, ProductDeleted)
    assert (told.product.id, told.product.version) == (chair.id, 2)
    with pytest.raises(ProductNotFound):
        await deleted(shop, chair)
    assert (await shop.sells("chair")).variants[0].sku == "chair"


async def test_ca2_what_was_sold_is_deactivated_instead(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    chair = await shop.sells("chair", on_hand=1)
    actor = customer(buyer.id)
    quote = await shop.holds(a_hold(buyer, a_line("chair")), actor)
    await shop(release_hold, ReleaseHold(order_id=quote.order_id), actor)

    with pytest.raises(ProductInUse) as refused:
        await deleted(shop, chair)

    assert "discontinued" in refused.value.detail
    assert refused.value.details["stocked"] is True
    sheet = await shop(get_product_sheet, GetProductSheet(id=chair.id), KEEPER)
    gone = ChangeProduct(id=chair.id, expected_version=sheet.version, status=ProductStatus.DISCONTINUED)
    assert (await shop(change_product, gone, KEEPER)).status is ProductStatus.DISCONTINUED


async def test_what_came_in_once_stays_in_the_ledger(shop: Shop, connection: AsyncConnection) -> None:
    chair = await shop.sells("chair", on_hand=1)

    with pytest.raises(ProductInUse) as refused:
        await deleted(shop, chair)

    assert refused.value.details == {"sold": False, "stocked": True}
    assert await connection.scalar(text("SELECT count(*) FROM variants")) == 1


async def test_a_product_that_changed_meanwhile_is_not_deleted(shop: Shop) -> None:
    chair = await shop.sells("chair")
    await shop(change_product, ChangeProduct(id=chair.id, expected_version=1, name="Stool"), KEEPER)

    with pytest.raises(PreconditionFailed):
        await deleted(shop, chair)


async def test_who_led_to_a_product_that_is_no_more_is_read_anew(shop: Shop, connection: AsyncConnection) -> None:
    chair, table = await shop.sells("chair"), await shop.sells("table")
    links = SetProductLinks(id=table.id, link_kind=LinkKind.ACCESSORY, expected_version=1, product_ids=[chair.id])
    await shop(set_product_links, links, KEEPER)

    await deleted(shop, chair)

    assert await connection.scalar(text("SELECT count(*) FROM product_links")) == 0
    assert await connection.scalar(text("SELECT version FROM products")) == 3


async def test_a_variant_that_was_never_sold_is_deleted_alone(shop: Shop, connection: AsyncConnection) -> None:
    chair = await shop.sells("chair")
    more = await shop(add_variant, AddVariant(id=chair.id, sku="stool", base_price=eur("5")), KEEPER)

    fewer = await shop(
        delete_variant, DeleteVariant(id=chair.id, variant_id=more.variants[0].id, expected_version=2), KEEPER
    )

    assert ([variant.sku for variant in fewer.variants], fewer.version) == (["stool"], 3)
    for table in ("variants", "base_prices", "public_prices", "stocks"):
        assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table


async def test_the_last_variant_and_one_with_stock_stay(shop: Shop) -> None:
    chair = await shop.sells("chair", on_hand=3)
    (variant,) = chair.variants
    last = DeleteVariant(id=chair.id, variant_id=variant.id, expected_version=1)

    with pytest.raises(LastVariant):
        await shop(delete_variant, last, KEEPER)
    more = await shop(add_variant, AddVariant(id=chair.id, sku="stool", base_price=eur("5")), KEEPER)
    with pytest.raises(ProductInUse):
        await shop(delete_variant, last.model_copy(update={"expected_version": more.version}), KEEPER)
