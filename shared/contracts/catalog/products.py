"""Products, their variants and the categories they stand in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Currency, Line, LongText, Page, PageSize, Sku, StockLevel, Text
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict, NotFound


class ProductStatus(StrEnum):
    """Whether a product is sold; a discontinued one stays in past orders."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class TaxCategory(StrEnum):
    """Which VAT rate a product bears where it is sold."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"


class PriceReason(StrEnum):
    """Where a price comes from, or why there is none."""

    BASE = "base"
    GROUP = "group"
    AGENT = "agent"
    LOGIN_REQUIRED = "LOGIN_REQUIRED"
    GROUP_HIDDEN = "GROUP_HIDDEN"
    PRICE_UNAVAILABLE = "PRICE_UNAVAILABLE"


class CategoryView(Contract):
    """A place in the shop's tree."""

    id: UUID
    code: Code
    name: Text
    parent_id: UUID | None
    created_at: datetime
    version: int


class VariantView(Contract):
    """One thing that can be bought, at the caller's price. `savings` is what they pay less than the list price."""

    id: UUID
    sku: Sku
    name: Text
    list_price: UnitPrice | None
    unit_price: UnitPrice | None
    price_reason: PriceReason
    tax_category: TaxCategory
    available: StockLevel


class ProductView(Contract):
    """A product as the caller may see it."""

    id: UUID
    name: Text
    description: LongText
    status: ProductStatus
    category_ids: list[UUID]
    variants: list[VariantView]
    created_at: datetime
    version: int


class VariantSnapshot(Contract):
    """A variant as events tell it; base price only, never a group's."""

    id: UUID
    sku: Sku
    name: Text
    base_price: UnitPrice | None
    tax_category: TaxCategory
    commissionable: bool


class ProductSnapshot(Contract):
    """A product as events tell it."""

    id: UUID
    version: int
    name: Text
    status: ProductStatus
    category_ids: list[UUID]
    variants: list[VariantSnapshot]


class ProductNotFound(NotFound):
    """There is no such product."""


class CategoryNotFound(NotFound):
    """There is no such category; GET /v1/categories lists them."""


class SkuTaken(Conflict):
    """Another variant already has this SKU."""


class CategoryCodeTaken(Conflict):
    """Another category already has this code."""


class NewVariant(Contract):
    """A variant to be created."""

    sku: Sku
    name: Text | None = Field(default=None, description="Left out, the product's name.")
    base_price: UnitPrice
    tax_category: TaxCategory = TaxCategory.STANDARD
    commissionable: bool = True


class CreateCategory(Command[CategoryView], subject="catalog.create_category.v1", allow={Permission.CATALOG_WRITE}):
    """Creates a category, under another or at the top."""

    code: Code
    name: Text
    parent_id: UUID | None = None


class ListCategories(Query[Page[CategoryView]], subject="catalog.list_categories.v1", allow={Permission.PUBLIC}):
    """Returns the categories."""

    cursor: str | None = None
    limit: PageSize = 100


class CreateProduct(Command[ProductView], subject="catalog.create_product.v1", allow={Permission.CATALOG_WRITE}):
    """Creates a product with its variants, each with an empty stock."""

    name: Text
    description: LongText = ""
    category_ids: list[UUID] = Field(default_factory=list, max_length=50)
    variants: list[NewVariant] = Field(min_length=1, max_length=100)


class ChangeProduct(
    Command[ProductView], subject="catalog.change_product.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Edits a product; what is left out stays. A discontinued product leaves the shop and stays in past orders."""

    id: UUID
    expected_version: int
    name: Text | None = None
    description: LongText | None = None
    category_ids: list[UUID] | None = Field(default=None, max_length=50)
    status: ProductStatus | None = None


class GetProduct(Query[ProductView], subject="catalog.get_product.v1", allow={Permission.PUBLIC}):
    """Returns one product at the caller's price, or at a customer's of theirs."""

    id: UUID
    customer_id: UUID | None = None
    currency: Currency = "EUR"


class ListProducts(Query[Page[ProductView]], subject="catalog.list_products.v1", allow={Permission.PUBLIC}):
    """Returns products at the caller's prices, or at a customer's of theirs, newest first."""

    customer_id: UUID | None = None
    currency: Currency = "EUR"
    q: Line | None = Field(default=None, max_length=100)
    sku: Sku | None = None
    category_id: UUID | None = None
    status: ProductStatus | None = Field(default=None, description="Staff may ask for discontinued ones too.")
    cursor: str | None = None
    limit: PageSize = 20


class ProductCreated(Event, subject="catalog.product_created.v1", aggregate="product.id"):
    """The shop has a new product."""

    product: ProductSnapshot


class ProductChanged(Event, subject="catalog.product_changed.v1", aggregate="product.id"):
    """A product reads, costs or stands otherwise than before."""

    product: ProductSnapshot
