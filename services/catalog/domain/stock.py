"""Stock as quantities: what moves it, what an order takes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.catalog.stock import HeldLine, OutOfStock
from shared.kernel.problems import FieldError, Malformed

MOST = Decimal("99999999999.999")
"""More than this of one variant is not kept, whatever comes in."""


class MovementKind(StrEnum):
    """Why stock went up or down."""

    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order takes of a variant, and what it lacks."""

    variant_id: UUID
    quantity: Decimal
    short: Decimal = Decimal(0)


def sums(lines: Iterable[tuple[UUID, Decimal]]) -> dict[UUID, Decimal]:
    """Return how many of each variant some lines want in all: two lines of one variant count together (ST2)."""
    wanted: dict[UUID, Decimal] = {}
    for variant_id, quantity in lines:
        wanted[variant_id] = wanted.get(variant_id, Decimal(0)) + quantity
    return wanted


def as_far_as_there_is(wanted: Mapping[UUID, Decimal], available: Mapping[UUID, Decimal]) -> list[Taken]:
    """Return what can be taken of what is wanted, and the shortfall; of a variant that is not there, nothing."""
    return [
        Taken(variant_id, min(quantity, left), quantity - min(quantity, left))
        for variant_id, quantity in wanted.items()
        if (left := available.get(variant_id)) is not None
    ]


def received(on_hand: Decimal, quantity: Decimal) -> Decimal:
    """Return how many are there once goods came in. Raises Malformed beyond what can be kept."""
    if on_hand + quantity > MOST:
        message = f"No more than {MOST} of one SKU can be kept, and {on_hand} are there already."
        raise Malformed(
            "This is more than can be kept.", errors=[FieldError("/quantity", "QUANTITY_TOO_LARGE", message)]
        )
    return on_hand + quantity


def shortage(
    lines: Sequence[HeldLine], wanted: Mapping[UUID, Decimal], available: Mapping[UUID, Decimal]
) -> OutOfStock:
    """Return the refusal of an order: each line and SKU of which fewer are available than its lines want in all."""
    short = {id_: left for id_, left in available.items() if left < wanted[id_]}
    skus = {line.variant_id: line.sku for line in lines if line.variant_id in short}
    return OutOfStock(
        "There is not enough left of " + ", ".join(sorted(skus.values())) + "; lower the quantity or leave it out.",
        errors=[
            FieldError(f"/lines/{index}/quantity", OutOfStock.code, f"{as_number(short[line.variant_id])} left in all.")
            for index, line in enumerate(lines)
            if line.variant_id in short
        ],
        items=[
            {"sku": skus[id_], "requested": as_number(wanted[id_]), "available": as_number(left)}
            for id_, left in short.items()
        ],
    )


def as_number(quantity: Decimal) -> int | float:
    """Return a quantity as the JSON number it is written as."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
