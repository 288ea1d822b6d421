"""What rows of stock make of it: each count becomes a movement of the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.allocations import Shelf
from services.catalog.domain.bulk.rows import Fault, Report, Row
from services.catalog.domain.movements import Move
from services.catalog.domain.stock import MOST, Level, check_keeps_promises
from shared.contracts.catalog.stock import StockPromised


@dataclass(slots=True)
class Pile:
    """The stock of a variant: its level in all, how finely its unit is divided, and what each warehouse has."""

    level: Level
    decimals: int
    shelves: dict[UUID, Shelf] = field(default_factory=dict)


def count(
    rows: Sequence[Row], piles: Mapping[str, Pile], warehouses: Mapping[str, Shelf], usual: str, report: Report
) -> list[Move]:
    """Return the movements that the rows call for.

    `piles` are by SKU; shelves that goods come to for the first time are put on them. `warehouses`: an empty shelf of
    each that is in use, by code; `usual` is where rows are that name none. A count that leaves fewer than orders were
    promised is refused, unless so many may be sold ahead.
    """
    moves, totals = [], {pile.level.variant_id: pile.level.on_hand for pile in piles.values()}
    for row in rows:
        try:
            pile, place = _found(row, piles, warehouses, usual)
            there = pile.shelves.get(place.warehouse_id)
            before = there.on_hand if there else Decimal(0)
            moved = row["on_hand"] - before
            _check(row["on_hand"], moved, totals[pile.level.variant_id] + moved, pile)
        except Fault as fault:
            report.refuse(row, fault)
            continue
        if moved:
            id_ = pile.level.variant_id
            pile.shelves.setdefault(place.warehouse_id, replace(place, variant_id=id_))
            totals[id_] += moved
            moves.append(Move(id_, place.warehouse_id, moved, "/on_hand"))
        report.note(row.number, new=False, differences=[("on_hand", before, row["on_hand"])] if moved else [])
    return moves


def _found(row: Row, piles: Mapping[str, Pile], warehouses: Mapping[str, Shelf], usual: str) -> tuple[Pile, Shelf]:
    pile, code = piles.get(row["sku"]), row["warehouse"] or usual
    if pile is None:
        raise Fault("SKU_UNKNOWN", "There is no such SKU; import its product first.", "sku")
    if code not in warehouses:
        raise Fault("WAREHOUSE_UNKNOWN", f"No warehouse {code} is in use; create or activate it.", "warehouse")
    return pile, warehouses[code]


def _check(on_hand: Decimal, moved: Decimal, total: Decimal, pile: Pile) -> None:
    if on_hand != round(on_hand, pile.decimals):
        message = f"Its quantities have at most {pile.decimals} decimals; round the count."
        raise Fault("TOO_PRECISE", message, "on_hand")
    if total > MOST:
        raise Fault("TOO_LARGE", f"No more than {MOST} of one SKU can be kept in all.", "on_hand")
    if moved < 0:
        try:
            check_keeps_promises(replace(pile.level, on_hand=total))
        except StockPromised as refusal:
            raise Fault(refusal.code, refusal.detail, "on_hand") from None
