"""Sheets: products with all that is kept of them, asked for by those who keep the catalogue."""

from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Query
from shared.contracts.catalog.products import ProductCode, ProductSheet, ProductStatus
from shared.contracts.values import Line, Page, PageSize, Sku


class GetProductSheet(Query[ProductSheet], subject="catalog.get_product_sheet.v1", allow={Permission.CATALOG_READ}):
    """Returns all that is kept of a product, for those who keep the catalogue."""

    id: UUID


class ListProductSheets(
    Query[Page[ProductSheet]], subject="catalog.list_product_sheets.v1", allow={Permission.CATALOG_READ}
):
    """Returns products with all that is kept of them, newest first: sold or not, published or not."""

    q: Line | None = Field(default=None, max_length=100, description="Words, or parts of them; accents do not matter.")
    sku: Sku | None = None
    code: ProductCode | None = None
    category_id: UUID | None = Field(default=None, description="What stands in it or below it.")
    status: ProductStatus | None = None
    cursor: str | None = None
    limit: PageSize = 20
