"""Rows of a file: their cells read by column, each with the number it has in the file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.catalog.domain.bulk import cells
from services.catalog.domain.bulk.cells import CellFault
from services.catalog.domain.bulk.columns import OF, Column
from shared.contracts.catalog.bulk import FindingView, ImportKind, Outcome

DUPLICATE, APART = "DUPLICATE_ROW", "ROWS_OF_A_PRODUCT_APART"


class Fault(Exception):
    """Why a row, or a product with all its rows, is left out."""

    def __init__(self, code: str, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.column = code, message, column


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read. `given`: the value of each column that the file has, None where the cell is empty."""

    number: int
    given: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        """Return the value of a column; None where the file does not have it, too."""
        return self.given.get(column)


@dataclass(slots=True)
class Report:
    """What becomes of some rows: how many of each outcome, and what is to be said of them.

    `tells`: differences are to be said too, and not errors alone.
    """

    tells: bool = True
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    findings: list[FindingView] = field(default_factory=list)

    def refuse(self, row: Row, fault: Fault) -> None:
        """Count a row in error, and say why, with what stands in the cell at fault."""
        self.failed += 1
        value = row[fault.column] if fault.column else None
        shown = None if value is None else _short(value)
        self.findings.append(error(row.number, fault.code, fault.message, fault.column, shown))

    def note(self, row: int, *, new: bool, differences: Iterable[tuple[str, Any, Any]]) -> None:
        """Count a row that is good, with its (column, old, new)."""
        there = iter(differences)
        first = next(there, None)
        if new:
            self.created += 1
        elif first is not None:
            self.changed += 1
        else:
            self.unchanged += 1
        if not self.tells or (first is None and not new):
            return
        outcome = Outcome.CREATED if new else Outcome.CHANGED
        self.findings += [
            FindingView(row=row, outcome=outcome, column=column, old=None if new else _short(old), value=_short(value))
            for column, old, value in ((first, *there) if first else ())
        ] or [FindingView(row=row, outcome=outcome)]

    def drop(self, row: int, before: Iterable[tuple[str, Any]] | None) -> None:
        """Count a row that deletes what said (column, value); None: it is gone already."""
        if before is None:
            self.unchanged += 1
            return
        self.changed += 1
        if self.tells:
            said = [(column, old) for column, old in before if old is not None]
            self.findings += [
                FindingView(row=row, outcome=Outcome.DELETED, column=column, old=_short(old)) for column, old in said
            ]


def error(row: int, code: str, message: str, column: str | None = None, value: str | None = None) -> FindingView:
    """Return what is said of a row in error."""
    shown = None if value is None else value[: cells.SHOWN].replace("\x00", "")
    return FindingView(row=row, outcome=Outcome.ERROR, column=column, value=shown, code=code, message=message)


def read(
    kind: ImportKind,
    columns: Sequence[str],
    numbered: Iterable[tuple[int, Sequence[str]]],
    bad: Collection[int],
    report: Report,
) -> list[Row]:
    """Return the rows that can be read, and report those that cannot. `bad`: rows that were found at fault before."""
    by_name = {column.name: column for column in OF[kind]}
    layout = [by_name[name] for name in columns]
    rows = []
    for number, found in numbered:
        if number in bad:
            report.failed += 1
            continue
        given, faults = _given(layout, number, found)
        if faults:
            report.failed += 1
            report.findings += faults
        else:
            rows.append(Row(number, given))
    return rows


def _given(layout: Sequence[Column], number: int, found: Sequence[str]) -> tuple[dict[str, Any], list[FindingView]]:
    if len(found) != len(layout):
        message = f"The row has {len(found)} cells, the header {len(layout)}; check delimiters and quotes."
        return {}, [error(number, "CELLS_MISCOUNTED", message)]
    given: dict[str, Any] = {}
    faults = []
    for column, raw in zip(layout, found, strict=True):
        try:
            cell = cells.armed(raw.strip(" \u00a0\u202f")) if raw else raw
            given[column.name] = column.read(cell) if cell.strip() else None
        except CellFault as fault:
            faults.append(error(number, fault.code, fault.message, column.name, raw))
            continue
        if column.needed and given[column.name] is None:
            message = f"Every row needs its {column.name}; fill the cell in."
            faults.append(error(number, "CELL_EMPTY", message, column.name))
    return given, faults


def _short(value: Any) -> str:
    return cells.written(value)[: cells.SHOWN]
