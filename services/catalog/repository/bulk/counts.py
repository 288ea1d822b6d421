"""The stock of many variants, locked to be counted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String

from services.catalog.domain.allocations import Shelf
from services.catalog.domain.bulk.counting import Pile
from services.catalog.repository import placements, stock
from services.catalog.repository.tables import variants, warehouses

_decimals = (
    select(variants.c.id, variants.c.sku, variants.c.quantity_decimals)
    .where(variants.c.sku == any_(bindparam("skus", type_=ARRAY(String()))))
    .order_by(variants.c.id)
    # None is deleted meanwhile: what is locked here comes before its stock.
    .with_for_update(read=True, key_share=True)
)
_in_use = (
    select(warehouses)
    .where(warehouses.c.active)
    .order_by(warehouses.c.priority.desc(), warehouses.c.created_at, warehouses.c.id)
    .with_for_update(read=True, key_share=True)
)


async def in_use(session: AsyncSession) -> dict[str, Shelf]:
    """Return an empty shelf of each warehouse in use, by code, the first to take from first; none closes meanwhile."""
    nothing = UUID(int=0)
    rows = await session.execute(_in_use)
    return {row.code: Shelf(nothing, row.id, row.priority, row.created_at) for row in rows}


async def piles(session: AsyncSession, skus: Collection[str]) -> dict[str, Pile]:
    """Return the stock of these SKUs, locked to move. Three statements."""
    found = {row.id: row for row in await session.execute(_decimals, {"skus": list(skus)})}
    levels = await stock.lock_to_move(session, list(found))
    piles = {id_: Pile(level, found[id_].quantity_decimals) for id_, level in levels.items()}
    for shelf in await placements.shelves(session, list(found)):
        piles[shelf.variant_id].shelves[shelf.warehouse_id] = shelf
    return {pile.level.sku: pile for pile in piles.values()}
