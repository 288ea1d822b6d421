"""What must hold at rest, whatever happened; each check answers a sentence per drift."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.holds import TAKING
from services.catalog.repository.allocations import doubted, missed
from services.catalog.repository.holds import overdue
from services.catalog.repository.tables import hold_lines, holds, movements, stocks, variants
from shared.messaging.invariants import Invariant


async def on_hand_is_the_sum_of_movements(session: AsyncSession) -> list[str]:
    """Every variant's on_hand is what its movements add up to."""
    moved = select(movements.c.variant_id, func.sum(movements.c.quantity).label("quantity"))
    drifts = await _differing(session, stocks.c.on_hand, moved.group_by(movements.c.variant_id).subquery())
    return [f"{row.sku} has {row.kept} on hand, its movements add up to {row.counted}" for row in drifts]


async def reserved_is_what_orders_hold(session: AsyncSession) -> list[str]:
    """Every variant's reserved is the sum of the lines of its held and allocated holds."""
    taken = (
        select(hold_lines.c.variant_id, func.sum(hold_lines.c.quantity).label("quantity"))
        .join(holds, holds.c.order_id == hold_lines.c.order_id)
        .where(holds.c.state.in_(TAKING))
        .group_by(hold_lines.c.variant_id)
        .subquery()
    )
    drifts = await _differing(session, stocks.c.reserved, taken)
    return [f"{row.sku} has {row.kept} reserved, its orders hold {row.counted}" for row in drifts]


async def nothing_is_promised_twice(session: AsyncSession) -> list[str]:
    """No variant has more reserved than on hand, or less than nothing."""
    statement = (
        select(variants.c.sku, stocks.c.reserved, stocks.c.on_hand)
        .join(variants, variants.c.id == stocks.c.variant_id)
        .where((stocks.c.reserved < 0) | (stocks.c.reserved > stocks.c.on_hand))
    )
    return [f"{row.sku} has {row.reserved} reserved of {row.on_hand}" for row in await session.execute(statement)]


async def no_hold_outlives_its_time(session: AsyncSession) -> list[str]:
    """No hold waits for its order much longer than it may."""
    return [f"the hold of order {order_id} should have been swept" for order_id in await overdue(session)]


async def goods_are_kept_for_orders_that_need_them(session: AsyncSession) -> list[str]:
    """No goods stay allocated to an order that orders does not know, has cancelled or has shipped."""
    return [
        f"goods are allocated to order {row.order_id}, which orders has not needed since {row.doubted_at:%F %T %Z}"
        for row in await doubted(session)
    ]


async def orders_have_the_goods_they_need(session: AsyncSession) -> list[str]:
    """No confirmed order that is yet to be shipped is without goods allocated to it."""
    return [
        f"order {row.order_id} is to be shipped and has had no goods allocated since {row.missed_at:%F %T %Z}"
        for row in await missed(session)
    ]


async def _differing(session: AsyncSession, kept: ColumnElement[Any], sums: FromClause) -> list[Row[Any]]:
    """Return the variants of which a figure kept is not the sum counted."""
    counted = func.coalesce(sums.c.quantity, Decimal(0))
    joined = stocks.join(variants, variants.c.id == stocks.c.variant_id)
    statement = (
        select(variants.c.sku, kept.label("kept"), counted.label("counted"))
        .select_from(joined.outerjoin(sums, sums.c.variant_id == stocks.c.variant_id))
        .where(kept != counted)
    )
    return list(await session.execute(statement))


ALL: tuple[Invariant, ...] = (
    on_hand_is_the_sum_of_movements,
    reserved_is_what_orders_hold,
    nothing_is_promised_twice,
    no_hold_outlives_its_time,
    goods_are_kept_for_orders_that_need_them,
    orders_have_the_goods_they_need,
)
