"""The storefront: what a caller may see, at the caller's price."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.links import LinkKind
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import Option, ProductStatus, TaxCategory
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.values import (
    Code,
    Currency,
    Line,
    Locale,
    LongText,
    Page,
    PageSize,
    Quantity,
    Sku,
    StockLevel,
    Text,
)
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Forbidden, Malformed, Unauthorized


class PriceReason(StrEnum):
    """Where a price comes from, or why there is none."""

    BASE = "base"
    PROMOTION = "promotion"
    MARKET = "market"
    GROUP = "group"
    CONTRACT = "contract"
    QUOTE = "quote"
    AGENT = "agent"
    LOGIN_REQUIRED = "LOGIN_REQUIRED"
    GROUP_HIDDEN = "GROUP_HIDDEN"
    PRICE_UNAVAILABLE = "PRICE_UNAVAILABLE"


class StockState(StrEnum):
    """How it stands with a variant's stock, for those who may not see the figure too."""

    IN_STOCK = "in_stock"
    LOW = "low"
    OUT_OF_STOCK = "out_of_stock"
    BACK_ORDER = "back_order"
    PRE_ORDER = "pre_order"


class TierView(Contract):
    """What one unit costs the caller from a quantity on."""

    min_qty: Quantity
    unit_price: UnitPrice


class QuantityView(Contract):
    """How many of a variant the caller may order at once; what is None is not limited."""

    min_qty: Quantity | None = None
    max_qty: Quantity | None = None
    multiple: Quantity | None = None


class ImageView(Contract):
    """A picture: `url` is the largest size, `thumbnail` a small one, both below the address of this API."""

    id: UUID
    url: str
    thumbnail: str
    alt: str
    width: int
    height: int


class VariantView(Contract):
    """One thing that can be bought, at the caller's price for one unit.

    `list_price` is everyone's before promotions, `public_price` with them; `savings` is what the caller pays less than
    the list price. `lowest_price_30d` is told where a price is announced as reduced, but of no perishables: the lowest
    that everyone of the caller's market could pay in the 30 days before (L112-1-1). `price_mode` tells whether all
    these are without tax or with it. `available` and `stock` are None where the caller's group is not shown them.

    `tiers` are 1,500 at most of all variants of a product together, each with as many, from the smallest quantity on;
    a quote tells the price at any quantity.
    """

    id: UUID
    sku: Sku
    barcode: str | None = None
    name: Text
    options: dict[str, str] = Field(default_factory=dict)
    unit: str = "piece"
    quantity_decimals: int = 0
    weight: int | None = Field(default=None, description="Grams.")
    length: int | None = Field(default=None, description="Millimetres.")
    width: int | None = Field(default=None, description="Millimetres.")
    height: int | None = Field(default=None, description="Millimetres.")
    tax_category: TaxCategory
    list_price: UnitPrice | None
    public_price: UnitPrice | None = None
    unit_price: UnitPrice | None
    original_price: UnitPrice | None = Field(default=None, description="What it cost before it was reduced.")
    savings: UnitPrice | None = None
    lowest_price_30d: UnitPrice | None = None
    tiers: list[TierView] = Field(default_factory=list)
    price_mode: PriceMode = PriceMode.NET
    price_reason: PriceReason
    quantities: QuantityView | None = None
    available: StockLevel | None
    stock: StockState | None = None
    expected_at: datetime | None = None
    trace: list[PriceTrace] | None = Field(default=None, description="How its price came about, where that was asked.")


class ProductView(Contract):
    """A product as the caller may see it, in the language asked for; `options` are what its variants differ in."""

    id: UUID
    code: str
    name: Text
    description: LongText
    status: ProductStatus
    options: list[Option] = Field(default_factory=list)
    category_ids: list[UUID]
    attributes: dict[str, list[str]] = Field(default_factory=dict)
    images: list[ImageView] = Field(default_factory=list)
    variants: list[VariantView]
    created_at: datetime
    version: int


class LoginRequired(Unauthorized):
    """This shop shows its catalogue to signed-in customers only; sign in first."""


class MarketNotOpen(Malformed):
    """The shop has not opened this market to visitors and customers; name one that is open, or none."""


class CatalogueOnly(Forbidden):
    """This shop shows its catalogue and takes no orders; ask the merchant how to buy."""


class GetProduct(Query[ProductView], subject="catalog.get_product.v1", allow={Permission.PUBLIC}):
    """Returns one product at the caller's price, or at a customer's of theirs."""

    id: UUID
    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
    locale: Locale = "fr"
    trace: bool = Field(default=False, description="Tell staff and agents how each price came about.")


class ListProducts(Query[Page[ProductView]], subject="catalog.list_products.v1", allow={Permission.PUBLIC}):
    """Returns products at the caller's prices, or at a customer's of theirs, newest first.

    A page ends before its limit where its products are large; the cursor leads on.
    """

    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
    locale: Locale = "fr"
    q: Line | None = Field(default=None, max_length=100)
    sku: Sku | None = None
    category_id: UUID | None = Field(default=None, description="What stands in it or below it.")
    status: ProductStatus | None = Field(default=None, description="Staff may ask for discontinued ones too.")
    cursor: str | None = None
    limit: PageSize = 20


class RelatedProducts(Contract):
    """What a product leads to, as far as the caller may see it, in the order the merchant gave.

    Of many large products the last are left out, so that the answer stays below 1 MB.
    """

    items: list[ProductView]


class ListRelatedProducts(
    Query[RelatedProducts], subject="catalog.list_related_products.v1", allow={Permission.PUBLIC}
):
    """Returns what a product leads to, at the caller's prices."""

    id: UUID
    kind: LinkKind = Field(default=LinkKind.CROSS_SELL, description="Why it leads to them.")
    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
    locale: Locale = "fr"
