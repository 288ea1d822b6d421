"""Prices with tax in tests: goods that cost something in both modes, and what a caller is told of them."""

from typing import Any

from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.storefront import get_product, list_products
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant, ProductSheet
from shared.contracts.catalog.storefront import GetProduct, ListProducts, VariantView

NET, GROSS = PriceMode.NET, PriceMode.GROSS


def with_tax(amount: str, **beside: str) -> BasePriceView:
    return BasePriceView(unit_price=eur(amount), mode=GROSS, **{name: eur(said) for name, said in beside.items()})


def without_tax(amount: str, **beside: str) -> BasePriceView:
    return with_tax(amount, **beside).model_copy(update={"mode": NET})


async def sells_both(shop: Shop, net: str | None, gross: str | None, sku: str = "chair", **said: Any) -> ProductSheet:
    """Let the shop have something that costs so much without tax, and so much with it."""
    prices = [without_tax(net)] if net else []
    prices += [with_tax(gross)] if gross else []
    command = CreateProduct(name=sku, variants=[NewVariant(sku=sku, prices=prices, **said)])
    made: ProductSheet = await shop(create_product, command, KEEPER)
    return made


async def seen(shop: Shop, actor: Actor = VISITOR, sku: str = "chair", **query: Any) -> VariantView:
    """Return a variant as a caller sees it, in a list and in its detail alike."""
    page = await shop(list_products, ListProducts(sku=sku, **query), actor)
    (product,) = page.items
    assert await shop(get_product, GetProduct(id=product.id, **query), actor) == product
    variant: VariantView = product.variants[0]
    return variant


async def costs(shop: Shop, actor: Actor = VISITOR, sku: str = "chair", **query: Any) -> tuple[str | None, PriceMode]:
    """Return what a caller is told that something costs, and whether that is with tax."""
    variant = await seen(shop, actor, sku, **query)
    return variant.unit_price and str(variant.unit_price.amount), variant.price_mode
