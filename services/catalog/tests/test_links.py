"""What products lead to: cross-sell (CA-6), up-sell (CA-7), accessories."""

from uuid import UUID

import pytest

from services.catalog.handlers.commands.links import set_product_links
from services.catalog.handlers.queries.products import get_product_links
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.links import GetProductLinks, LinkInvalid, LinkKind, ProductLinks, SetProductLinks
from shared.contracts.catalog.products import ProductChanged, ProductNotFound, ProductSheet
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed


async def leads(shop: Shop, product: ProductSheet, kind: LinkKind, *ids: UUID, version: int = 1) -> ProductLinks:
    command = SetProductLinks(id=product.id, link_kind=kind, expected_version=version, product_ids=list(ids))
    links: ProductLinks = await shop(set_product_links, command, KEEPER)
    return links


async def test_ca6_ca7_each_kind_of_link_has_its_own_order(shop: Shop) -> None:
    table, chair, lamp = [await shop.sells(sku) for sku in ("table", "chair", "lamp")]

    await leads(shop, table, LinkKind.CROSS_SELL, lamp.id, chair.id)
    both = await leads(shop, table, LinkKind.UP_SELL, chair.id, version=2)
    turned = await leads(shop, table, LinkKind.CROSS_SELL, chair.id, lamp.id, version=3)
    fewer = await leads(shop, table, LinkKind.CROSS_SELL, version=4)

    assert (both.cross_sell, both.up_sell, both.accessory) == ([lamp.id, chair.id], [chair.id], [])
    assert (turned.cross_sell, turned.version) == ([chair.id, lamp.id], 4)
    assert (fewer.cross_sell, fewer.up_sell) == ([], [chair.id])
    assert await shop(get_product_links, GetProductLinks(id=table.id), KEEPER) == fewer
    told = shop.emitted[-1]
    assert isinstance(told, ProductChanged)
    assert told.product.version == 5


async def test_links_to_itself_to_nothing_and_twice_are_named(shop: Shop) -> None:
    table, chair = await shop.sells("table"), await shop.sells("chair")

    with pytest.raises(LinkInvalid) as refused:
        await leads(shop, table, LinkKind.ACCESSORY, chair.id, table.id, new_id(), chair.id)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/product_ids/1", "LINK_TO_ITSELF"),
        ("/product_ids/2", "PRODUCT_NOT_FOUND"),
        ("/product_ids/3", "LINK_TWICE"),
    ]
    unchanged = await shop(get_product_links, GetProductLinks(id=table.id), KEEPER)
    assert (unchanged.accessory, unchanged.version) == ([], 1)


async def test_links_of_no_product_and_of_a_past_version_are_refused(shop: Shop) -> None:
    table = await shop.sells("table")

    with pytest.raises(PreconditionFailed):
        await leads(shop, table, LinkKind.UP_SELL, version=2)
    with pytest.raises(ProductNotFound):
        await shop(get_product_links, GetProductLinks(id=new_id()), KEEPER)
