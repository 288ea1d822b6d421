"""Products in the order of what they cost somebody, packed so that a hundred thousand of them take little room."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import islice
from typing import NamedTuple, overload
from uuid import UUID

from services.catalog.domain.remembered import Counted, Lasting

FINEST = 4
"""So many decimals a price has at most."""
WIDTH, AMOUNT = 24, 8
UNPRICED = 2**63 - 1
"""What stands for the price of what has none: more than any price, so that it comes last."""
DEAREST = Decimal(UNPRICED - 1).scaleb(-FINEST)


class Priced(NamedTuple):
    """A product, and what its cheapest variant costs, in major units; None where no price of it is shown."""

    id: UUID
    amount: Decimal | None


def units(amount: Decimal | None) -> int:
    """Return a price in the smallest part of a price."""
    return UNPRICED if amount is None else int(min(amount, DEAREST).scaleb(FINEST))


def packed(one: Priced) -> bytes:
    """Return a product as an order keeps it: by price, then by id, as bytes are compared."""
    return units(one.amount).to_bytes(AMOUNT, "big") + one.id.bytes


def unpacked(entry: bytes) -> Priced:
    """Return what `packed` was given."""
    told = int.from_bytes(entry[:AMOUNT], "big")
    amount = None if told == UNPRICED else Decimal(told).scaleb(-FINEST)
    return Priced(UUID(bytes=entry[AMOUNT:]), amount)


class PriceOrder(Sequence[bytes]):
    """Products by price, then by id; those without a price come last. It never changes."""

    def __init__(self, entries: bytes) -> None:
        self.entries = entries
        self._count = len(entries) // WIDTH
        self.priced = bisect_left(self, UNPRICED.to_bytes(AMOUNT, "big"))
        """How many of them have a price."""

    @classmethod
    def merged(cls, ordered: bytes, more: Iterable[bytes]) -> "PriceOrder":
        """Return an order of what is ordered already and some more, all of it packed."""
        added = sorted(more)
        return cls(b"".join(sorted([*cls(ordered), *added]))) if added else cls(ordered)

    def __len__(self) -> int:
        """Return how many products there are."""
        return self._count

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        """Return a product as it is packed."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        return self.entries[index * WIDTH : (index + 1) * WIDTH]

    def between(self, least: Decimal | None, most: Decimal | None) -> "PriceOrder":
        """Return what costs no less and no more than asked for, both included; what has no price is in no range."""
        if least is None and most is None:
            return self
        first = 0 if least is None else bisect_left(self, _begin(least), 0, self.priced)
        last = self.priced if most is None else bisect_right(self, _end(most), 0, self.priced)
        return PriceOrder(self.entries[first * WIDTH : last * WIDTH])

    def page(self, after: Priced | None, limit: int, *, falling: bool) -> list[Priced]:
        """Return what follows a product, or what comes first; `falling`: the dearest first.

        The product itself need not be there any more. What has no price comes last either way.
        """
        places = self._falling(after) if falling else self._rising(after)
        return [unpacked(self[place]) for place in islice(places, limit)]

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """Return the lowest and the highest price; None where nothing has one."""
        lowest, highest = (
            (unpacked(self[0]).amount, unpacked(self[self.priced - 1]).amount) if self.priced else (None, None)
        )
        return None if lowest is None or highest is None else (lowest, highest)

    def _rising(self, after: Priced | None) -> Iterator[int]:
        return iter(range(0 if after is None else bisect_right(self, packed(after)), self._count))

    def _falling(self, after: Priced | None) -> Iterator[int]:
        before, unpriced = self.priced, self.priced
        if after is not None:
            place = packed(after)
            before = 0 if after.amount is None else bisect_left(self, place, 0, self.priced)
            unpriced = bisect_right(self, place, self.priced) if after.amount is None else self.priced
        yield from range(before - 1, -1, -1)
        yield from range(unpriced, self._count)


def _begin(amount: Decimal) -> bytes:
    """Return what comes before every product of a price and none that is cheaper."""
    return int(_within(amount).scaleb(FINEST).to_integral_value(ROUND_CEILING)).to_bytes(AMOUNT, "big")


def _end(amount: Decimal) -> bytes:
    """Return what comes after every product of a price and none that is dearer."""
    if amount < 0:
        return b""
    return int(_within(amount).scaleb(FINEST)).to_bytes(AMOUNT, "big") + b"\xff" * (WIDTH - AMOUNT)


def _within(amount: Decimal) -> Decimal:
    return min(max(amount, Decimal(0)), DEAREST)


@dataclass(frozen=True, slots=True)
class Ordered:
    """All that a search finds in the order of what it costs, and how long that holds."""

    lasting: Lasting
    order: PriceOrder


@dataclass(frozen=True, slots=True)
class Ranked:
    """All that a search finds by words, its ranks as prices, how it divides, and how long both hold."""

    lasting: Lasting
    order: PriceOrder
    counted: Counted
