"""What must hold at rest, whatever happened; each check answers a sentence per drift."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.holds import TAKING, HoldState
from services.catalog.repository.allocations import doubted, missed
from services.catalog.repository.holds import overdue
from services.catalog.repository.stock import PROMISABLE
from services.catalog.repository.tables import allocation_lines as kept
from services.catalog.repository.tables import hold_lines, holds, movements, stocks, variants, warehouses
from services.catalog.repository.tables import warehouse_stocks as shelves
from shared.messaging.invariants import Invariant

_places = shelves.join(variants, variants.c.id == shelves.c.variant_id).join(
    warehouses, warehouses.c.id == shelves.c.warehouse_id
)


async def on_hand_is_the_sum_of_movements(session: AsyncSession) -> list[str]:
    """Every variant's on_hand is what its movements add up to."""
    moved = select(movements.c.variant_id, func.sum(movements.c.quantity).label("quantity"))
    drifts = await _differing(session, stocks.c.on_hand, moved.group_by(movements.c.variant_id).subquery())
    return [f"{row.sku} has {row.kept} on hand, its movements add up to {row.counted}" for row in drifts]


async def a_warehouse_has_the_sum_of_its_movements(session: AsyncSession) -> list[str]:
    """What a warehouse has of a variant is what the movements of that variant there add up to."""
    counted = (
        select(movements.c.variant_id, movements.c.warehouse_id, func.sum(movements.c.quantity).label("quantity"))
        .group_by(movements.c.variant_id, movements.c.warehouse_id)
        .subquery()
    )
    drifts = await _differing_by_place(session, shelves.c.on_hand, counted)
    return [f"{row.sku} has {row.kept} in {row.code}, its movements there add up to {row.counted}" for row in drifts]


async def on_hand_is_the_sum_over_warehouses(session: AsyncSession) -> list[str]:
    """Every variant's on_hand is what its warehouses have together."""
    there = select(shelves.c.variant_id, func.sum(shelves.c.on_hand).label("quantity"))
    drifts = await _differing(session, stocks.c.on_hand, there.group_by(shelves.c.variant_id).subquery())
    return [f"{row.sku} has {row.kept} on hand, its warehouses have {row.counted}" for row in drifts]


async def a_warehouse_keeps_what_orders_are_allocated(session: AsyncSession) -> list[str]:
    """What a warehouse keeps of a variant is the sum of the allocations from it, and is there."""
    counted = (
        select(kept.c.variant_id, kept.c.warehouse_id, func.sum(kept.c.quantity).label("quantity"))
        .group_by(kept.c.variant_id, kept.c.warehouse_id)
        .subquery()
    )
    drifts = await _differing_by_place(session, shelves.c.allocated, counted)
    crowded = (
        select(variants.c.sku, warehouses.c.code, shelves.c.on_hand, shelves.c.allocated)
        .select_from(_places)
        .where(shelves.c.allocated > shelves.c.on_hand)
    )
    return [
        *(f"{row.code} keeps {row.kept} of {row.sku}, its allocations add up to {row.counted}" for row in drifts),
        *(
            f"{row.code} keeps {row.allocated} of {row.sku} and has {row.on_hand}"
            for row in await session.execute(crowded)
        ),
    ]


async def orders_have_goods_or_wait_for_them(session: AsyncSession) -> list[str]:
    """What a confirmed order has taken is in warehouses or awaited; any other order has nothing in a warehouse."""
    got = (
        select(kept.c.order_id, kept.c.variant_id, func.sum(kept.c.quantity).label("quantity"))
        .group_by(kept.c.order_id, kept.c.variant_id)
        .subquery()
    )
    counted = func.coalesce(got.c.quantity, Decimal(0))
    due = case((holds.c.state == HoldState.ALLOCATED, hold_lines.c.quantity - hold_lines.c.waits), else_=0)
    statement = (
        select(holds.c.order_id, variants.c.sku, due.label("due"), counted.label("counted"))
        .select_from(hold_lines.join(holds).join(variants, variants.c.id == hold_lines.c.variant_id))
        .outerjoin(got, (got.c.order_id == holds.c.order_id) & (got.c.variant_id == hold_lines.c.variant_id))
        .where(due != counted)
    )
    return [
        f"order {row.order_id} should have {row.due} of {row.sku} in warehouses and has {row.counted}"
        for row in await session.execute(statement)
    ]


async def no_order_waits_for_goods_that_are_there(session: AsyncSession) -> list[str]:
    """No confirmed order waits for goods of a variant that a warehouse keeps for nobody."""
    awaited = (
        select(hold_lines.c.variant_id, func.sum(hold_lines.c.waits).label("quantity"))
        .where(hold_lines.c.waits > 0)
        .group_by(hold_lines.c.variant_id)
        .subquery()
    )
    statement = (
        select(variants.c.sku, warehouses.c.code, awaited.c.quantity, (shelves.c.on_hand - shelves.c.allocated))
        .select_from(_places.join(awaited, awaited.c.variant_id == shelves.c.variant_id))
        .where(shelves.c.on_hand > shelves.c.allocated)
    )
    return [
        f"orders wait for {quantity} of {sku}, and {code} keeps {free} for nobody"
        for sku, code, quantity, free in await session.execute(statement)
    ]


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
    """No variant has more reserved than on hand and what may be sold ahead, or less than nothing."""
    statement = (
        select(variants.c.sku, stocks.c.reserved, stocks.c.on_hand)
        .join(variants, variants.c.id == stocks.c.variant_id)
        .where((stocks.c.reserved < 0) | (PROMISABLE < 0))
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


async def _differing_by_place(session: AsyncSession, kept_: ColumnElement[Any], sums: FromClause) -> list[Row[Any]]:
    """Return the variants and warehouses of which a figure kept is not the sum counted, or is not kept at all."""
    counted = func.coalesce(sums.c.quantity, Decimal(0))
    same = (sums.c.variant_id == shelves.c.variant_id) & (sums.c.warehouse_id == shelves.c.warehouse_id)
    joined = shelves.outerjoin(sums, same, full=True)
    variant_id = func.coalesce(shelves.c.variant_id, sums.c.variant_id)
    warehouse_id = func.coalesce(shelves.c.warehouse_id, sums.c.warehouse_id)
    joined = joined.join(variants, variants.c.id == variant_id).join(warehouses, warehouses.c.id == warehouse_id)
    figure = func.coalesce(kept_, Decimal(0))
    statement = select(variants.c.sku, warehouses.c.code, figure.label("kept"), counted.label("counted"))
    return list(await session.execute(statement.select_from(joined).where(figure != counted)))


ALL: tuple[Invariant, ...] = (
    on_hand_is_the_sum_of_movements,
    on_hand_is_the_sum_over_warehouses,
    a_warehouse_has_the_sum_of_its_movements,
    a_warehouse_keeps_what_orders_are_allocated,
    orders_have_goods_or_wait_for_them,
    no_order_waits_for_goods_that_are_there,
    reserved_is_what_orders_hold,
    nothing_is_promised_twice,
    no_hold_outlives_its_time,
    goods_are_kept_for_orders_that_need_them,
    orders_have_the_goods_they_need,
)
