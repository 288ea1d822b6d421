"""Price rows: those that may count for a buyer, and the ones being set."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, Uuid, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.prices import NOT_YET, PriceRow
from services.catalog.domain.quotes import Offer
from services.catalog.models import BuyerGroup, Price
from services.catalog.repository.tables import prices, products, variants
from shared.contracts.catalog.products import ProductStatus
from shared.kernel.ids import new_id
from shared.kernel.money import UnitPrice

# Other groups' prices are not even read: what is not here cannot leak (rules 3.1, P9).
MAY_COUNT = and_(
    prices.c.variant_id == variants.c.id,
    prices.c.unit_currency == bindparam("currency", type_=String()),
    prices.c.group_id == any_(bindparam("group_ids", type_=ARRAY(Uuid()))),
)
_offers: Select[Any] = (
    select(
        variants.c.id.label("variant_id"),
        variants.c.product_id,
        variants.c.sku,
        variants.c.name,
        variants.c.tax_category,
        variants.c.commissionable,
        prices.c.id.label("price_id"),
        prices.c.unit_amount,
        prices.c.unit_currency,
        prices.c.group_id,
    )
    .select_from(variants.join(products, products.c.id == variants.c.product_id).outerjoin(prices, MAY_COUNT))
    .where(variants.c.sku == any_(bindparam("skus", type_=ARRAY(String()))))
    .where(products.c.status == ProductStatus.ACTIVE)
    .order_by(variants.c.id)
)


def price_rows(rows: Iterable[Row[Any]]) -> tuple[PriceRow, ...]:
    """Return the price of each joined row that has one."""
    return tuple(
        PriceRow(row.price_id, row.unit_amount, row.unit_currency, row.group_id)
        for row in rows
        if row.price_id is not None
    )


async def offers(
    session: AsyncSession, skus: Collection[str], group_ids: Collection[UUID], currency: str
) -> dict[str, Offer]:
    """Return what is on sale of these SKUs, with the prices that may count. One statement, however many SKUs."""
    given = {"skus": list(set(skus)), "group_ids": list(group_ids), "currency": currency}
    rows: Iterable[Row[Any]] = await session.execute(_offers, given)
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row.variant_id)]
    return {rows[0].sku: _offer(rows) for rows in grouped}


def _offer(rows: Sequence[Row[Any]]) -> Offer:
    row = rows[0]
    return Offer(
        variant_id=row.variant_id,
        product_id=row.product_id,
        sku=row.sku,
        name=row.name,
        tax_category=row.tax_category,
        commissionable=row.commissionable,
        prices=price_rows(rows),
    )


async def find(session: AsyncSession, variant_id: UUID, group_id: UUID, currency: str) -> Price | None:
    """Return what a variant costs a group in a currency, if it has such a price."""
    return await session.scalar(_of_group(variant_id, group_id, currency))


async def locked(session: AsyncSession, variant_id: UUID, group_id: UUID, currency: str) -> Price:
    """Return what a variant costs a group in a currency, locked; where it costs nothing yet, a price NOT_YET set."""
    row = await session.scalar(_of_group(variant_id, group_id, currency).with_for_update())
    return row or Price(id=new_id(), variant_id=variant_id, group_id=group_id, version=NOT_YET)


async def put(session: AsyncSession, row: Price, price: UnitPrice) -> None:
    """Set a price that is `locked`, its version raised."""
    row.price = price
    row.version += 1
    session.add(row)
    await session.flush()


def _of_group(variant_id: UUID, group_id: UUID, currency: str) -> Select[Price]:
    return select(Price).where(
        Price.variant_id == variant_id, Price.group_id == group_id, prices.c.unit_currency == currency
    )


async def group_exists(session: AsyncSession, group_id: UUID) -> bool:
    """Tell whether customers told of this group."""
    return await session.get(BuyerGroup, group_id) is not None
