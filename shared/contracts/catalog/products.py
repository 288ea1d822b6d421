"""Products and their variants, as those who keep the catalogue see and change them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.values import Code, Done, Locale, LongText, Moment, Sku, Text
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict, Malformed, NotFound


class ProductStatus(StrEnum):
    """Whether a product is sold; a discontinued one stays in past orders."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class TaxCategory(StrEnum):
    """Which VAT rate a product bears where it is sold."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"


ProductCode = Sku
Decimals = Annotated[int, Field(ge=0, le=3)]
Unit = Annotated[Text, Field(max_length=20)]
Millimetres = Annotated[int, Field(ge=1, le=1_000_000, description="Millimetres.")]
Grams = Annotated[int, Field(ge=0, le=100_000_000, description="Grams.")]
Barcode = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{4,32}$")]
OptionValues = Annotated[dict[Code, Text], Field(max_length=10)]
Attributes = Annotated[dict[Code, Annotated[list[Text], Field(max_length=50)]], Field(max_length=50)]


class Texts(Contract):
    """A product's texts in one language."""

    name: Text | None = None
    description: LongText | None = None


class Option(Contract):
    """What variants of a product differ in, and the values they may have."""

    code: Code
    name: Text
    values: list[Text] = Field(min_length=1, max_length=100)


class BasePriceView(Contract):
    """What a variant costs everyone in one currency and mode, what it cost before, and below what it is never sold."""

    unit_price: UnitPrice
    original_price: UnitPrice | None = None
    floor: UnitPrice | None = None
    mode: PriceMode = PriceMode.NET


class VariantSheet(Contract):
    """A variant with all that is kept of it, its cost among it. Weight in grams, measures in millimetres."""

    id: UUID
    sku: Sku
    barcode: str | None
    name: Text
    options: dict[str, str]
    status: ProductStatus
    tax_category: TaxCategory
    commissionable: bool
    unit: str
    quantity_decimals: int
    weight: int | None
    length: int | None
    width: int | None
    height: int | None
    cost: UnitPrice | None
    prices: list[BasePriceView]


class ProductSheet(Contract):
    """A product with all that is kept of it; callers of the shop never see this."""

    id: UUID
    code: str
    name: Text
    description: LongText
    translations: dict[Locale, Texts]
    options: list[Option]
    attributes: dict[str, list[str]]
    category_ids: list[UUID]
    perishable: bool = False
    status: ProductStatus
    published_from: datetime | None
    published_until: datetime | None
    variants: list[VariantSheet]
    created_at: datetime
    version: int


class VariantSnapshot(Contract):
    """A variant as events tell it; base prices only, never a group's, and never what it costs the merchant.

    `base_price` is the one of `base_prices`, which are without tax, in EUR or else of the first currency by code.
    """

    id: UUID
    sku: Sku
    barcode: str | None = None
    name: Text
    status: ProductStatus = ProductStatus.ACTIVE
    base_price: UnitPrice | None
    base_prices: list[UnitPrice] = Field(default_factory=list)
    gross_prices: list[UnitPrice] = Field(default_factory=list)
    tax_category: TaxCategory
    commissionable: bool


class ProductSnapshot(Contract):
    """A product as events tell it."""

    id: UUID
    version: int
    code: str | None = None
    name: Text
    status: ProductStatus
    category_ids: list[UUID]
    published_from: datetime | None = None
    published_until: datetime | None = None
    variants: list[VariantSnapshot]


class ProductNotFound(NotFound):
    """There is no such product."""


class ProductCodeTaken(Conflict):
    """Another product already has this code; choose another."""


class SkuTaken(Conflict):
    """Another variant already has this SKU."""


class ProductInvalid(Malformed):
    """The product contradicts itself; errors[] names each field and how to mend it."""


class ProductInUse(Conflict):
    """It was sold or has stock, so it cannot be deleted; deactivate it, and it leaves the shop."""


class NewVariant(Contract):
    """A variant to be created. Weight in grams, measures in millimetres.

    `base_price` is the short form of one price without tax; `prices` name several, and what stands beside each.
    """

    sku: Sku
    barcode: Barcode | None = None
    name: Text | None = Field(default=None, description="Left out, the product's name.")
    options: OptionValues = Field(default_factory=dict, description="Its value of each option of the product, by code.")
    base_price: UnitPrice | None = None
    prices: list[BasePriceView] = Field(default_factory=list, max_length=20)
    tax_category: TaxCategory = TaxCategory.STANDARD
    commissionable: bool = True
    unit: Unit = "piece"
    quantity_decimals: Decimals = 0
    weight: Grams | None = None
    length: Millimetres | None = None
    width: Millimetres | None = None
    height: Millimetres | None = None
    cost: UnitPrice | None = None


class CreateProduct(Command[ProductSheet], subject="catalog.create_product.v1", allow={Permission.CATALOG_WRITE}):
    """Creates a product with its variants, each with an empty stock."""

    code: ProductCode | None = Field(default=None, description="Left out, the SKU of the first variant.")
    name: Text
    description: LongText = ""
    translations: dict[Locale, Texts] = Field(default_factory=dict)
    options: list[Option] = Field(default_factory=list, max_length=10)
    attributes: Attributes = Field(default_factory=dict)
    category_ids: list[UUID] = Field(default_factory=list, max_length=50)
    perishable: bool = Field(default=False, description="It spoils soon: no lowest price of 30 days is told of it.")
    published_from: Moment | None = None
    published_until: Moment | None = None
    variants: list[NewVariant] = Field(min_length=1, max_length=100)


class ChangeProduct(
    Command[ProductSheet], subject="catalog.change_product.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Edits a product; what is left out stays. A discontinued product leaves the shop and stays in past orders.

    `clear` empties fields that may be empty. Translations, options and attributes are replaced whole.
    """

    id: UUID
    expected_version: int
    code: ProductCode | None = None
    name: Text | None = None
    description: LongText | None = None
    translations: dict[Locale, Texts] | None = None
    options: list[Option] | None = Field(default=None, max_length=10)
    attributes: Attributes | None = None
    category_ids: list[UUID] | None = Field(default=None, max_length=50)
    perishable: bool | None = None
    status: ProductStatus | None = None
    published_from: Moment | None = None
    published_until: Moment | None = None
    clear: list[Literal["published_from", "published_until"]] = Field(default_factory=list, max_length=2)
    variant_options: dict[Sku, OptionValues] | None = Field(default=None, description="By SKU, after a change of any.")


class DeleteProduct(Command[Done], subject="catalog.delete_product.v1", allow={Permission.CATALOG_WRITE}, keyed=False):
    """Deletes a product that was never sold and has no stock, with all rules about it; any other is deactivated."""

    id: UUID
    expected_version: int


class ProductCreated(Event, subject="catalog.product_created.v1", aggregate="product.id"):
    """The shop has a new product."""

    product: ProductSnapshot


class ProductChanged(Event, subject="catalog.product_changed.v1", aggregate="product.id"):
    """A product reads, costs or stands otherwise than before."""

    product: ProductSnapshot


class ProductDeleted(Event, subject="catalog.product_deleted.v1", aggregate="product.id"):
    """A product that was never sold is no more."""

    product: ProductSnapshot
