"""What products look like at some prices, remembered as JSON; the stock is filled in each time."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

Key = tuple[UUID, int, object]
"""A product, its version, and the signature of the terms it is seen on."""

MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """A product as JSON in pieces: `head` without its variants, and each variant without its stock, unclosed."""

    head: str
    variants: Mapping[UUID, str]

    @property
    def size(self) -> int:
        """Return how many characters this takes."""
        return len(self.head) + sum(map(len, self.variants.values()))

    def joined(self, stock: Iterable[tuple[UUID, str]]) -> str:
        """Return the product as JSON, its variants in the order of their stock, each with its stock's fields."""
        variants = ",".join(f"{self.variants[id_]},{facts}}}" for id_, facts in stock if id_ in self.variants)
        return f'{self.head},"variants":[{variants}]}}'


class Shelf:
    """A memory of products by everything their look was computed from; what was not used for longest goes first.

    Nothing in it can be wrong: another version of a product, list or rule is another key.
    """

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[Key, Pieces] = OrderedDict()

    def find(self, key: Key) -> Pieces | None:
        """Return what is remembered, if it is."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Key, pieces: Pieces) -> Pieces:
        """Remember a product, and forget others where it is too much; return it."""
        replaced = self._kept.pop(key, None)
        self._kept[key] = pieces
        self._size += pieces.size - (replaced.size if replaced else 0)
        while self._size > self._most and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1].size
        return pieces
