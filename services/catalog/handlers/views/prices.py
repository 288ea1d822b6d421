"""Prices as those who set them see them."""

from uuid import UUID

from services.catalog.models import PriceList, PriceRow
from shared.contracts.catalog.prices import GroupPriceView
from shared.kernel.money import UnitPrice


def group_price_view(row: PriceRow, own: PriceList, sku: str, group_id: UUID) -> GroupPriceView:
    """Return what a group pays for a variant, by a row of the list of its own prices."""
    return GroupPriceView(
        id=row.id,
        variant_id=row.target_id,
        sku=sku,
        group_id=group_id,
        unit_price=UnitPrice(row.value, own.currency),
        mode=own.mode,
        version=row.version,
    )
