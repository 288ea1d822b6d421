"""What rows of categories make of the shop's tree. Where rows name each other, their order does not matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.catalog.domain.bulk.goods import LOCALES
from services.catalog.domain.bulk.rows import Fault, Report, Row
from services.catalog.domain.categories import MOST_LEVELS


@dataclass(slots=True)
class Branch:
    """A category as it stands or is to stand, `parent` by code."""

    id: UUID
    code: str
    name: str
    translations: dict[str, str]
    parent: str | None
    position: int
    new: bool = False
    touched: bool = False
    moved: bool = False


def grow(rows: Sequence[Row], tree: dict[str, Branch], report: Report, new_id: Callable[[], UUID]) -> None:
    """Change the tree, by code, as the rows say; a row that would make a cycle or too many levels is left out."""
    waiting = {row["code"]: row for row in rows}
    # A parent may come below its children: rows go in as soon as the category above is there.
    while ready := [row for row in waiting.values() if _parent(row, tree) not in waiting.keys() - tree.keys()]:
        for row in ready:
            del waiting[row["code"]]
            _put(row, tree, report, new_id)
    for row in waiting.values():
        report.refuse(row, Fault("CYCLE", "These categories stand below each other; change a parent.", "parent"))


def _parent(row: Row, tree: Mapping[str, Branch]) -> str | None:
    present = tree.get(row["code"])
    if "parent" in row.given or present is None:
        said: str | None = row["parent"]
        return said
    return present.parent


def _put(row: Row, tree: dict[str, Branch], report: Report, new_id: Callable[[], UUID]) -> None:
    code = row["code"]
    present = tree.get(code)
    try:
        after = _branch(row, present, tree, new_id)
        _check_place(after, tree)
    except Fault as fault:
        report.refuse(row, fault)
        return
    differences = list(_differences(present, after))
    after.touched = bool(differences) or (present is not None and present.touched)
    after.moved = present is not None and (present.moved or present.parent != after.parent)
    tree[code] = after
    report.note(row.number, new=present is None, differences=differences)


def _branch(row: Row, present: Branch | None, tree: Mapping[str, Branch], new_id: Callable[[], UUID]) -> Branch:
    name = row["name"] or ("" if "name" in row.given or present is None else present.name)
    if not name:
        raise Fault("NAME_MISSING", "A category needs a name; fill it in.", "name")
    said = dict(present.translations) if present else {}
    for locale in LOCALES:
        if f"name_{locale}" in row.given:
            said[locale] = row[f"name_{locale}"] or ""
    standing = present.position if present else 0
    return Branch(
        id=present.id if present else new_id(),
        code=row["code"],
        name=name,
        translations={locale: text for locale, text in said.items() if text},
        parent=_parent(row, tree),
        position=(row["position"] or 0) if "position" in row.given else standing,
        new=present is None or present.new,
    )


def _check_place(branch: Branch, tree: Mapping[str, Branch]) -> None:
    """Refuse a place that is below itself, below nothing known, or too deep."""
    above, step = 0, branch.parent
    while step is not None:
        if step == branch.code:
            raise Fault("CYCLE", "It would stand below itself; name another parent.", "parent")
        if step not in tree:
            raise Fault("PARENT_UNKNOWN", f"There is no category {step}; add it to the file.", "parent")
        above, step = above + 1, tree[step].parent
    present = tree.get(branch.code)
    moved = present is not None and present.parent != branch.parent
    if above + (_levels(branch.code, tree) if moved else 1) > MOST_LEVELS:
        raise Fault("TOO_DEEP", f"The tree has at most {MOST_LEVELS} levels; put it higher up.", "parent")


def _levels(code: str, tree: Mapping[str, Branch]) -> int:
    """Return how many levels a category is with all below it."""
    levels, row = 0, {code}
    while row and levels <= MOST_LEVELS:
        levels += 1
        row = {one.code for one in tree.values() if one.parent in row}
    return levels


def _differences(before: Branch | None, after: Branch) -> list[tuple[str, Any, Any]]:
    pairs: list[tuple[str, Any, Any]] = [
        (name, before and getattr(before, name), getattr(after, name)) for name in ("name", "parent", "position")
    ]
    for locale in LOCALES:
        pairs.append((f"name_{locale}", before and before.translations.get(locale), after.translations.get(locale)))
    return [(name, old, new) for name, old, new in pairs if old != new]
