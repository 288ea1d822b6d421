"""Prices that a rule is about: counted, gone through some at a time, set; and what became of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import PriceChange, PriceDifference, Product
from services.catalog.repository.tables import price_differences
from shared.contracts.catalog.price_changes import (
    ListPriceChanges,
    ListPriceDifferences,
    PriceChangeNotFound,
)
from shared.contracts.catalog.price_lists import Scope
from shared.database.pages import cut, page
from shared.database.rows import find

_WANTED = """
    (CAST(:category_id AS uuid) IS NULL OR EXISTS (SELECT FROM categories
        WHERE categories.id = ANY (products.category_ids) AND CAST(:category_id AS uuid) = ANY (categories.path)))
    AND (CAST(:attribute AS text) IS NULL OR jsonb_exists(products.attributes, CAST(:attribute AS text))
        AND (CAST(:attribute_value AS text) IS NULL
            OR jsonb_exists(products.attributes -> CAST(:attribute AS text), CAST(:attribute_value AS text))))
"""
_BASE = f"""
    FROM base_prices JOIN variants ON variants.id = base_prices.variant_id
    JOIN products ON products.id = variants.product_id
    WHERE base_prices.currency = :currency AND base_prices.mode = :source AND {_WANTED}
"""
_ROWS = f"""
    FROM price_rows
    LEFT JOIN variants ON price_rows.scope = 'variant' AND variants.id = price_rows.target_id
    LEFT JOIN products ON products.id = coalesce(
        variants.product_id, CASE WHEN price_rows.scope = 'product' THEN price_rows.target_id END)
    LEFT JOIN categories AS place ON price_rows.scope = 'category' AND place.id = price_rows.target_id
    LEFT JOIN base_prices ON base_prices.variant_id = variants.id AND base_prices.currency = :currency
        AND base_prices.mode = :mode
    WHERE price_rows.list_id = :list_id AND price_rows.kind = 'fixed' AND (
        (CAST(:category_id AS uuid) IS NULL AND CAST(:attribute AS text) IS NULL)
        OR (products.id IS NOT NULL AND {_WANTED})
        OR (CAST(:attribute AS text) IS NULL AND CAST(:category_id AS uuid) = ANY (place.path)))
"""
_AFTER = "AND (CAST(:after AS uuid) IS NULL OR {id} > CAST(:after AS uuid)) ORDER BY {id} LIMIT :limit"
_count = {True: text(f"SELECT count(*) {_BASE}"), False: text(f"SELECT count(*) {_ROWS}")}
_base_ids = text(f"SELECT variants.id, variants.product_id {_BASE} {_AFTER.format(id='variants.id')}")
_base = text("""
    SELECT variants.id, 'variant' AS scope, variants.id AS target_id, variants.product_id, variants.sku AS target,
        1.000 AS min_qty, source.amount, base_prices.amount AS standing, base_prices.floor,
        CASE WHEN cost_currency = source.currency AND :mode = 'net' THEN cost_amount END AS cost
    FROM base_prices AS source JOIN variants ON variants.id = source.variant_id
    LEFT JOIN base_prices ON base_prices.variant_id = source.variant_id AND base_prices.currency = source.currency
        AND base_prices.mode = :mode
    WHERE variants.id = ANY (CAST(:ids AS uuid[])) AND source.currency = :currency AND source.mode = :source
    ORDER BY variants.id
""")
_rows = text(f"""
    SELECT price_rows.id, price_rows.scope, price_rows.target_id, NULL::uuid AS product_id,
        coalesce(variants.sku, products.code, place.code) AS target, price_rows.min_qty, price_rows.value AS amount,
        price_rows.value AS standing, base_prices.floor, NULL::numeric AS cost
    {_ROWS} {_AFTER.format(id="price_rows.id")}
""")
_GIVEN = "unnest(CAST(:ids AS uuid[]), CAST(:amounts AS numeric[])) AS given(id, amount)"
_set_base = text(f"""
    INSERT INTO base_prices (variant_id, currency, mode, amount) SELECT id, :currency, :mode, amount FROM {_GIVEN}
    ON CONFLICT (variant_id, currency, mode) DO UPDATE SET amount = excluded.amount
""")  # noqa: S608 - no word of anyone's
_set_rows = text(f"""
    UPDATE price_rows SET value = given.amount, version = version + 1 FROM {_GIVEN}
    WHERE price_rows.id = given.id
