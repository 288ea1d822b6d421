"""What a search asks for, read from what people type."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.domain.price_orders import FINEST
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


def _amount(told: str) -> Decimal | None:
    return None if told == NO_PRICE else Decimal(told)


READABLE: Mapping[Sort, tuple[re.Pattern[str], Callable[[str], object]]] = {
    Sort.RELEVANCE: (NUMBER, float),
    Sort.NEWEST: (MOMENT, datetime.fromisoformat),
    Sort.NAME: (NAME, str),
    Sort.PRICE: (AMOUNT, _amount),
    Sort.PRICE_DESC: (AMOUNT, _amount),
}
"""What a cursor of each sort may say, and as what it is read."""
RANK_DECIMALS = 12
"""So finely ranks are told apart: whole numbers of this are exact in a float."""
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


def as_amount(rank: float) -> Decimal:
    """Return a rank as an order keeps it, as if it were a price."""
    return Decimal(round(rank * 10**RANK_DECIMALS)).scaleb(-FINEST)


def as_rank(amount: Decimal | None) -> float:
    """Return the rank that `as_amount` was given, as finely as it counts."""
    return float((amount or Decimal(0)).scaleb(FINEST - RANK_DECIMALS))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: what its last product was sorted by, and its id."""

    key: Any
    id: UUID


def cursor(sort: Sort, key: Any, id_: UUID) -> str:
    """Return the cursor of the page after a product; `key` is what it was sorted by, None for no price."""
    said = key.isoformat() if isinstance(key, datetime) else str(key)
    return sealed(json.dumps([sort, NO_PRICE if key is None else said, str(id_)]))


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
