"""Variants of a product, changed one by one; every change is one of their product's version."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command
from shared.contracts.catalog.products import (
    Barcode,
    BasePriceView,
    Decimals,
    Grams,
    Millimetres,
    NewVariant,
    OptionValues,
    ProductSheet,
    ProductStatus,
    TaxCategory,
    Unit,
)
from shared.contracts.values import Currency, Sku, Text
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict

WRITERS = {Permission.CATALOG_WRITE}


class VariantField(StrEnum):
    """What may be unknown of a variant, and so be emptied."""

    BARCODE = "barcode"
    WEIGHT = "weight"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    COST = "cost"


class LastVariant(Conflict):
    """A product keeps one variant at least; delete the product, or deactivate it."""


class AddVariant(NewVariant, Command[ProductSheet], subject="catalog.add_variant.v1", allow=WRITERS):
    """Adds a variant to a product, after those it has, with an empty stock."""

    id: UUID


class ChangeVariant(Command[ProductSheet], subject="catalog.change_variant.v1", allow=WRITERS, keyed=False):
    """Edits a variant; what is left out stays. A discontinued one leaves the shop and stays in past orders.

    `clear` empties fields that may be unknown. `prices` set the price, and what stands beside it, of the currencies and
    modes named; `withdrawn` are the currencies in which it has no price without tax any more, `gross_withdrawn` those
    in which it has none with tax. Prices need the permission to set prices.
    """

    id: UUID
    variant_id: UUID
    expected_version: int
    sku: Sku | None = None
    barcode: Barcode | None = None
    name: Text | None = None
    options: OptionValues | None = None
    status: ProductStatus | None = None
    tax_category: TaxCategory | None = None
    commissionable: bool | None = None
    unit: Unit | None = None
    quantity_decimals: Decimals | None = None
    weight: Grams | None = None
    length: Millimetres | None = None
    width: Millimetres | None = None
    height: Millimetres | None = None
    cost: UnitPrice | None = None
    prices: list[BasePriceView] = Field(default_factory=list, max_length=20)
    withdrawn: list[Currency] = Field(default_factory=list, max_length=20)
    gross_withdrawn: list[Currency] = Field(default_factory=list, max_length=20)
    clear: list[VariantField] = Field(default_factory=list, max_length=len(VariantField))


class OrderVariants(Command[ProductSheet], subject="catalog.order_variants.v1", allow=WRITERS, keyed=False):
    """Puts the variants of a product in this order; each is named once."""

    id: UUID
    expected_version: int
    variant_ids: list[UUID] = Field(min_length=1, max_length=500)


class DeleteVariant(Command[ProductSheet], subject="catalog.delete_variant.v1", allow=WRITERS, keyed=False):
    """Deletes a variant that was never sold and has no stock, with all rules about it; any other is deactivated."""

    id: UUID
    variant_id: UUID
    expected_version: int
