"""Answers as tables, for people."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

Row = dict[str, Any]


def states(services: Sequence[Row]) -> Table:
    """Return where each service stands: what it has said, heard, set aside and still has to do."""
    table = Table("service", "said", "published", "heard", "lag", "parked", "jobs due", "jobs given up")
    for one in services:
        heard = ", ".join(f"{cursor['producer']} {cursor['seq']}" for cursor in one["cursors"])
        lag = sum(cursor["lag"] for cursor in one["cursors"])
        relay = one["relay"]
        figures = (relay["last_seq"], relay["published_seq"], heard, lag, one["parked"], one["jobs_due"])
        table.add_row(one["service"], *(str(figure) for figure in (*figures, one["jobs_failed"])))
    return table


def drifts(services: Sequence[Row]) -> Table:
    """Return how many invariants were compared, and every one that does not hold."""
    table = Table("service", "invariants", "drift")
    for one in services:
        found = "\n".join(f"{drift['check']}: {drift['detail']}" for drift in one["drifts"])
        table.add_row(one["service"], str(len(one["checks"])), found or "[green]none[/]")
    return table


def parked(events: Sequence[Row]) -> Table:
    """Return the events set aside; one without an error waits behind another."""
    table = Table("producer", "seq", "handler", "event", "aggregate", "tries", "error")
    for one in events:
        error = one["error"] or "[dim]waits behind an earlier one[/]"
        cells = (one["producer"], one["seq"], one["handler"], one["type"], one["aggregate_id"], one["attempts"])
        table.add_row(*(str(cell) for cell in cells), error)
    return table


def images(sku: str, product: Row) -> str:
    """Return how many pictures a product has now, and where the newest is found."""
    found = product["images"]
    return f"The product of {escape(sku)} has {len(found)} pictures; the last one is at {found[-1]['url']}."


def findings(found: Sequence[Row]) -> Table:
    """Return what the doctor looked at, and the remedy of what is not well."""
    table = Table("looked at", "", "remedy")
    for one in found:
        table.add_row(one["what"], "[green]well[/]" if one["healthy"] else "[red]not well[/]", one["remedy"])
    return table


def imported(found: Row) -> Table:
    """Return what became of an import, and what it found in its rows."""
    run, shown = found["import"], found["findings"]
    counts = ", ".join(f"{run[f'{name}_rows']} {name}" for name in ("created", "changed", "unchanged", "failed"))
    title = f"{run['kind']}: {run['state']}, {counts}" + (f"\n{run['trouble']}" if run["trouble"] else "")
    more = f"More: GET /v1/imports/{run['id']}/findings.csv" if found["more"] else None
    table = Table("row", "", "column", "was", "value", "remedy", title=title, caption=more, title_justify="left")
    for one in shown:
        colour = "red" if one["outcome"] == "error" else "green"
        cells = (one["column"], one["old"], one["value"], one["message"])
        table.add_row(str(one["row"]), f"[{colour}]{one['outcome']}[/]", *(escape(cell or "") for cell in cells))
    return table
