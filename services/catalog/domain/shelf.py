"""What products look like at some prices, remembered as JSON; the stock is filled in each time it is another."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

Key = tuple[UUID, int, object]
"""A product, its version, and the signature of the terms it is seen on."""

MOST_BYTES = 8_000_000
SIGNATURES = 4096  # looked through at the same time, at most


class Signature:
    """What makes two looks at the same version of a product show the same prices, told apart without looking twice."""

    __slots__ = ("_hash", "values")

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values
        self._hash = hash(values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Signature) and self.values == other.values)


signed = lru_cache(maxsize=SIGNATURES)(Signature)
"""Return the signature of some values; the same object again while they are in use, which dictionaries find fastest."""


class Look:
    """A product as JSON in pieces: `head` without its variants, and each variant without its stock, unclosed."""

    __slots__ = ("_head", "_shown", "_told", "_variants", "size")

    def __init__(self, head: bytes, variants: Mapping[UUID, bytes]) -> None:
        self._head, self._variants = head, variants
        self.size = len(head) + sum(map(len, variants.values()))
        self._told: object = self
        self._shown: tuple[Sequence[bytes], int] = ((), 0)

    def shown(self, told: object, stock: Callable[[], Iterable[tuple[UUID, bytes]]]) -> tuple[Sequence[bytes], int]:
        """Return the product as JSON, to be joined, and its length.

        `stock` gives the fields of each variant's stock, in their order. It is asked only where `told`, which stands
        for it, is not what it was the last time.
        """
        if told != self._told:
            pieces = [self._head, b',"variants":[']
            for id_, fields in stock():
                if id_ in self._variants:
                    pieces += (self._variants[id_], b",", fields, b"},")
            pieces[-1] = pieces[-1].rstrip(b",") + b"]}"
            self._told, self._shown = told, (pieces, sum(map(len, pieces)))
        return self._shown


class Shelf:
    """A memory of products by everything their look was computed from; what was not used for longest goes first.

    `most`: how many bytes at most, though one product always.
    Nothing in it can be wrong: another version of a product, list or rule is another key.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self._size = most, 0
        self._kept: OrderedDict[Key, Look] = OrderedDict()

    def find(self, key: Key) -> Look | None:
        """Return what is remembered, if it is."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Key, look: Look) -> Look:
        """Remember a product, and forget others where it is too much; return it."""
        replaced = self._kept.pop(key, None)
        self._kept[key] = look
        self._size += look.size - (replaced.size if replaced else 0)
        while self._size > self.most and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1].size
        return look
