"""The ledger of movements: what came and went, with the figures that follow from it, in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Numeric, String, Uuid, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.allocations import Shelf
from services.catalog.domain.movements import Move
from services.catalog.repository.tables import movements, stocks, warehouse_stocks
from shared.contracts.catalog.movements import MovementKind


@dataclass(frozen=True, slots=True)
class Cause:
    """Why goods move, and at whose request: `ids` has one for each movement."""

    ids: Sequence[UUID]
    kind: MovementKind
    reference: str
    actor: dict[str, Any]
    digest: bytes | None


_columns: dict[str, Any] = {"id": Uuid(), "variant_id": Uuid(), "warehouse_id": Uuid(), "quantity": Numeric()}
_moves = (
    func.unnest(*(bindparam(f"moves_{name}", type_=ARRAY(type_)) for name, type_ in _columns.items()))
    .table_valued(*(column(name, type_) for name, type_ in _columns.items()))
    .render_derived("moves")
)
_places: dict[str, Any] = {"variant_id": Uuid(), "warehouse_id": Uuid(), "on_hand": Numeric()}
_of_all: dict[str, Any] = {"kind": String(), "reference": String(), "actor": JSONB(), "request_digest": LargeBinary()}
_ledger = (
    insert(movements)
    .from_select(
        [*_columns, *_of_all],
        select(_moves, *(bindparam(name, type_=type_) for name, type_ in _of_all.items())),
        include_defaults=False,
    )
    .cte("ledger")
)
_shelves_given = (
    func.unnest(*(bindparam(f"shelf_{name}", type_=ARRAY(type_)) for name, type_ in _places.items()))
    .table_valued(*(column(name, type_) for name, type_ in _places.items()))
    .render_derived("shelf")
)
_shelf = insert(warehouse_stocks).from_select([*_places], select(_shelves_given), include_defaults=False)
_shelves = _shelf.on_conflict_do_update(
    constraint=warehouse_stocks.primary_key, set_={"on_hand": _shelf.excluded.on_hand}
).cte("shelves")
_sums = (
    select(_moves.c.variant_id, func.sum(_moves.c.quantity).label("quantity"))
    .group_by(_moves.c.variant_id)
    .subquery("sums")
)
_record = (
    update(stocks)
    .where(stocks.c.variant_id == _sums.c.variant_id)
    .values(on_hand=stocks.c.on_hand + _sums.c.quantity, version=stocks.c.version + 1)
    .add_cte(_ledger, _shelves)
)


async def record(session: AsyncSession, moves: Sequence[Move], after: Iterable[Shelf], cause: Cause) -> None:
    """Add movements to the ledger, and to what is there: in each warehouse and in all. One statement.

    The stock and the shelves of the variants are locked to move; `after` is how the movements leave the shelves.
    """
    moved = {(move.variant_id, move.warehouse_id) for move in moves}
    shelves = [shelf for shelf in after if (shelf.variant_id, shelf.warehouse_id) in moved]
    given = {
        "moves_id": list(cause.ids),
        "moves_variant_id": [move.variant_id for move in moves],
        "moves_warehouse_id": [move.warehouse_id for move in moves],
        "moves_quantity": [move.quantity for move in moves],
        **{f"shelf_{name}": [getattr(shelf, name) for shelf in shelves] for name in _places},
        "kind": str(cause.kind),
        "reference": cause.reference,
        "actor": cause.actor,
        "request_digest": cause.digest,
    }
    await session.execute(_record, given)
