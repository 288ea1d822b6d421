"""What rules are about: found by SKU or code, and named by it again."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, String, Uuid, any_, bindparam, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.repository.tables import categories, products, variants
from shared.contracts.catalog.price_lists import Scope

_NAMES = {Scope.VARIANT: variants.c.sku, Scope.PRODUCT: products.c.code, Scope.CATEGORY: categories.c.code}


def _of(scope: Scope) -> Select[str, UUID, str]:
    name = _NAMES[scope]
    return select(literal(str(scope)).label("scope"), name.table.c.id.label("id"), name.label("name"))


_by_name = union_all(
    *(_of(scope).where(name == any_(bindparam(scope, type_=ARRAY(String())))) for scope, name in _NAMES.items())
)
_by_id = union_all(
    *(
        _of(scope).where(name.table.c.id == any_(bindparam(scope, type_=ARRAY(Uuid()))))
        for scope, name in _NAMES.items()
    )
)


async def ids(session: AsyncSession, wanted: Iterable[tuple[Scope, str | None]]) -> dict[tuple[Scope, str], UUID]:
    """Return the ids of those targets that there are, by scope and SKU or code. One statement, or none for none."""
    asked: dict[str, list[str]] = {scope: [] for scope in _NAMES}
    for scope, name in set(wanted):
        if name is not None and scope in asked:
            asked[scope].append(name)
    if not any(asked.values()):
        return {}
    return {(Scope(row.scope), row.name): row.id for row in await session.execute(_by_name, asked)}


async def names(session: AsyncSession, wanted: Iterable[tuple[Scope, UUID]]) -> dict[UUID, str]:
    """Return the SKU or code of those targets that there still are, by id. One statement, or none for none."""
    asked: dict[str, list[UUID]] = {scope: [] for scope in _NAMES}
    for scope, id_ in set(wanted):
        if scope in asked:
            asked[scope].append(id_)
    if not any(asked.values()):
        return {}
    return {row.id: row.name for row in await session.execute(_by_id, asked)}
