"""What a run found: promises kept and broken, and figures; printed as they come, and summed up at the end."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

MOST = 10  # sentences shown of one broken promise


class Report:
    """Counts promises. A promise without troubles is kept."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.passed = self.failed = 0
        self.figures: dict[str, str] = {}

    def check(self, promise: str, troubles: Iterable[str] = ()) -> None:
        """Note a promise, kept or broken."""
        found = list(troubles)
        self.passed, self.failed = self.passed + (not found), self.failed + bool(found)
        self._say(f"{'[red]broken' if found else '[green]kept'}[/]  ", promise)
        for trouble in found[:MOST]:
            self._say("        [red]-[/] ", trouble)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; its duration becomes a figure."""
        self._say("[dim]…[/]     ", name)
        begun = time.monotonic()
        yield
        self.figures[f"{name} (s)"] = f"{time.monotonic() - begun:.1f}"

    def table(self) -> Table:
        """Return the figures."""
        table = Table("figure", "value")
        for name, value in self.figures.items():
            table.add_row(name, value)
        return table

    def closing_line(self) -> str:
        """Return the sum."""
        return f"{self.passed} passed, {self.failed} failed"

    def _say(self, mark: str, text: str) -> None:
        self.console.print(mark, end="")
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
