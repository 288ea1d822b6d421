"""The storefront: products at the caller's prices."""

from pydantic_core import to_json

from services.catalog.domain.dealings import reads_catalogue
from services.catalog.handlers.asking import Look, answered, terms_of
from services.catalog.handlers.loading.shelves import items, single
from services.catalog.repository import pages
from services.catalog.repository.pages import SlotOfOne, SlotsOfPage
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
    status = query.status or ProductStatus.ACTIVE
    if status is ProductStatus.DISCONTINUED and not reads_catalogue(work.actor):
        await terms_of(look, work, ask)
        return Page(items=[])
    question = SlotsOfPage(query, status)
    standing, row = await answered(look, work, ask, question)
    slots, cursor = question.read(row)
    shown, fitted = await items(slots, standing.terms, work)
    if fitted < len(slots):
        cursor = cursor_of(slots[fitted - 1])
    return ready(Page[ProductView], b'{"items":%b,"next":%b}' % (shown, to_json(cursor)))


@handler
async def get_product(query: GetProduct, work: Work, ask: Ask) -> ProductView:
    look = Look(query.customer_id, query.currency, query.market, query.locale, traced=query.trace)
    question = SlotOfOne(query.id, all_too=reads_catalogue(work.actor))
    standing, row = await answered(look, work, ask, question)
    slot = question.read(row)
    shown = await single(slot, standing.terms, work) if slot else None
    if shown is None:
        raise ProductNotFound
    return shown


@handler
async def list_related_products(query: ListRelatedProducts, work: Work, ask: Ask) -> RelatedProducts:
    look = Look(query.customer_id, query.currency, query.market, query.locale)
    terms, sight, _ = await terms_of(look, work, ask)
    slots = await pages.related(work, query.id, query.kind, terms, sight)
    if slots is None:
        raise ProductNotFound
    shown, _ = await items(slots, terms, work)
    return ready(RelatedProducts, b'{"items":%b}' % shown)
