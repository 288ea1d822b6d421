"""What a search asks for, read from what people type."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contracts.catalog.search import Sort
from shared.kernel.cursors import opened, sealed
from shared.kernel.problems import FieldError, Malformed

WORD = re.compile(r"\w+", re.UNICODE)
CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


NO_PRICE = "none"
"""What stands in a cursor for the price of what has none."""
# No rank is greater, and a float of four bytes could not hold any number.
NUMBER, AMOUNT, MOMENT, NAME = (
    re.compile(r"[0-9]{1,2}(\.[0-9]{1,25})?([eE]-[0-9]{1,2})?"),
    re.compile(rf"[0-9]{{1,18}}(\.[0-9]{{1,18}})?|{NO_PRICE}"),
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(\+00:00|Z)"),
    re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}"),
)
READABLE: Mapping[Sort, tuple[re.Pattern[str], Callable[[str], object]]] = {
    Sort.RELEVANCE: (NUMBER, float),
    Sort.NEWEST: (MOMENT, datetime.fromisoformat),
    Sort.NAME: (NAME, str),
    Sort.PRICE: (AMOUNT, str),
    Sort.PRICE_DESC: (AMOUNT, str),
}
"""What a cursor of each sort may say, and as what it is read."""
MOST_ATTRIBUTES, MOST_VALUES = 10, 20
"""So many attributes, and so many values of each, can be asked for at once."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people typed: `all` of it, the words `before` the last, and the `last`, which may still be being typed.

    Words still have their accents, and what is left of a letter without them may be any sign.
    """

    all: str
    before: str
    last: str


def words(text: str) -> Words:
    """Return the words of a text."""
    found = WORD.findall(text)
    return Words(" ".join(found), " ".join(found[:-1]), found[-1] if found else "")


def wanted(text: str | None) -> dict[str, list[str]]:
    """Return the attributes asked for with their values: "brand:Acme,Solid;material:oak".

    Raises Malformed for what is none, and for too many.
    """
    found: dict[str, list[str]] = {}
    for part in (text or "").split(";"):
        if not part.strip():
            continue
        code, colon, values = part.strip().partition(":")
        named = [value.strip() for value in values.split(",") if value.strip()]
        if not (colon and CODE.fullmatch(code) and named):
            message = f"{part.strip()} is no attribute with values; write brand:Acme,Solid;material:oak."
            raise Malformed(errors=[FieldError("/attributes", "ATTRIBUTES_UNREADABLE", message)])
        found.setdefault(code, []).extend(named)
    if len(found) > MOST_ATTRIBUTES or any(len(values) > MOST_VALUES for values in found.values()):
        message = f"Ask for {MOST_ATTRIBUTES} attributes at most, and for {MOST_VALUES} values of each."
        raise Malformed(errors=[FieldError("/attributes", "ATTRIBUTES_TOO_MANY", message)])
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: what its last product was sorted by, and its id."""

    key: Any
    id: UUID


def cursor(sort: Sort, key: Any, id_: UUID) -> str:
    """Return the cursor of the page after a product."""
    return sealed(json.dumps([sort, str(key), str(id_)]))


def place(text: str | None, sort: Sort) -> Place | None:
    """Return where a cursor of this sort points; None for the first page. Raises Malformed for any other cursor."""
    if text is None:
        return None
    try:
        of, key, id_ = json.loads(opened(text))
        pattern, as_what_it_is = READABLE[sort]
        if of != sort or not pattern.fullmatch(key):
            raise ValueError(of)
        return Place(as_what_it_is(key), UUID(str(id_)))
    except (ValueError, TypeError, RecursionError) as error:
        message = "Use the cursor of the page before with the same sort, or none for the first page."
        raise Malformed(errors=[FieldError("/cursor", "CURSOR_INVALID", message)]) from error


@dataclass(frozen=True, slots=True)
class Priced:
    """A product found, and what its cheapest variant costs the caller; None where they are shown no price of it."""

    id: UUID
    amount: Decimal | None

    @property
    def key(self) -> str:
        """Return the price as a cursor says it."""
        return NO_PRICE if self.amount is None else str(self.amount)


def in_range(priced: Iterable[Priced], least: Decimal | None, most: Decimal | None) -> list[Priced]:
    """Return what costs no less and no more than asked for, both included; what has no price is in no range."""
    if least is None and most is None:
        return list(priced)
    return [
        one
        for one in priced
        if one.amount is not None and (least is None or least <= one.amount) and (most is None or one.amount <= most)
    ]


def by_price(priced: Iterable[Priced], sort: Sort) -> list[Priced]:
    """Return products in the order of what they cost the caller, then of their ids; what has no price comes last."""
    return sorted(priced, key=lambda one: _place(one, sort))


def places_before(ordered: Sequence[Priced], after: Place | None, sort: Sort) -> int:
    """Return how many of the ordered products stand on pages before."""
    if after is None:
        return 0
    last = _place(Priced(after.id, None if after.key == NO_PRICE else Decimal(after.key)), sort)
    return sum(_place(one, sort) <= last for one in ordered)


def _place(one: Priced, sort: Sort) -> tuple[bool, Decimal, UUID]:
    amount = Decimal(0) if one.amount is None else one.amount
    return one.amount is None, -amount if sort is Sort.PRICE_DESC else amount, one.id
