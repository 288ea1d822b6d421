"""A price list and those of its rows that a file may change."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import PriceList
from services.catalog.repository import price_lists
from services.catalog.repository.tables import price_rows
from shared.contracts.catalog.price_lists import PriceListNotFound

Standing = dict[tuple[UUID, Decimal], Mapping[str, Any]]
"""Rows by what they are about and from which quantity on."""


async def by_code(session: AsyncSession, code: str) -> PriceList | None:
    """Return the price list of a code, locked until the transaction ends."""
    return await session.scalar(select(PriceList).where(PriceList.code == code).with_for_update())


async def currency(session: AsyncSession, code: str) -> str:
    """Return the currency of a price list, "" where there is no such list any more."""
    return await session.scalar(select(PriceList.currency).where(PriceList.code == code)) or ""


async def check_exists(session: AsyncSession, code: str) -> None:
    """Raise PriceListNotFound where there is no price list of a code."""
    if not await price_lists.code_taken(session, code):
        raise PriceListNotFound(f"There is no price list {code}; GET /v1/price-lists lists them.")


async def rows(session: AsyncSession, list_id: UUID, target_ids: Collection[UUID]) -> Standing:
    """Return a list's rows about these targets, by target and quantity. One statement."""
    wanted = select(price_rows).where(price_rows.c.list_id == list_id, price_rows.c.target_id.in_(target_ids))
    found = (await session.execute(wanted)).mappings()
    return {(row["target_id"], row["min_qty"]): dict(row) for row in found}
