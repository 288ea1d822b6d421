"""Which warehouse keeps what for which order: by priority of warehouses, the oldest orders first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from services.catalog.domain.stock import NONE


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many of a variant a warehouse has, and how many of those it keeps for orders.

    `priority` and `since` (UTC, when the warehouse was made) say which warehouse comes first.
    """

    variant_id: UUID
    warehouse_id: UUID
    priority: int
    since: datetime
    on_hand: Decimal = NONE
    allocated: Decimal = NONE

    @property
    def free(self) -> Decimal:
        """Return how many of the goods are kept for nobody."""
        return max(self.on_hand - self.allocated, NONE)

    @property
    def excess(self) -> Decimal:
        """Return how many more are kept for orders than are there."""
        return max(self.allocated - self.on_hand, NONE)


@dataclass(frozen=True, slots=True)
class Need:
    """What a confirmed order has no goods for: `waits` is promised to it, `short` not even that."""

    order_id: UUID
    variant_id: UUID
    waits: Decimal
    short: Decimal = NONE


@dataclass(frozen=True, slots=True)
class Kept:
    """What a warehouse keeps for an order."""

    order_id: UUID
    variant_id: UUID
    warehouse_id: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a need: what is kept for it now, and what of its shortfall is `promised` to it at last."""

    need: Need
    promised: Decimal
    kept: tuple[Kept, ...]

    @property
    def got(self) -> Decimal:
        """Return how many the order got."""
        return sum((part.quantity for part in self.kept), NONE)

    @property
    def waits(self) -> Decimal:
        """Return how many are promised to the order and in no warehouse yet."""
        return self.need.waits + self.promised - self.got

    @property
    def left(self) -> Decimal:
        """Return how many the order still lacks, promised or not."""
        return self.need.waits + self.need.short - self.got


def place(needs: Iterable[Need], shelves: Iterable[Shelf], promisable: Mapping[UUID, Decimal]) -> list[Filled]:
    """Return what each need gets, in the order given: first come, first served.

    Goods come from the warehouse of the highest priority that has some, of equal ones from the oldest, then the lowest
    id. `promisable`: how many more of each variant may be promised, for what was short.
    """
    free: dict[UUID, dict[Shelf, Decimal]] = {}
    for shelf in sorted(shelves, key=_rank):
        free.setdefault(shelf.variant_id, {})[shelf] = shelf.free
    promises = dict(promisable)
    return [_fill(need, free.get(need.variant_id, {}), promises) for need in needs]


def _rank(shelf: Shelf) -> tuple[int, datetime, UUID]:
    return -shelf.priority, shelf.since, shelf.warehouse_id


def _fill(need: Need, free: dict[Shelf, Decimal], promises: dict[UUID, Decimal]) -> Filled:
    """Return what a need gets, taken off what is free and what may be promised."""
    promised = min(need.short, max(promises.get(need.variant_id, NONE), NONE))
    promises[need.variant_id] = promises.get(need.variant_id, NONE) - promised
    kept, wanted = [], need.waits + promised
    for shelf, there in free.items():
        if part := min(wanted, there):
            kept.append(Kept(need.order_id, need.variant_id, shelf.warehouse_id, part))
            free[shelf], wanted = there - part, wanted - part
    return Filled(need, promised, tuple(kept))


def displaced(shelves: Iterable[Shelf], newest_first: Sequence[Kept]) -> list[Kept]:
    """Return what shelves that keep more than they have can no longer keep: the newest orders give way.

    `newest_first`: what those shelves keep, each shelf's newest orders first.
    """
    taken = []
    by_shelf = {(shelf.variant_id, shelf.warehouse_id): shelf.excess for shelf in shelves}
    for part in newest_first:
        place_ = (part.variant_id, part.warehouse_id)
        away = min(part.quantity, by_shelf[place_])
        if away:
            taken.append(replace(part, quantity=away))
            by_shelf[place_] -= away
    return taken


def uncrowded(shelves: Iterable[Shelf]) -> list[Shelf]:
    """Return shelves as they are once they keep no more than they have."""
    return [replace(shelf, allocated=min(shelf.allocated, shelf.on_hand)) for shelf in shelves]


def news(filled: Iterable[Filled], away: Iterable[Kept]) -> Iterator[tuple[UUID, list[tuple[Filled, Decimal]]]]:
    """Yield each variant with what orders got of it; goods that only changed their warehouse are no news."""
    moved: dict[tuple[UUID, UUID], Decimal] = {}
    for part in away:
        key = (part.order_id, part.variant_id)
        moved[key] = moved.get(key, NONE) + part.quantity
    gains = [(each, each.got - moved.get((each.need.order_id, each.need.variant_id), NONE)) for each in filled]
    told = [(each, gain) for each, gain in gains if gain > 0]
    for variant_id, group in groupby(told, key=lambda pair: pair[0].need.variant_id):
        yield variant_id, list(group)
