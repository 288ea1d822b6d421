"""What `make up` shows: each step while it runs, remarks as they come, and a table of what runs where."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from devstack.logins import DemoLogin
from devstack.news import News

TITLES = {"nats": "NATS", "nats monitor": "NATS monitor", "postgres": "PostgreSQL", "smtp": "Mail (SMTP)"}


def title(name: str) -> str:
    """Return a program's name as people write it."""
    return TITLES.get(name, name[:1].upper() + name[1:])


class Steps:
    """A line per step with its time. Without a terminal (a log, CI) a line is printed when a step is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<24}"),
            TextColumn("{task.elapsed:>4.1f} s", style="cyan"),
            TextColumn("[dim]{task.fields[text]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def tell(self, news: News) -> None:
        """Show it."""
        if news.state == "remark":
            self._console.print(Text(f"  {news.text}", style="yellow"))
        elif news.state == "begun":
            self._tasks[news.step] = self._progress.add_task(title(news.step), total=1, text="")
        else:
            self._progress.update(self._tasks[news.step], completed=1, text=news.text)
            self._progress.stop_task(self._tasks[news.step])
            if not self._console.is_terminal:
                seconds = self._progress.tasks[self._tasks[news.step]].elapsed or 0.0
                self._console.print(f"  {title(news.step)}: {news.text or 'ready'} ({seconds:.1f} s)", markup=False)


def addresses(ports: Mapping[str, int], names: Sequence[str], states: Mapping[str, str] | None = None) -> Table:
    """Return the table of what runs where; with `states`, how each of them is."""
    table = Table(title="What runs where", title_justify="left", title_style="bold")
    for column in ["What", "Where", *(["State"] if states is not None else [])]:
        table.add_column(column)

    def add(name: str, what: str, where: str) -> None:
        table.add_row(what, where, *([states.get(name, "")] if states is not None else []))

    add("gateway", "Gateway", f"http://127.0.0.1:{ports['gateway']}")
    add("gateway", "API documentation", f"http://127.0.0.1:{ports['gateway']}/docs")
    add("mailbox", "Mailbox", f"http://127.0.0.1:{ports['mailbox']}")
    for name in names:
        if name != "gateway":
            add(name, title(name), f"http://127.0.0.1:{ports[name]}")
    add("nats", "NATS", f"nats://127.0.0.1:{ports['nats']}")
    add("postgres", "PostgreSQL", f"postgresql://127.0.0.1:{ports['postgres']}")
    return table


def accounts(logins: Sequence[DemoLogin]) -> Table:
    """Return the table of demo logins."""
    table = Table(title="Demo logins", title_justify="left", title_style="bold")
    for column in ("Who", "E-mail", "Password", ""):
        table.add_column(column, no_wrap=column != "")  # what is to be copied stays whole, the note makes room
    for login in logins:
        table.add_row(login.role, login.email, login.password, login.note)
    return table
