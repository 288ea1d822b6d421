"""Products and variants with everything that a page, a price or an order needs of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.domain.pricing.facts import Goods
from services.catalog.domain.quantities import QuantityFacts


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as it is shown and sold, and as goods to be priced. `history`: what it cost everyone, oldest first."""

    goods: Goods
    sku: str
    barcode: str | None
    name: str
    options: Mapping[str, str]
    unit: str
    quantity_decimals: int
    weight: int | None
    length: int | None
    width: int | None
    height: int | None
    tax_category: str
    commissionable: bool
    history: Sequence[tuple[datetime, Decimal]] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; `key` is where its files are found, width and height are in pixels."""

    id: UUID
    key: str
    alt: Mapping[str, str]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it is shown, with its active variants in order."""

    id: UUID
    version: int
    code: str
    name: str
    description: str
    translations: Mapping[str, Mapping[str, str]]
    attributes: Mapping[str, list[str]]
    category_ids: Sequence[UUID]
    status: str
    created_at: datetime
    variants: Sequence[Variant]
    pictures: Sequence[Picture] = ()
    quantity_rules: Sequence[QuantityFacts] = ()
    options: Sequence[Mapping[str, Any]] = ()
