"""Products in sets, written: what some rows make of them. As many statements for any number."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.catalog.domain.bulk.goods import Assortment, Good, Thing
from services.catalog.domain.pricing.facts import Base
from services.catalog.domain.public_prices import PublicGoods
from services.catalog.repository import price_history
from services.catalog.repository.bulk.copying import copied
from services.catalog.repository.bulk.goods import PRODUCT, VARIANT
from services.catalog.repository.search import SAID, SEARCH, WORDS

_PRODUCT = ", ".join(PRODUCT[2:])
_VARIANT = ", ".join(VARIANT[4:])
PRICE = ("variant_id", "currency", "mode", "amount", "original", "floor")


def _set(columns: str) -> str:
    return ", ".join(f"{name} = given.{name}" for name in columns.split(", "))


# What products are found by is found out as they are written, not in a second pass over them: `words` comes as the
# names and numbers of their variants.
_GIVEN = f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_populate_recordset(CAST(NULL AS products), CAST(:rows AS jsonb))
    ), said AS MATERIALIZED ({SAID.format(products="given", numbers="one.words")})
"""  # noqa: S608 - only what is written here is put in
_new_products = text(
    f"""
    {_GIVEN} INSERT INTO products (id, code, {_PRODUCT}, words, search)
    SELECT id, code, {_PRODUCT}, {WORDS}, {SEARCH} FROM given JOIN said USING (id)
    """  # noqa: S608
)
_changed_products = text(
    f"""
    {_GIVEN} UPDATE products SET version = products.version + 1, {_set(_PRODUCT)}, words = {WORDS}, search = {SEARCH}
    FROM given JOIN said USING (id) WHERE given.id = products.id
    """  # noqa: S608
)
_changed_variants = text(
    f"""
    UPDATE variants SET {_set(_VARIANT)}
    FROM jsonb_populate_recordset(CAST(NULL AS variants), CAST(:rows AS jsonb)) AS given WHERE given.id = variants.id
    """  # noqa: S608
)
_put_prices = text(
    """
    INSERT INTO base_prices (variant_id, currency, mode, amount, original, floor)
    SELECT variant_id, currency, mode, amount, original, floor
    FROM jsonb_populate_recordset(CAST(NULL AS base_prices), CAST(:rows AS jsonb))
    ON CONFLICT (variant_id, currency, mode) DO UPDATE
    SET amount = excluded.amount, original = excluded.original, floor = excluded.floor
    """
)
_drop = text(
    """
    DELETE FROM base_prices USING unnest(
        CAST(:ids AS uuid[]), CAST(:currencies AS text[]), CAST(:modes AS text[])
    ) AS gone (id, money, tax)
    WHERE variant_id = gone.id AND currency = gone.money AND mode = gone.tax
    """
)
_raise = text("UPDATE products SET version = version + 1 WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid()))
)


async def put(session: AsyncSession, found: Assortment, at: datetime) -> list[UUID]:
    """Write what is touched of an assortment, raise the versions of its products, and return their ids."""
    products = [thing for thing in found.products.values() if thing.touched]
    if not products:
        return []
    touched = [good for good in found.goods.values() if good.touched]
    # While the server is busy with products, what follows them is made ready.
    coming = asyncio.create_task(asyncio.to_thread(_New.of, [good for good in touched if good.new], found))
    await _write(session, _new_products, (_product(one, found) for one in products if one.new))
    await _write(session, _changed_products, (_product(one, found) for one in products if not one.new))
    new = await coming
    await copied(session, "variants", VARIANT, new.variants)
    await copied(session, "stocks", ("variant_id",), [row[:1] for row in new.variants])
    await copied(session, "base_prices", PRICE, new.prices)
    await _write(session, _changed_variants, ({"id": one.id, **one.fields} for one in touched if not one.new))
    await put_prices(session, (good for good in touched if not good.new))
    ids = [product.id for product in products]
    # Not only of those whose price changed: a promotion may reach a product in its new category.
    standing = [good.id for id_ in ids for good in found.of_product[id_] if not good.new]
    await price_history.record(session, standing, at, new.public)
    return ids


class _New(NamedTuple):
    """Variants never written before: their rows, those of their prices, and what everyone's price depends on."""

    variants: list[list[Any]]
    prices: list[tuple[Any, ...]]
    public: list[PublicGoods]

    @classmethod
    def of(cls, goods: Sequence[Good], found: Assortment) -> "_New":
        prices = [price for good in goods for price in _prices_of(good)]
        return cls([_row(good) for good in goods], prices, [one for good in goods for one in _public(good, found)])


async def put_prices(session: AsyncSession, touched: Iterable[Good]) -> None:
    """Write the base prices that are new or other than before. One statement."""
    await _write(
        session, _put_prices, (dict(zip(PRICE, row, strict=True)) for good in touched for row in _prices_of(good))
    )


async def change_prices(session: AsyncSession, found: Assortment, at: datetime) -> list[UUID]:
    """Write the base prices that are new or other than before, and return the products they raised the version of."""
    touched = [good for good in found.goods.values() if good.touched]
    ids = sorted({good.product_id for good in touched})
    if touched:
        await put_prices(session, touched)
        await _drop_prices(session, touched)
        await session.execute(_raise, {"ids": ids})
        await price_history.record(session, [good.id for good in touched], at)
    return ids


async def _drop_prices(session: AsyncSession, touched: Iterable[Good]) -> None:
    gone = [(good.id, currency, mode) for good in touched for currency, mode in good.dropped]
    if gone:
        ids, currencies, modes = map(list, zip(*gone, strict=True))
        await session.execute(_drop, {"ids": ids, "currencies": currencies, "modes": modes})


async def _write(session: AsyncSession, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    given = list(rows)
    if given:
        await session.execute(statement, {"rows": to_json(given).decode()})


def _product(thing: Thing, found: Assortment) -> dict[str, Any]:
    name = thing.fields["name"]
    # As `refresh_search` has it: a variant's own name counts where it is another than its product's.
    numbers = (
        part
        for fields in (good.fields for good in found.of_product[thing.id])
        for part in (fields["sku"], fields["barcode"], fields["name"] if fields["name"] != name else None)
        if part is not None
    )
    return {"id": thing.id, **thing.fields, "words": " ".join(numbers)}


def _row(good: Good) -> list[Any]:
    fields = {**good.fields, "id": good.id, "product_id": good.product_id}
    return [to_json(fields[name]).decode() if name == "options" else fields[name] for name in VARIANT]


def _public(good: Good, found: Assortment) -> Iterator[PublicGoods]:
    """Yield what everyone's price of a new variant depends on."""
    fields, product = good.fields, found.products[good.product_id].fields
    for (currency, mode), price in good.prices.items():
        yield PublicGoods(
            variant_id=good.id,
            product_id=good.product_id,
            category_ids=product["category_ids"],
            currency=currency,
            base=Base(price.amount, floor=price.floor),
            cost=fields["cost_amount"] if fields["cost_currency"] == currency else None,
            mode=mode,
        )


def _prices_of(good: Good) -> Iterator[tuple[Any, ...]]:
    """Yield the prices of a variant that are new or other than before, as rows."""
    for currency, mode in good.priced:
        yield good.id, currency, mode, *good.prices[currency, mode]
