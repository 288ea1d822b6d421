"""What a house tells while it starts and runs, for whoever shows it to people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class News:
    """A step that began or is done, or a remark (a port that was taken, a service that crashed)."""

    step: str
    state: Literal["begun", "done", "remark"]
    text: str = ""


Tell = Callable[[News], None]


def silent(_: News) -> None:
    """Tell nobody."""
