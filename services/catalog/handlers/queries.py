"""What others ask of catalog: products at the caller's prices, categories, stock."""

from services.catalog.domain.dealings import sees_discontinued, viewer
from services.catalog.handlers.asking import prices_for
from services.catalog.handlers.views import group_price_view, product_view
from services.catalog.repository import categories, pages, prices, products, stock
from shared.contracts.catalog.prices import GetGroupPrice, GroupPriceNotFound, GroupPriceView
from shared.contracts.catalog.products import (
    CategoryView,
    GetProduct,
    ListCategories,
    ListProducts,
    ProductNotFound,
    ProductStatus,
    ProductView,
)
from shared.contracts.catalog.stock import ListStock, StockView
from shared.contracts.customers.groups import GroupNotFound
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def list_products(query: ListProducts, work: Work, ask: Ask) -> Page[ProductView]:
    seen_by = viewer(work.actor, await prices_for(query.customer_id, work, ask))
    status = query.status or ProductStatus.ACTIVE
    if status is ProductStatus.DISCONTINUED and not sees_discontinued(work.actor):
        return Page(items=[])
    found, cursor = await pages.page(work.session, query, status, seen_by.counting)
    return Page(items=[product_view(rows, seen_by, query.currency) for rows in found], next=cursor)


@handler
async def get_product(query: GetProduct, work: Work, ask: Ask) -> ProductView:
    seen_by = viewer(work.actor, await prices_for(query.customer_id, work, ask))
    rows = await pages.one(
        work.session, query.id, query.currency, seen_by.counting, discontinued_too=sees_discontinued(work.actor)
    )
    if rows is None:
        raise ProductNotFound
    return product_view(rows, seen_by, query.currency)


@handler
async def list_categories(query: ListCategories, work: Work) -> Page[CategoryView]:
    found, cursor = await categories.one_page(work.session, query.cursor, query.limit)
    return Page(items=[CategoryView.model_validate(category) for category in found], next=cursor)


@handler
async def get_group_price(query: GetGroupPrice, work: Work) -> GroupPriceView:
    variant = await products.variant(work.session, query.sku)
    if not await prices.group_exists(work.session, query.group_id):
        raise GroupNotFound
    price = await prices.find(work.session, variant.id, query.group_id, query.currency)
    if price is None:
        raise GroupPriceNotFound
    return group_price_view(variant.sku, price)


@handler
async def list_stock(query: ListStock, work: Work) -> Page[StockView]:
    found, cursor = await stock.page(work.session, query)
    items = [
        StockView(
            variant_id=row.id,
            sku=row.sku,
            on_hand=row.on_hand,
            reserved=row.reserved,
            available=row.on_hand - row.reserved,
            version=row.version,
        )
        for row in found
    ]
    return Page(items=items, next=cursor)
