"""What everyone pays, and since when: appended to whenever it is another."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.price_history import Step
from services.catalog.domain.prices import PUBLIC, market_id
from services.catalog.domain.pricing.facts import LEVELS, Base, ListFacts, RowFacts
from services.catalog.domain.public_prices import Apart, PublicGoods, Rows, TimedRow, news, news_apart
from services.catalog.domain.reach import Reach
from services.catalog.repository import rulebook
from services.catalog.repository.json_columns import decimal, read
from shared.contracts.catalog.catalog_settings import THE_BOOK
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Reference, Scope, TierBasis

FIRST = UUID(int=0)
"""No variant comes before it."""

# Markets that anything was ever for, the shop's own among them: it may have been another one before.
_stamp = text(f"""
    SELECT stamp, ARRAY(
        SELECT targets.code FROM price_lists JOIN price_list_targets AS targets ON targets.list_id = price_lists.id
            WHERE price_lists.level = 'market' AND targets.kind = 'market'
        UNION SELECT unnest(markets) FROM promotions
    ) AS markets FROM rule_book WHERE id = '{THE_BOOK}'
""")  # noqa: S608 - no word of anyone's
_opened = text(f"""
    SELECT EXISTS (SELECT FROM unnest(CAST(:codes AS text[]), CAST(:ids AS uuid[])) AS named(code, id)
        WHERE named.code <> settings ->> 'default_market'
            AND NOT EXISTS (SELECT FROM price_list_targets WHERE target_id = named.id)
            AND NOT EXISTS (SELECT FROM promotions WHERE named.code = ANY (markets)))
    FROM rule_book WHERE id = '{THE_BOOK}'
""")  # noqa: S608
_OF_VARIANT = "variant_id = :variant_id AND currency = :currency AND mode = :mode AND at <= :at"
_paid = text(f"""
    SELECT coalesce(
        (SELECT amount FROM market_prices WHERE {_OF_VARIANT} AND market = CAST(:market AS text)
            ORDER BY at DESC, id DESC LIMIT 1),
        (SELECT amount FROM public_prices WHERE {_OF_VARIANT} ORDER BY at DESC, id DESC LIMIT 1))
""")  # noqa: S608 - no word of anyone's
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
    SELECT variants.id, variants.product_id, products.category_ids, base_prices.currency, base_prices.mode,
        base_prices.amount,
        base_prices.floor, CASE WHEN cost_currency = base_prices.currency THEN cost_amount END AS cost,
        last.at AS last_at, last.amount AS last_amount,
        CASE WHEN CAST(:apart AS bool) THEN (
            SELECT json_agg(json_build_array(market, at, amount))::text FROM (
                SELECT DISTINCT ON (market) market, at, amount FROM market_prices AS past
                WHERE past.variant_id = variants.id AND past.currency = base_prices.currency
                    AND past.mode = base_prices.mode
                ORDER BY market, at DESC, id DESC) AS latest) END AS apart
    FROM variants JOIN products ON products.id = variants.product_id
    JOIN base_prices ON base_prices.variant_id = variants.id
    LEFT JOIN LATERAL (
        SELECT at, amount FROM public_prices
        WHERE public_prices.variant_id = variants.id AND public_prices.currency = base_prices.currency
            AND public_prices.mode = base_prices.mode
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS last ON true
    WHERE variants.id = ANY (CAST(:variant_ids AS uuid[])) ORDER BY variants.id, base_prices.currency, base_prices.mode
""")
_rows = text("""
    SELECT price_rows.number, scope, price_rows.target_id, value, price_rows.kind, min_qty, max_qty, reference,
        lists.id AS list_id, lists.number AS list_number, lists.version, lists.name, lists.level, lists.priority,
        lists.tier_basis, lists.stackable, lists.mode, lists.currency, lists.starts_at, lists.ends_at,
        ARRAY(SELECT target_id FROM price_list_targets WHERE list_id = lists.id) AS targets
    FROM price_lists AS lists JOIN price_rows ON price_rows.list_id = lists.id
    WHERE lists.level = 'market' AND lists.status = 'active'
        AND price_rows.target_id = ANY (CAST(:about AS uuid[]))
    ORDER BY price_rows.number
""")
# In arrays: one statement that is always the same, however many steps.
_add = text("""
    INSERT INTO public_prices (variant_id, currency, mode, at, amount)
    SELECT * FROM unnest(CAST(:variant_ids AS uuid[]), CAST(:currencies AS text[]), CAST(:modes AS text[]),
        CAST(:moments AS timestamptz[]), CAST(:amounts AS numeric[]))
""")
_add_apart = text("""
    INSERT INTO market_prices (variant_id, currency, mode, market, at, amount)
    SELECT * FROM unnest(CAST(:variant_ids AS uuid[]), CAST(:currencies AS text[]), CAST(:modes AS text[]),
        CAST(:markets AS text[]), CAST(:moments AS timestamptz[]), CAST(:amounts AS numeric[]))
""")
ADDED = ("variant_ids", "currencies", "modes", "moments", "amounts")
ADDED_APART = ("variant_ids", "currencies", "modes", "markets", "moments", "amounts")


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


