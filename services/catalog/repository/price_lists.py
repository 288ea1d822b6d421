"""Price lists: by id, by the page, for whom they are, and which others are for the same."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.price_lists import WARNED_OF, target_id
from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.models import PriceList, PriceListTarget
from services.catalog.repository.tables import price_list_targets, price_lists, price_rows
from shared.contracts.catalog.price_lists import (
    ListPriceLists,
    ListTarget,
    PriceListNotFound,
    TargetKind,
)
from shared.database.pages import cursor_of, fitting, page
from shared.database.rows import find

MOST_TARGETS = 4_000
"""So many targets the lists of one page are for at most, or it ends before: they are to fit into one message."""

_overlapping = text("""
    SELECT lists.id AS list_id, others.id, others.code
    FROM price_lists AS lists CROSS JOIN LATERAL (
        SELECT other.id, other.code, other.number FROM price_lists AS other
        WHERE other.id <> lists.id AND other.level = lists.level AND other.priority = lists.priority
            AND other.currency = lists.currency AND other.status <> 'archived'
            AND coalesce(other.starts_at, '-infinity') < coalesce(lists.ends_at, 'infinity')
            AND coalesce(lists.starts_at, '-infinity') < coalesce(other.ends_at, 'infinity')
            AND EXISTS (SELECT FROM price_list_targets AS own JOIN price_list_targets AS theirs USING (target_id)
                WHERE own.list_id = lists.id AND theirs.list_id = other.id)
            -- Half of all lists are of a mode: compared as the others, it is taken for something that hardly any pass.
            AND CASE other.mode WHEN lists.mode THEN true ELSE false END
        ORDER BY other.number LIMIT :most
    ) AS others
    WHERE lists.id = ANY (CAST(:ids AS uuid[])) AND lists.status <> 'archived'
    ORDER BY lists.number, others.number
""")
_ABOVE = "ARRAY(SELECT unnest(path) FROM categories WHERE categories.id = ANY (products.category_ids))"
_about_sku = text(f"""
    SELECT unnest(ARRAY[variants.id, products.id] || {_ABOVE})
    FROM variants JOIN products ON products.id = variants.product_id WHERE variants.sku = :sku
""")  # noqa: S608 - no word of anyone's
_about_product = text(f"""
    SELECT unnest(ARRAY[products.id] || ARRAY(SELECT id FROM variants WHERE product_id = products.id) || {_ABOVE})
    FROM products WHERE products.id = :product_id
""")  # noqa: S608


async def by_id(session: AsyncSession, id_: UUID) -> PriceList:
    """Return a price list. Raises PriceListNotFound."""
    return await find(session, PriceList, id_, PriceListNotFound())


async def locked(session: AsyncSession, id_: UUID) -> PriceList:
    """Return a price list, locked until the transaction ends, its version as it was. Raises PriceListNotFound."""
    found = await session.scalar(select(PriceList).where(PriceList.id == id_).with_for_update())
    if found is None:
        raise PriceListNotFound
    return found


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether a price list has this code already."""
    return await session.scalar(select(PriceList.id).where(PriceList.code == code)) is not None


async def put_targets(session: AsyncSession, list_id: UUID, targets: Sequence[ListTarget]) -> None:
    """Let a list be for these and nobody else. Two statements."""
    await session.execute(delete(price_list_targets).where(price_list_targets.c.list_id == list_id))
    rows = [
        {"list_id": list_id, "target_id": target_id(target), "kind": target.kind, "code": target.code}
        for target in targets
    ]
    await session.execute(insert(price_list_targets), rows)


async def targets(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[ListTarget]]:
    """Return for whom lists are. One statement."""
    ordered = (
        select(PriceListTarget)
        .where(PriceListTarget.list_id.in_(ids))
        .order_by(PriceListTarget.list_id, PriceListTarget.kind, PriceListTarget.target_id)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[ListTarget]] = {id_: [] for id_ in ids}
    for row in await session.scalars(ordered):
        named = row.kind not in (TargetKind.MARKET, TargetKind.EVERYONE)
        found[row.list_id].append(ListTarget(kind=row.kind, id=row.target_id if named else None, code=row.code))
    return found


async def overlapping(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return, by list, the ids and codes of the first others that are for the same buyers at the same time.

    Same level, priority, currency and mode too; archived ones do not count. One statement.
    """
    found: dict[UUID, list[tuple[UUID, str]]] = {id_: [] for id_ in ids}
    for row in await session.execute(_overlapping, {"ids": list(ids), "most": WARNED_OF}):
        found[row.list_id].append((row.id, row.code))
    return found


async def one_page(session: AsyncSession, query: ListPriceLists) -> tuple[Sequence[PriceList], str | None]:
    """Return a page of price lists, newest first. At most four statements."""
    statement = select(PriceList)
    for condition in _conditions(query):
        statement = statement.where(condition)
    for about in await _about(session, query):
        rows = select(price_rows.c.list_id).where(price_rows.c.target_id.in_(about))
        statement = statement.where(price_lists.c.id.in_(rows))
    found, cursor = await page(session, statement, PriceList, query.cursor, query.limit)
    listed = price_list_targets.c.list_id
    counted = select(listed, func.count()).where(listed.in_([one.id for one in found])).group_by(listed)
    counts = {row[0]: row[1] for row in await session.execute(counted)}
    fitted = fitting((counts.get(one.id, 0) for one in found), MOST_TARGETS)
    return found[:fitted], cursor_of(found[fitted - 1]) if fitted < len(found) else cursor


def _conditions(query: ListPriceLists) -> Iterable[ColumnElement[bool]]:
    if query.level is not None:
        yield price_lists.c.level == query.level
    if query.status is not None:
        yield price_lists.c.status == query.status
    if query.target_id is not None:
        yield price_lists.c.id.in_(_for(query.target_id))
    if query.market is not None:
        yield price_lists.c.id.in_(_for(market_id(query.market)))


def _for(target: UUID) -> Select[UUID]:
    return select(price_list_targets.c.list_id).where(price_list_targets.c.target_id == target)


async def _about(session: AsyncSession, query: ListPriceLists) -> list[list[UUID]]:
    """Return, for the SKU and for the product asked for, what rows about them are about; nothing where unknown."""
    asked = []
    if query.sku is not None:
        asked.append(list(await session.scalars(_about_sku, {"sku": query.sku})))
    if query.product_id is not None:
        asked.append(list(await session.scalars(_about_product, {"product_id": query.product_id})))
    return [[*ids, PUBLIC] if ids else [] for ids in asked]
