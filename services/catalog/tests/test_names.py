"""What a product and its variants are called, once it is called otherwise, and in another language."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.handlers.queries.storefront import get_product
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import KEEPER, Shop, drift, eur
from shared.contracts.catalog.products import ChangeProduct, CreateProduct, NewVariant, Option, ProductSheet
from shared.contracts.catalog.sheets import GetProductSheet
from shared.contracts.catalog.storefront import GetProduct

OWN = "Chaise, lot de 4"


async def chairs(shop: Shop) -> ProductSheet:
    one = NewVariant(sku="one", base_price=eur("10"))
    four = NewVariant(sku="four", name=OWN, base_price=eur("36"), options={"size": "4"})
    asked: dict[str, Any] = {"options": [{"code": "size", "name": "Lot", "values": ["1", "4"]}]}
    asked |= {"name": "Chaise", "variants": [one.model_copy(update={"options": {"size": "1"}}), four]}
    command = CreateProduct.model_validate(asked | {"translations": {"en": {"name": "Chair"}}})
    made: ProductSheet = await shop(create_product, command, KEEPER)
    return made


async def shown(shop: Shop, product: ProductSheet, **how: Any) -> list[str]:
    view = await shop(get_product, GetProduct(id=product.id, **how))
    return [view.name, *(variant.name for variant in view.variants)]


async def test_a_product_tells_what_its_variants_differ_in(shop: Shop) -> None:
    product = await chairs(shop)

    view = await shop(get_product, GetProduct(id=product.id))

    assert view.options == [Option(code="size", name="Lot", values=["1", "4"])]


async def test_variants_without_a_name_of_their_own_are_called_as_their_product_is(shop: Shop) -> None:
    product = await chairs(shop)
    assert await shown(shop, product) == ["Chaise", "Chaise", OWN]
    assert await shown(shop, product, locale="en") == ["Chair", "Chair", OWN]

    renamed = await shop(change_product, ChangeProduct(id=product.id, expected_version=1, name="Fauteuil"), KEEPER)

    assert [variant.name for variant in renamed.variants] == ["Fauteuil", OWN]
    assert await shown(shop, product) == ["Fauteuil", "Fauteuil", OWN]


async def test_a_file_that_names_a_product_names_its_variants_too(shop: Shop, connection: AsyncConnection) -> None:
    product, files = await chairs(shop), Files(shop)

    # The row is about a variant with a name of its own; the other one is not in the file.
    run = await files.read("products", ["sku,name", "four,Fauteuil"])

    assert (run.changed_rows, run.failed_rows) == (1, 0)
    told = await shop(get_product_sheet, GetProductSheet(id=product.id), KEEPER)
    assert (told.version, [variant.name for variant in told.variants]) == (2, ["Fauteuil", OWN])
    named = await files.read("products", ["sku,name,variant_name", "one,Siège,Fauteuil"])
    told = await shop(get_product_sheet, GetProductSheet(id=product.id), KEEPER)
    assert (named.changed_rows, [variant.name for variant in told.variants]) == (1, ["Fauteuil", OWN])
    assert await drift(connection) == []
