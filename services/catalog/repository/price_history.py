"""What everyone pays, and since when: appended to whenever it is another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.price_history import Step
from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.domain.pricing.facts import LEVELS, Base, ListFacts, RowFacts
from services.catalog.domain.public_prices import PublicGoods, Rows, TimedRow, news
from services.catalog.domain.reach import Reach
from services.catalog.repository import rulebook
from services.catalog.repository.tables import public_prices, rule_book
from shared.contracts.catalog.catalog_settings import THE_BOOK
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Reference, Scope, TierBasis

FIRST = UUID(int=0)
"""No variant comes before it."""

_stamp = select(rule_book.c.stamp).where(rule_book.c.id == THE_BOOK)
_all = text("SELECT id FROM variants WHERE id > :after ORDER BY id LIMIT :limit")
# In parts, so that each kind of target is found by its index; OR would have every variant looked at.
_reached = text("""
    SELECT id FROM variants WHERE id > :after AND id = ANY (CAST(:variant_ids AS uuid[]))
    UNION SELECT id FROM variants WHERE id > :after AND product_id = ANY (CAST(:product_ids AS uuid[]) || ARRAY(
        SELECT id FROM products WHERE category_ids && ARRAY(
            SELECT id FROM categories WHERE path && CAST(:category_ids AS uuid[]))))
    ORDER BY id LIMIT :limit
""")
_goods = text("""
    SELECT variants.id, variants.product_id, products.category_ids, base_prices.currency, base_prices.amount,
        base_prices.floor, CASE WHEN cost_currency = base_prices.currency THEN cost_amount END AS cost,
        last.at AS last_at, last.amount AS last_amount
    FROM variants JOIN products ON products.id = variants.product_id
    JOIN base_prices ON base_prices.variant_id = variants.id
    LEFT JOIN LATERAL (
        SELECT at, amount FROM public_prices
        WHERE public_prices.variant_id = variants.id AND public_prices.currency = base_prices.currency
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS last ON true
    WHERE variants.id = ANY (CAST(:variant_ids AS uuid[])) ORDER BY variants.id, base_prices.currency
""")
_rows = text("""
    SELECT price_rows.number, scope, price_rows.target_id, value, price_rows.kind, min_qty, max_qty, reference,
        lists.id AS list_id, lists.number AS list_number, lists.version, lists.name, lists.level, lists.priority,
        lists.tier_basis, lists.stackable, lists.mode, lists.currency, lists.starts_at, lists.ends_at
    FROM price_lists AS lists JOIN price_rows ON price_rows.list_id = lists.id
    WHERE lists.level = 'market' AND lists.status = 'active'
        AND EXISTS (SELECT FROM price_list_targets AS targets
            WHERE targets.list_id = lists.id AND targets.target_id = ANY (CAST(:everyone AS uuid[])))
        AND price_rows.target_id = ANY (CAST(:about AS uuid[]))
    ORDER BY price_rows.number
""")


async def reached(session: AsyncSession, reach: Reach, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return the variants that are reached, by id, from the one after `after` on. One statement."""
    place = {"after": after or FIRST, "limit": limit}
    if reach.everything:
        return (await session.scalars(_all, place)).all()
    targets = {
        "variant_ids": list(reach.variant_ids),
        "product_ids": list(reach.product_ids),
        "category_ids": list(reach.category_ids),
    }
    return (await session.scalars(_reached, place | targets)).all()


async def record(session: AsyncSession, variant_ids: Sequence[UUID], at: datetime) -> int:
    """Append what everyone pays for these variants from a moment on, where it is another than known; return how often.

    Five statements at most, however many variants. Call it after the change, and after `rulebook.changed`.
    """
    if not variant_ids:
        return 0
    stamp = await session.scalar(_stamp)
    assert stamp is not None
    book = await rulebook.at(session, stamp)
    goods = [_as_goods(row) for row in await session.execute(_goods, {"variant_ids": list(variant_ids)})]
    places = {place for one in goods for category_id in one.category_ids for place in book.tree.get(category_id, ())}
    about = places | {one.variant_id for one in goods} | {one.product_id for one in goods} | {PUBLIC}
    rows = await _public_rows(session, about, book.settings.default_market)
    steps = [(one, step) for one in goods if (step := news(one, book, rows, at)) is not None]
    if steps:
        added = [{"variant_id": one.variant_id, "currency": one.currency, **step._asdict()} for one, step in steps]
        await session.execute(insert(public_prices), added)
    return len(steps)


async def _public_rows(session: AsyncSession, about: set[UUID], market: str | None) -> Rows:
    everyone = [PUBLIC] if market is None else [PUBLIC, market_id(market)]
    found = await session.execute(_rows, {"everyone": everyone, "about": list(about)})
    rows: dict[UUID, list[TimedRow]] = {}
    for row in found:
        rows.setdefault(row.target_id, []).append(_as_row(row))
    return rows


def _as_goods(row: Any) -> PublicGoods:
    return PublicGoods(
        variant_id=row.id,
        product_id=row.product_id,
        category_ids=row.category_ids,
        currency=row.currency,
        base=Base(row.amount, floor=row.floor),
        cost=row.cost,
        last=None if row.last_at is None else Step(row.last_at, row.last_amount),
    )


def _as_row(row: Any) -> TimedRow:
    of_list = ListFacts(
        id=row.list_id,
        number=row.list_number,
        version=row.version,
        name=row.name,
        level=LEVELS[row.level],
        priority=row.priority,
        basis=TierBasis(row.tier_basis),
        stackable=row.stackable,
        mode=PriceMode(row.mode),
    )
    facts = RowFacts(
        number=row.number,
        list=of_list,
        scope=Scope(row.scope),
        target_id=row.target_id,
        value=row.value,
        kind=AdjustmentKind(row.kind),
        min_qty=row.min_qty,
        max_qty=row.max_qty,
        reference=Reference(row.reference),
    )
    return TimedRow(facts, row.currency, row.starts_at, row.ends_at)
