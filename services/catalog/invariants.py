"""What must hold at rest, whatever happened; each check answers a sentence per drift."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.holds import TAKING
from services.catalog.models import Hold, HoldLine, Stock, StockMovement, Variant
from services.catalog.repository import holds


async def on_hand_is_the_sum_of_movements(session: AsyncSession) -> list[str]:
    """Every variant's on_hand is what its movements add up to."""
    moved = (
        select(StockMovement.variant_id, func.sum(StockMovement.quantity).label("quantity"))
        .group_by(StockMovement.variant_id)
        .subquery()
    )
    total = func.coalesce(moved.c.quantity, Decimal(0))
    statement = _stock(Stock.on_hand, total).outerjoin(moved, moved.c.variant_id == Stock.variant_id)
    return [
        f"{sku} has {on_hand} on hand, its movements add up to {sum_}"
        for sku, on_hand, sum_ in await session.execute(statement.where(Stock.on_hand != total))
    ]


async def reserved_is_what_orders_hold(session: AsyncSession) -> list[str]:
    """Every variant's reserved is the sum of the lines of its held and allocated holds."""
    taken = (
        select(HoldLine.variant_id, func.sum(HoldLine.quantity).label("quantity"))
        .join(Hold, Hold.order_id == HoldLine.order_id)
        .where(Hold.state.in_(TAKING))
        .group_by(HoldLine.variant_id)
        .subquery()
    )
    total = func.coalesce(taken.c.quantity, Decimal(0))
    statement = _stock(Stock.reserved, total).outerjoin(taken, taken.c.variant_id == Stock.variant_id)
    return [
        f"{sku} has {reserved} reserved, its orders hold {sum_}"
        for sku, reserved, sum_ in await session.execute(statement.where(Stock.reserved != total))
    ]


async def nothing_is_promised_twice(session: AsyncSession) -> list[str]:
    """No variant has more reserved than on hand, or less than nothing."""
    statement = _stock(Stock.reserved, Stock.on_hand)
    outside = (Stock.reserved < 0) | (Stock.reserved > Stock.on_hand)
    return [
        f"{sku} has {reserved} reserved of {on_hand} on hand"
        for sku, reserved, on_hand in await session.execute(statement.where(outside))
    ]


async def no_hold_outlives_its_time(session: AsyncSession) -> list[str]:
    """No hold waits for its order much longer than it may."""
    return [f"the hold of order {order_id} should have been swept" for order_id in await holds.overdue(session)]


def _stock(*figures: ColumnElement[Decimal]) -> Select[tuple[str, Decimal, Decimal]]:
    return select(Variant.sku, *figures).select_from(Stock).join(Variant, Variant.id == Stock.variant_id)


ALL: tuple[Callable[[AsyncSession], Awaitable[list[str]]], ...] = (
    on_hand_is_the_sum_of_movements,
    reserved_is_what_orders_hold,
    nothing_is_promised_twice,
    no_hold_outlives_its_time,
)