""")  # noqa: S608


class Priced(NamedTuple):
    """A price that a rule is about: a variant's base price, by the variant's id, or a row of a list, by its own.

    `amount` is what the rule works on, `standing` what is to be another: the same, but where base prices are made from
    those of the other mode, and then it may be none.
    """

    id: UUID
    scope: Scope
    target_id: UUID
    product_id: UUID | None
    target: str | None
    min_qty: Decimal
    amount: Decimal
    standing: Decimal | None
    floor: Decimal | None
    cost: Decimal | None


async def count(session: AsyncSession, change: PriceChange) -> int:
    """Return how many prices a rule is about. One statement."""
    found: Any = await session.scalar(_count[change.list_id is None], _given(change))
    return int(found)


async def products(session: AsyncSession, change: PriceChange, limit: int) -> tuple[list[UUID], Sequence[Product]]:
    """Return the next variants whose base prices a rule is about, and their products, locked in the order of ids."""
    rows = (await session.execute(_base_ids, {**_given(change), "after": change.reached, "limit": limit})).all()
    of = {row.product_id for row in rows}
    locked = select(Product).where(Product.id.in_(of)).order_by(Product.id).with_for_update()
    found = (await session.scalars(locked, execution_options={"populate_existing": True})).all() if of else []
    return [row.id for row in rows], found


async def base_prices(session: AsyncSession, change: PriceChange, variant_ids: Sequence[UUID]) -> list[Priced]:
    """Return the base prices of these variants. One statement."""
    found = await session.execute(_base, {"ids": list(variant_ids), **_which(change)})
    return [_as_priced(row) for row in found]


async def rows(session: AsyncSession, change: PriceChange, limit: int) -> list[Priced]:
    """Return the next rows of a list that a rule is about. One statement."""
    found = await session.execute(_rows, {**_given(change), "after": change.reached, "limit": limit})
    return [_as_priced(row) for row in found]


async def put(session: AsyncSession, change: PriceChange, amounts: Mapping[UUID, Decimal]) -> None:
    """Set base prices by variant, or the values of rows, whose products or list are locked. One statement."""
    given = {"ids": list(amounts), "amounts": list(amounts.values())}
    if change.list_id is None:
        await session.execute(_set_base, {**given, "currency": change.currency, "mode": change.mode})
    else:
        await session.execute(_set_rows, given)


async def report(session: AsyncSession, differences: Sequence[Mapping[str, Any]]) -> None:
    """Write down what became of prices. One statement."""
    if differences:
        await session.execute(insert(price_differences), [dict(one) for one in differences])


async def by_id(session: AsyncSession, id_: UUID) -> PriceChange:
    """Return a price change. Raises PriceChangeNotFound."""
    return await find(session, PriceChange, id_, PriceChangeNotFound())


async def one_page(session: AsyncSession, query: ListPriceChanges) -> tuple[Sequence[PriceChange], str | None]:
    """Return a page of price changes, newest first. One statement."""
    return await page(session, select(PriceChange), PriceChange, query.cursor, query.limit)


async def differences(
    session: AsyncSession, query: ListPriceDifferences
) -> tuple[Sequence[PriceDifference], str | None]:
    """Return a page of what became of prices, in order, and the cursor of the next, or None. One statement."""
    statement = select(PriceDifference).where(PriceDifference.change_id == query.id)
    if query.outcome is not None:
        statement = statement.where(PriceDifference.outcome == query.outcome)
    if query.cursor is not None:
        statement = statement.where(PriceDifference.position > int(query.cursor))
    found = (await session.scalars(statement.order_by(PriceDifference.position).limit(query.limit + 1))).all()
    return cut(found, query.limit, lambda row: str(row.position))


def _given(change: PriceChange) -> dict[str, Any]:
    narrowed = {name: getattr(change, name) for name in ("category_id", "attribute", "attribute_value")}
    if change.list_id is None:
        return {**narrowed, "currency": change.currency, "source": change.from_mode or change.mode}
    return {**narrowed, "currency": change.currency, "mode": change.mode, "list_id": change.list_id}


def _which(change: PriceChange) -> dict[str, Any]:
    """Return in which currency and mode prices change, and of which mode those are that they come from."""
    return {"currency": change.currency, "mode": change.mode, "source": change.from_mode or change.mode}


def _as_priced(row: Any) -> Priced:
    return Priced(
        id=row.id,
        scope=Scope(row.scope),
        target_id=row.target_id,
        product_id=row.product_id,
        target=row.target,
        min_qty=row.min_qty,
        amount=row.amount,
        standing=row.standing,
        floor=row.floor,
        cost=row.cost,
    )


async def forget_differences(session: AsyncSession, before: datetime) -> None:
    """Delete what became of each price in changes that ended before a moment. One statement."""
    ended = select(PriceChange.id).where(PriceChange.finished_at < before)
    await session.execute(delete(price_differences).where(price_differences.c.change_id.in_(ended)))
