"""Products as they are shown: joined rows in, views at a viewer's prices out."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from services.catalog.domain.prices import Viewer, resolve
from services.catalog.models import Price, Stock
from services.catalog.repository.prices import price_rows
from shared.contracts.catalog.prices import GroupPriceView
from shared.contracts.catalog.products import ProductView, VariantView
from shared.contracts.catalog.stock import StockView


def product_view(rows: Sequence[Row[Any]], viewer: Viewer, currency: str) -> ProductView:
    """Return a product at a viewer's prices, from one row per variant and eligible price."""
    product = rows[0]
    return ProductView(
        id=product.id,
        name=product.name,
        description=product.description,
        status=product.status,
        category_ids=product.category_ids,
        variants=[
            _variant_view(list(group), viewer, currency) for _, group in groupby(rows, key=lambda row: row.variant_id)
        ],
        created_at=product.created_at,
        version=product.version,
    )


def _variant_view(rows: Sequence[Row[Any]], viewer: Viewer, currency: str) -> VariantView:
    variant, price = rows[0], resolve(price_rows(rows), viewer, currency)
    return VariantView(
        id=variant.variant_id,
        sku=variant.sku,
        name=variant.variant_name,
        list_price=price.list_price,
        unit_price=price.unit_price,
        price_reason=price.reason,
        tax_category=variant.tax_category,
        available=variant.available,
    )


def group_price_view(sku: str, price: Price) -> GroupPriceView:
    """Return what a group pays for a variant, as those who set prices see it."""
    return GroupPriceView(
        id=price.id,
        variant_id=price.variant_id,
        sku=sku,
        group_id=price.group_id,
        unit_price=price.price,
        version=price.version,
    )


def stock_view(sku: str, stock: Stock) -> StockView:
    """Return a variant's stock as staff see it."""
    return StockView(
        variant_id=stock.variant_id,
        sku=sku,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        available=stock.on_hand - stock.reserved,
        version=stock.version,
    )
