"""The storefront: products at the caller's prices."""

from pydantic_core import to_json

from services.catalog.domain.dealings import reads_catalogue
from services.catalog.handlers.asking import Look, terms_of
from services.catalog.handlers.loading.shelves import items
from services.catalog.handlers.views.storefront import product_view
from services.catalog.repository import pages
from shared.contracts.catalog.products import ProductNotFound, ProductStatus
from shared.contracts.catalog.storefront import (
    GetProduct,
    ListProducts,
    ListRelatedProducts,
    ProductView,
    RelatedProducts,
)
from shared.contracts.values import Page
from shared.database.pages import cursor_of
from shared.messaging.handler import handler
from shared.messaging.ready import ready
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def list_products(query: ListProducts, work: Work, ask: Ask) -> Page[ProductView]:
    look = Look(query.customer_id, query.currency, query.market, query.locale)
    terms, sight, _ = await terms_of(look, work, ask)
    status = query.status or ProductStatus.ACTIVE
    if status is ProductStatus.DISCONTINUED and not reads_catalogue(work.actor):
        return Page(items=[])
    slots, cursor = await pages.page(work, query, status, terms, sight)
    shown, fitted = await items(slots, terms, work)
    if fitted < len(slots):
        cursor = cursor_of(slots[fitted - 1])
    return ready(Page[ProductView], f'{{"items":{shown},"next":{to_json(cursor).decode()}}}')


@handler
async def get_product(query: GetProduct, work: Work, ask: Ask) -> ProductView:
    look = Look(query.customer_id, query.currency, query.market, query.locale, traced=query.trace)
    terms, sight, _ = await terms_of(look, work, ask)
    found = await pages.one(work, query.id, terms, sight, all_too=reads_catalogue(work.actor))
    if found is None:
        raise ProductNotFound
    return product_view(*found, terms)


@handler
async def list_related_products(query: ListRelatedProducts, work: Work, ask: Ask) -> RelatedProducts:
    look = Look(query.customer_id, query.currency, query.market, query.locale)
    terms, sight, _ = await terms_of(look, work, ask)
    slots = await pages.related(work, query.id, query.kind, terms, sight)
    if slots is None:
        raise ProductNotFound
    shown, _ = await items(slots, terms, work)
    return ready(RelatedProducts, f'{{"items":{shown}}}')
