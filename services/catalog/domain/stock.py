"""Stock as quantities: what moves it, what an order takes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

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


def as_number(quantity: Decimal) -> int | float:
    """Return a quantity as the JSON number it is written as."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
