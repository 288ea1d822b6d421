"""The whole tree of categories, read and written at once."""

from collections.abc import Mapping
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.bulk.tree import Branch
from services.catalog.repository import rulebook
from services.catalog.repository.tables import categories

_parents = categories.alias("parents")
_every = select(
    *(categories.c[name] for name in ("id", "code", "name", "translations", "position")),
    _parents.c.code.label("parent"),
).outerjoin(_parents, _parents.c.id == categories.c.parent_id)
_put = text(
    """
    INSERT INTO categories (id, code, path, name, translations, parent_id, position)
    SELECT id, code, ARRAY[id], name, translations, parent_id, position
    FROM jsonb_populate_recordset(CAST(NULL AS categories), CAST(:rows AS jsonb))
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, translations = excluded.translations,
        parent_id = excluded.parent_id, position = excluded.position, version = categories.version + 1
    """
)
_paths = text(
    """
    WITH RECURSIVE tree AS (
        SELECT id, ARRAY[id] AS path FROM categories WHERE parent_id IS NULL
        UNION ALL
        SELECT below.id, tree.path || below.id FROM categories AS below JOIN tree ON tree.id = below.parent_id
    )
    UPDATE categories SET path = tree.path FROM tree WHERE tree.id = categories.id AND categories.path <> tree.path
    """
)


async def read(session: AsyncSession, *, lock: bool) -> dict[str, Branch]:
    """Return every category by code; with the rule book locked the tree stays as it is until the transaction ends."""
    if lock:
        await rulebook.changed(session)
    rows = await session.execute(_every)
    return {
        row.code: Branch(row.id, row.code, row.name, dict(row.translations), row.parent, row.position) for row in rows
    }


async def put(session: AsyncSession, tree: Mapping[str, Branch]) -> list[UUID]:
    """Write the categories that were touched and the paths that follow, and return their ids. Two statements."""
    touched = [branch for branch in tree.values() if branch.touched]
    if touched:
        rows = [
            {
                "id": branch.id,
                "code": branch.code,
                "name": branch.name,
                "translations": branch.translations,
                "parent_id": None if branch.parent is None else tree[branch.parent].id,
                "position": branch.position,
            }
            for branch in touched
        ]
        await session.execute(_put, {"rows": to_json(rows).decode()})
        await session.execute(_paths)
    return [branch.id for branch in touched]
