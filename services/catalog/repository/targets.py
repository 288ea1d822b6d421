"""What rules, rows and products are about: found by SKU or code, named by it again, missed where it is not there."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Select, String, Uuid, any_, bindparam, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.repository.tables import categories, products, variants
from shared.contracts.catalog.price_lists import Scope

# A product before its variants: so they are locked where they are deleted, too.
_NAMES = {Scope.PRODUCT: products.c.code, Scope.VARIANT: variants.c.sku, Scope.CATEGORY: categories.c.code}


def _of(scope: Scope) -> Select[str, UUID, str]:
    name = _NAMES[scope]
    return select(literal(str(scope)).label("scope"), name.table.c.id.label("id"), name.label("name"))


_named = [_of(scope).where(name == any_(bindparam(scope, type_=ARRAY(String())))) for scope, name in _NAMES.items()]
_by_name = union_all(*_named)
_kept_by_name = union_all(
    *(
        select(each.order_by(each.selected_columns.id).with_for_update(read=True, key_share=True).subquery())
        for each in _named
    )
)
_by_id = union_all(
    *(
        _of(scope).where(name.table.c.id == any_(bindparam(scope, type_=ARRAY(Uuid()))))
        for scope, name in _NAMES.items()
    )
)


async def ids(
    session: AsyncSession, wanted: Iterable[tuple[Scope, str | None]], *, kept: bool = False
) -> dict[tuple[Scope, str], UUID]:
    """Return the ids of those targets that there are, by scope and SKU or code. One statement, or none for none.

    `kept`: none of them is deleted until the transaction ends.
    """
    asked: dict[str, list[str]] = {scope: [] for scope in _NAMES}
    for scope, name in set(wanted):
        if name is not None and scope in asked:
            asked[scope].append(name)
    if not any(asked.values()):
        return {}
    found = await session.execute(_kept_by_name if kept else _by_name, asked)
    return {(Scope(row.scope), row.name): row.id for row in found}


async def unknown(session: AsyncSession, scope: Scope, ids: Collection[UUID], *, kept: bool = False) -> set[UUID]:
    """Return those of the ids that are no variant's, product's or category's. One statement, or none for none.

    `kept`: the others stay what they are until the transaction ends.
    """
    if scope not in _NAMES or not ids:
        return set()
    key = _NAMES[scope].table.c.id
    known = select(key).where(key.in_(ids)).order_by(key)
    return set(ids) - set(await session.scalars(known.with_for_update(read=True, key_share=True) if kept else known))


async def names(session: AsyncSession, wanted: Iterable[tuple[Scope, UUID]]) -> dict[UUID, str]:
    """Return the SKU or code of those targets that there still are, by id. One statement, or none for none."""
    asked: dict[str, list[UUID]] = {scope: [] for scope in _NAMES}
    for scope, id_ in set(wanted):
        if scope in asked:
            asked[scope].append(id_)
    if not any(asked.values()):
        return {}
    return {row.id: row.name for row in await session.execute(_by_id, asked)}
