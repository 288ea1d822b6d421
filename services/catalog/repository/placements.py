"""Which warehouse keeps what for which order: read and changed in sets, however many orders and lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Numeric,
    Row,
    TableValuedAlias,
    Uuid,
    any_,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.allocations import Filled, Kept, Need, Shelf
from services.catalog.domain.holds import HoldState
from services.catalog.repository.stock import IDS, WANTED
from services.catalog.repository.tables import allocation_lines as kept
from services.catalog.repository.tables import hold_lines as lines
from services.catalog.repository.tables import holds, variants, warehouse_stocks, warehouses

ZERO: ColumnElement[Any] = literal_column("0")  # a parameter would hide the partial index
_ORDERS = bindparam("order_ids", type_=ARRAY(Uuid()))


def _given(name: str, **columns: Any) -> TableValuedAlias:
    """Return rows as they are given: an array per column, called "<name>_<column>"."""
    arrays = [bindparam(f"{name}_{each}", type_=ARRAY(type_)) for each, type_ in columns.items()]
    rows = func.unnest(*arrays).table_valued(*(column(each, type_) for each, type_ in columns.items()))
    return rows.render_derived(name)


_part = _given("part", order_id=Uuid(), variant_id=Uuid(), warehouse_id=Uuid(), quantity=Numeric())
_line = _given("line", order_id=Uuid(), variant_id=Uuid(), waits=Numeric(), promised=Numeric())
_at = (kept.c.order_id == _part.c.order_id, kept.c.variant_id == _part.c.variant_id)
_there = (*_at, kept.c.warehouse_id == _part.c.warehouse_id)


def _on_shelves(parts: Any, sign: int) -> CTE:
    """Return the change of what warehouses keep in all: more by the parts, or less."""
    sums = (
        select(parts.c.variant_id, parts.c.warehouse_id, func.sum(parts.c.quantity).label("quantity"))
        .group_by(parts.c.variant_id, parts.c.warehouse_id)
        .subquery("sums")
    )
    return (
        update(warehouse_stocks)
        .where(warehouse_stocks.c.variant_id == sums.c.variant_id)
        .where(warehouse_stocks.c.warehouse_id == sums.c.warehouse_id)
        .values(allocated=warehouse_stocks.c.allocated + sign * sums.c.quantity)
        .cte("shelves")
    )


_kept = [each.name for each in kept.c]
_new = insert(kept).from_select(_kept, select(_part))
_sum = kept.c.quantity + _new.excluded.quantity
_more = _new.on_conflict_do_update(constraint=kept.primary_key, set_={"quantity": _sum})
_keep = (
    update(lines)
    .where(lines.c.order_id == _line.c.order_id, lines.c.variant_id == _line.c.variant_id)
    .where((lines.c.waits != _line.c.waits) | (_line.c.promised != 0))
    .values(
        waits=_line.c.waits,
        quantity=lines.c.quantity + _line.c.promised,
        short=lines.c.short - _line.c.promised,
    )
    .add_cte(_more.cte("kept"), _on_shelves(_part, 1))
)
_away = (
    select(_part.c.order_id, _part.c.variant_id, func.sum(_part.c.quantity).label("quantity"))
    .group_by(_part.c.order_id, _part.c.variant_id)
    .subquery("away")
)
_less = update(kept).where(*_there, kept.c.quantity > _part.c.quantity)
_take_away = (
    update(lines)
    .where(lines.c.order_id == _away.c.order_id, lines.c.variant_id == _away.c.variant_id)
    .values(waits=lines.c.waits + _away.c.quantity)
    .add_cte(
        _less.values(quantity=kept.c.quantity - _part.c.quantity).cte("less"),
        delete(kept).where(*_there, kept.c.quantity == _part.c.quantity).cte("gone"),
        _on_shelves(_part, -1),
    )
)
_returned = delete(kept).where(kept.c.order_id == any_(_ORDERS)).returning(*kept.c).cte("returned")
_let_go = (
    update(lines)
    .where(lines.c.order_id == any_(_ORDERS), lines.c.waits + lines.c.short > ZERO)
    .values(waits=0, short=0)
    .add_cte(_on_shelves(_returned, -1))
)
_shelves = (
    select(warehouse_stocks.c.variant_id, warehouses.c.id, warehouses.c.priority, warehouses.c.created_at)
    .add_columns(warehouse_stocks.c.on_hand, warehouse_stocks.c.allocated)
    .join(warehouses, warehouses.c.id == warehouse_stocks.c.warehouse_id)
    .where(warehouse_stocks.c.variant_id == any_(IDS))
    .order_by(warehouse_stocks.c.variant_id, warehouse_stocks.c.warehouse_id)
    .with_for_update(key_share=True, of=warehouse_stocks)
)
_oldest_first = (holds.c.created_at, lines.c.order_id)
_before = func.sum(lines.c.waits).over(partition_by=lines.c.variant_id, order_by=_oldest_first) - lines.c.waits
_queue = (
    select(*(lines.c[name] for name in ("order_id", "variant_id", "waits", "short")))
    .add_columns(holds.c.created_at, _before.label("before"))
    .join(holds, holds.c.order_id == lines.c.order_id)
    .where(lines.c.variant_id == any_(IDS), lines.c.waits + lines.c.short > ZERO, holds.c.state == HoldState.ALLOCATED)
    .subquery("queue")
)
_waiting = (
    select(_queue.c.order_id, _queue.c.variant_id, _queue.c.waits, _queue.c.short)
    .join(WANTED, WANTED.c.variant_id == _queue.c.variant_id)
    .where(_queue.c.before < WANTED.c.quantity)
    .order_by(_queue.c.variant_id, _queue.c.created_at, _queue.c.order_id)
)
_newer_first = (holds.c.created_at.desc(), kept.c.order_id.desc())
_newer = func.sum(kept.c.quantity).over(partition_by=(kept.c.variant_id, kept.c.warehouse_id), order_by=_newer_first)
_crowd = _given("crowd", variant_id=Uuid(), warehouse_id=Uuid(), excess=Numeric())
_ranked = (
    select(*kept.c, _crowd.c.excess, holds.c.created_at, (_newer - kept.c.quantity).label("before"))
    .join(holds, holds.c.order_id == kept.c.order_id)
    .join(_crowd, (_crowd.c.variant_id == kept.c.variant_id) & (_crowd.c.warehouse_id == kept.c.warehouse_id))
    .subquery("ranked")
)
_newest = (
    select(*(_ranked.c[name] for name in _kept))
    .where(_ranked.c.before < _ranked.c.excess)
    .order_by(_ranked.c.created_at.desc(), _ranked.c.order_id.desc())
)
_of_order = (
    select(*(lines.c[name] for name in ("variant_id", "quantity", "waits", "short")), variants.c.sku)
    .add_columns(warehouses.c.code.label("warehouse"), kept.c.quantity.label("kept"))
    .join(holds, holds.c.order_id == lines.c.order_id)
    .join(variants, variants.c.id == lines.c.variant_id)
    .outerjoin(kept, (kept.c.order_id == lines.c.order_id) & (kept.c.variant_id == lines.c.variant_id))
    .outerjoin(warehouses, warehouses.c.id == kept.c.warehouse_id)
    .where(lines.c.order_id == bindparam("order_id", type_=Uuid()), holds.c.state == HoldState.ALLOCATED)
    .order_by(variants.c.sku, warehouses.c.priority.desc(), warehouses.c.created_at, warehouses.c.id)
)


async def shelves(session: AsyncSession, variant_ids: Collection[UUID]) -> list[Shelf]:
    """Return what warehouses have of variants, locked until the transaction ends. One statement."""
    return [Shelf(*row) for row in await session.execute(_shelves, {"variant_ids": list(variant_ids)})]


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Row[Any]]:
    """Return what is kept for a confirmed order: a row per line and warehouse, or one without. One statement."""
    return (await session.execute(_of_order, {"order_id": order_id})).all()


async def waiting(session: AsyncSession, free: Mapping[UUID, Decimal]) -> list[Need]:
    """Return the oldest confirmed orders that lack goods, as far as so many of each may reach. One statement."""
    given = {"variant_ids": list(free), "quantities": list(free.values())}
    return [Need(*row) for row in await session.execute(_waiting, given)]


async def newest(session: AsyncSession, crowded: Sequence[Shelf]) -> list[Kept]:
    """Return what the newest orders have on shelves that keep more than they have, as far as needed. One statement."""
    given = {
        "crowd_variant_id": [shelf.variant_id for shelf in crowded],
        "crowd_warehouse_id": [shelf.warehouse_id for shelf in crowded],
        "crowd_excess": [shelf.excess for shelf in crowded],
    }
    return [Kept(*row) for row in await session.execute(_newest, given)]


async def keep(session: AsyncSession, filled: Iterable[Filled]) -> None:
    """Record what orders got, from which warehouse, and what they still wait for. One statement."""
    filled = list(filled)
    given = {
        "line_order_id": [each.need.order_id for each in filled],
        "line_variant_id": [each.need.variant_id for each in filled],
        "line_waits": [each.waits for each in filled],
        "line_promised": [each.promised for each in filled],
    }
    await session.execute(_keep, given | _as_arrays([part for each in filled for part in each.kept]))


async def take_away(session: AsyncSession, parts: Sequence[Kept]) -> None:
    """Record that warehouses no longer keep these, so that their orders wait for them. One statement."""
    await session.execute(_take_away, _as_arrays(parts))


async def let_go(session: AsyncSession, order_ids: Collection[UUID]) -> None:
    """Record that warehouses keep nothing for these orders, and that they wait for nothing. One statement.

    The shelves of their variants are locked.
    """
    await session.execute(_let_go, {"order_ids": list(order_ids)})


def _as_arrays(parts: Sequence[Kept]) -> dict[str, list[Any]]:
    names = ("order_id", "variant_id", "warehouse_id", "quantity")
    return {f"part_{name}": [getattr(part, name) for part in parts] for name in names}
