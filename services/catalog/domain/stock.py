"""Stock as quantities: what is there, what may be promised of it, what an order takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.catalog.stock import HeldLine, OutOfStock, SellAhead, StockPromised
from shared.contracts.values import as_number
from shared.kernel.problems import FieldError, Malformed

MOST = Decimal("99999999999.999")
"""More than this of one variant is neither kept nor promised, whatever comes in."""
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Level:
    """How many of a variant are there, in all warehouses together, and how many are promised to orders.

    `ahead_limit`: how many more may be promised than are there, None without limit. At `low_at` or fewer left, people
    are told.
    """

    variant_id: UUID
    sku: str
    on_hand: Decimal
    reserved: Decimal
    ahead: SellAhead
    ahead_limit: Decimal | None
    low_at: Decimal | None
    version: int

    @property
    def available(self) -> Decimal:
        """Return how many are left, promises taken off; below zero where goods were sold ahead."""
        return self.on_hand - self.reserved

    @property
    def promisable(self) -> Decimal:
        """Return how many more may be promised: what is left, and what may be sold ahead."""
        return min(self.on_hand + may_go_ahead(self.ahead, self.ahead_limit), MOST) - self.reserved


class Crossing(StrEnum):
    """What a change of what is left means to people."""

    RAN_LOW = "ran_low"
    RAN_OUT = "ran_out"
    CAME_BACK = "came_back"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order takes of a variant, and what it lacks."""

    variant_id: UUID
    quantity: Decimal
    short: Decimal = NONE


def may_go_ahead(ahead: SellAhead, limit: Decimal | None) -> Decimal:
    """Return how many more may be promised than are there."""
    if ahead is SellAhead.NONE:
        return NONE
    return MOST if limit is None else limit


def limit_of(ahead: SellAhead, limit: Decimal | None) -> Decimal | None:
    """Return the limit to keep: none may go ahead where nothing is sold ahead."""
    return NONE if ahead is SellAhead.NONE else limit


def crossings(before: Decimal, after: Decimal, low_at: Decimal | None) -> list[Crossing]:
    """Return what people are to be told when so many are left as after, where so many were as before.

    Each is told when its line is crossed and not again on the same side of it.
    """
    told = []
    if low_at is not None and after <= low_at < before:
        told.append(Crossing.RAN_LOW)
    if after <= 0 < before:
        told.append(Crossing.RAN_OUT)
    if before <= 0 < after:
        told.append(Crossing.CAME_BACK)
    return told


def sums(lines: Iterable[tuple[UUID, Decimal]]) -> dict[UUID, Decimal]:
    """Return how many of each variant some lines want in all: two lines of one variant count together (ST2)."""
    wanted: dict[UUID, Decimal] = {}
    for variant_id, quantity in lines:
        wanted[variant_id] = wanted.get(variant_id, NONE) + quantity
    return wanted


def as_far_as_there_is(wanted: Mapping[UUID, Decimal], promisable: Mapping[UUID, Decimal]) -> list[Taken]:
    """Return what can be taken of what is wanted, and the shortfall; of a variant that is not there, nothing."""
    return [
        Taken(variant_id, min(quantity, left), quantity - min(quantity, left))
        for variant_id, quantity in wanted.items()
        if (left := promisable.get(variant_id)) is not None
    ]


def received(on_hand: Decimal, quantity: Decimal, pointer: str = "/quantity") -> Decimal:
    """Return how many are there once goods came in. Raises Malformed beyond what can be kept."""
    if on_hand + quantity > MOST:
        message = f"No more than {MOST} of one SKU can be kept, and {on_hand} are there already."
        raise Malformed("This is more than can be kept.", errors=[FieldError(pointer, "QUANTITY_TOO_LARGE", message)])
    return on_hand + quantity


def check_keeps_promises(level: Level) -> None:
    """Raise StockPromised where more is promised already than a new level of stock lets be promised."""
    if level.promisable < 0:
        reach = as_number(level.reserved + level.promisable)
        raise StockPromised(
            f"{as_number(level.reserved)} of {level.sku} are promised to orders and only {reach} could be; cancel"
            " orders first, or let at least as many be sold ahead.",
            sku=level.sku,
            reserved=as_number(level.reserved),
            promisable_in_all=reach,
        )


def shortage(
    lines: Sequence[HeldLine], wanted: Mapping[UUID, Decimal], available: Mapping[UUID, Decimal], *, exact: bool
) -> OutOfStock:
    """Return the refusal of an order: each line and SKU of which fewer are available than its lines want in all.

    `exact`: with how many are left, which not every buyer is shown.
    """
    short = {id_: left for id_, left in available.items() if left < wanted[id_]}
    skus = {line.variant_id: line.sku for line in lines if line.variant_id in short}
    return OutOfStock(
        "There is not enough left of " + ", ".join(sorted(skus.values())) + "; lower the quantity or leave it out.",
        errors=[
            FieldError(
                f"/lines/{index}/quantity",
                OutOfStock.code,
                f"{as_number(short[line.variant_id])} left in all." if exact else "There are not so many left.",
            )
            for index, line in enumerate(lines)
            if line.variant_id in short
        ],
        items=[
            {"sku": skus[id_], "requested": as_number(wanted[id_])} | ({"available": as_number(left)} if exact else {})
            for id_, left in short.items()
        ],
    )
