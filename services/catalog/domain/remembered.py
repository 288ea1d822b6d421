"""What is remembered of a catalogue that many browse: as much as fits, and for as long as it holds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


APIECE = 64
"""About how many bytes a value takes beside what it is made of."""


def weight(value: object) -> int:
    """Return about how many bytes a value takes: those of words, and of collections all that is in them."""
    if isinstance(value, str | bytes):
        return APIECE + len(value)
    return APIECE + (sum(map(weight, value)) if isinstance(value, tuple | list | frozenset) else 0)


class Memory(Generic[Kept]):
    """A memory of so many bytes at most, by key; what was not used for longest goes first.

    `size` is that of a value. Keys count, too: whoever asks for what there is none of fills a memory with these alone.
    """

    def __init__(self, most: int, size: Callable[[Kept], int]) -> None:
        self.most, self._size, self._of = most, 0, size
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()

    def find(self, key: Hashable) -> Kept | None:
        """Return what is remembered, if it is."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: Kept) -> Kept:
        """Remember something in place of what had its key, and forget others where it is too much; return it."""
        replaced = self._kept.pop(key, None)
        self._kept[key] = value, weight(key) + self._of(value)
        self._size += self._kept[key][1] - (0 if replaced is None else replaced[1])
        while self._size > self.most and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._size = 0


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long something read of products holds: while their `state` is the same, in [since, until) (UTC).

    Between these two moments no product begins or ends to be published; None: none did before, none will after.
    """

    state: str
    since: datetime | None
    until: datetime | None

    def holds(self, state: str, at: datetime) -> bool:
        """Tell whether what was read is still so at a moment, in this state of the products."""
        begun = self.since is None or self.since <= at
        return state == self.state and begun and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many products are found, that with how they divide as an object of JSON, and how long it holds."""

    lasting: Lasting
    total: int
    told: str
