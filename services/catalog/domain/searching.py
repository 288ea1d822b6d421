"""What a search asks for, read from what people type."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contracts.catalog.search import Sort
from shared.kernel.problems import FieldError, Malformed

WORD = re.compile(r"\w+", re.UNICODE)
CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


NO_PRICE = "none"
"""What stands in a cursor for the price of what has none."""
NUMBER, AMOUNT, MOMENT, ANYTHING = (
    re.compile(r"-?\d{1,18}(\.\d{1,18})?(e-?\d{1,2})?"),
    re.compile(rf"\d{{1,18}}(\.\d{{1,18}})?|{NO_PRICE}"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)"),
    re.compile(r".{1,200}"),
)
READABLE = {
    Sort.RELEVANCE: NUMBER,
    Sort.NEWEST: MOMENT,
    Sort.NAME: ANYTHING,
    Sort.PRICE: AMOUNT,
    Sort.PRICE_DESC: AMOUNT,
}
"""What a cursor of each sort may say."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people typed: `all` of it, the words `before` the last, and the `last`, which may still be being typed."""

    all: str
    before: str
    last: str


def words(text: str) -> Words:
    """Return words as full text search wants them; no sign of its language is left in them."""
    found = WORD.findall(text)
    return Words(" ".join(found), " ".join(found[:-1]), f"{found[-1]}:*" if found else "")


def wanted(text: str | None) -> dict[str, list[str]]:
    """Return the attributes asked for with their values: "brand:Acme,Solid;material:oak".

    Raises Malformed for what is none.
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
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: what its last product was sorted by, and its id."""

    key: Any
    id: UUID


def cursor(sort: Sort, key: Any, id_: UUID) -> str:
    """Return the cursor of the page after a product."""
    said = json.dumps([sort, str(key), str(id_)])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def place(text: str | None, sort: Sort) -> Place | None:
    """Return where a cursor of this sort points; None for the first page. Raises Malformed for any other cursor."""
    if text is None:
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        of, key, id_ = read
        if of != sort or not READABLE[sort].fullmatch(key):
            raise ValueError(of)
        return Place(key, UUID(id_))
    except (ValueError, TypeError, binascii.Error) as error:
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
