"""What is remembered of a catalogue that many browse: as much as fits, and for as long as it holds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """A memory of so much at most, by key; what was not used for longest goes first."""

    def __init__(self, most: int, size: Callable[[Kept], int]) -> None:
        self._most, self._size, self._of = most, 0, size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def find(self, key: Hashable) -> Kept | None:
        """Return what is remembered, if it is."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Hashable, value: Kept) -> Kept:
        """Remember something in place of what had its key, and forget others where it is too much; return it."""
        replaced = self._kept.pop(key, None)
        self._kept[key] = value
        self._size += self._of(value) - (0 if replaced is None else self._of(replaced))
        while self._size > self._most and len(self._kept) > 1:
            self._size -= self._of(self._kept.popitem(last=False)[1])
        return value


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