async def paid(
    session: AsyncSession, variant_id: UUID, market: str | None, currency: str, mode: PriceMode, at: datetime
) -> Decimal | None:
    """Return what everyone of a market paid for one unit at a moment, as it was written down. One statement."""
    given = {"variant_id": variant_id, "market": market, "currency": currency, "mode": mode, "at": at}
    amount: Decimal | None = await session.scalar(_paid, given)
    return amount


async def opens(session: AsyncSession, markets: Collection[str]) -> bool:
    """Tell whether one of these markets is about to be named for the first time. One statement, or none for none.

    From then on what is for the shop's own market does not count there. No market is opened where the shop has none.
    """
    if not markets:
        return False
    given = {"codes": list(markets), "ids": [market_id(code) for code in markets]}
    return bool(await session.scalar(_opened, given))


async def record(
    session: AsyncSession, variant_ids: Sequence[UUID], at: datetime, new: Sequence[PublicGoods] = ()
) -> int:
    """Append what everyone pays for these variants from a moment on, where it is another than known; return how often.

    Of markets what is other than everyone's is appended, too. `new`: what is known already of others, which have no
    history yet. Six statements at most, however many variants. Call it after the change, and after `rulebook.changed`.
    """
    if not variant_ids and not new:
        return 0
    stamp, markets = (await session.execute(_stamp)).one()
    book = await rulebook.at(session, stamp)
    goods = [*new]
    if variant_ids:
        asked = {"variant_ids": list(variant_ids), "apart": bool(markets)}
        goods += map(_as_goods, await session.execute(_goods, asked))
    places = {place for one in goods for category_id in one.category_ids for place in book.tree.get(category_id, ())}
    about = places | {one.variant_id for one in goods} | {one.product_id for one in goods} | {PUBLIC}
    rows = await _public_rows(session, about)
    steps = [(one, step) for one in goods if (step := news(one, book, rows, at)) is not None]
    if steps:
        added = [(one.variant_id, one.currency, one.mode, *step) for one, step in steps]
        await session.execute(_add, _columns(ADDED, added))
    apart = [
        (one.variant_id, one.currency, one.mode, market, *step)
        for one in goods
        for market, step in news_apart(one, book, rows, markets, at)
    ]
    if apart:
        await session.execute(_add_apart, _columns(ADDED_APART, apart))
    return len(steps) + len(apart)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


async def _public_rows(session: AsyncSession, about: set[UUID]) -> Rows:
    found = await session.execute(_rows, {"about": list(about)})
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
        mode=PriceMode(row.mode),
        last=None if row.last_at is None else Step(row.last_at, row.last_amount),
        apart={market: Apart(datetime.fromisoformat(at), decimal(amount)) for market, at, amount in read(row.apart)},
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
    return TimedRow(facts, row.currency, row.starts_at, row.ends_at, frozenset(row.targets))
