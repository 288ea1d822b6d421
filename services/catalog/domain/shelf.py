"""What products look like at some prices, as JSON that is remembered; the stock is filled in where it is another.

A look is remembered by the product, its version and the signature of the terms it is seen on. So nothing that is
remembered can be wrong: another version of a product, a list or a rule is another key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

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
