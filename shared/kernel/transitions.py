"""Transition tables: which state may follow which, and the refusal of any other move."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from shared.kernel.problems import Conflict

State = TypeVar("State", bound=StrEnum)
Transitions = Mapping[State, frozenset[State]]


def advance(table: Transitions[State], before: State, after: State, thing: str) -> State:
    """Return the state after a move of a `thing` ("A product"); the present state may be named again.

    Raises Conflict, with from, to and allowed, for a move the table lacks.
    """
    if after is before or after in table[before]:
        return after
    allowed = sorted(state.value for state in table[before])
    said = f"it may become {' or '.join(allowed)}" if allowed else "it stays as it is"
    facts: dict[str, Any] = {"from": before.value, "to": after.value, "allowed": allowed}
    raise Conflict(f"{thing} that is {before} cannot become {after}; {said}.", **facts)
