"""Products with all that is kept of them, for those who keep the catalogue."""

from services.catalog.repository import catalogue, links
from services.catalog.repository.sheets import sheet, sheets
from shared.contracts.catalog.links import GetProductLinks, ProductLinks
from shared.contracts.catalog.products import ProductSheet
from shared.contracts.catalog.sheets import GetProductSheet, ListProductSheets
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_product_sheet(query: GetProductSheet, work: Work) -> ProductSheet:
    return await sheet(work.session, await catalogue.by_id(work.session, query.id))


@handler
async def list_product_sheets(query: ListProductSheets, work: Work) -> Page[ProductSheet]:
    found, cursor = await catalogue.one_page(work.session, query)
    return Page(items=await sheets(work.session, found), next=cursor)


@handler
async def get_product_links(query: GetProductLinks, work: Work) -> ProductLinks:
    return await links.of_product(work.session, await catalogue.by_id(work.session, query.id))
