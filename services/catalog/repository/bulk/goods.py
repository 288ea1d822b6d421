"""Products in sets: what some rows are about, and what they make of it. As many statements for any number."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String, Uuid

from services.catalog.domain.bulk.goods import Assortment, BasePrice, Good, Thing
from services.catalog.repository import price_history
from services.catalog.repository.search import refresh_search

_skus, _codes = bindparam("skus", type_=ARRAY(String())), bindparam("codes", type_=ARRAY(String()))
_ids = bindparam("ids", type_=ARRAY(Uuid()))
# Joined with what is wanted, and not compared with a list of it: thousands of rows are looked up, whatever the plan.
# Locked in id order, so that two imports, or an import and an editor, never wait for each other.
_products = text(
    """
    WITH wanted AS (
        SELECT products.id FROM unnest(:codes) AS named (code) JOIN products USING (code)
        UNION SELECT product_id FROM unnest(:skus) AS named (sku) JOIN variants USING (sku)
    )
    SELECT id, code, name, description, translations, options, attributes, category_ids, status, published_from,
        published_until
    FROM wanted JOIN products USING (id) ORDER BY id FOR UPDATE OF products
    """
).bindparams(_skus, _codes)
_variants = text(
    """
    SELECT id, product_id, position, sku, barcode, name, options, status, tax_category, commissionable, unit,
        quantity_decimals, weight, length, width, height, cost_amount, cost_currency
    FROM unnest(:ids) AS wanted (product_id) JOIN variants USING (product_id) ORDER BY product_id, position
    """
).bindparams(_ids)
_prices = text(
    """
    SELECT variant_id, currency, amount, original, floor
    FROM unnest(:ids) AS wanted (variant_id) JOIN base_prices USING (variant_id)
    """
).bindparams(_ids)
# Kept from being deleted until the transaction ends.
_categories = text(
    "SELECT code, id FROM categories WHERE code = ANY(:codes) OR id = ANY(:ids) ORDER BY id FOR KEY SHARE"
).bindparams(_codes, _ids)
_PRODUCT = "name, description, translations, options, attributes, category_ids, status, published_from, published_until"
_VARIANT = (
    "barcode, name, options, status, tax_category, commissionable, unit, quantity_decimals, weight, length, width, "
    "height, cost_amount, cost_currency"
)


def _set(columns: str) -> str:
    return ", ".join(f"{name} = given.{name}" for name in columns.split(", "))


def _statement(sql: str, table: str) -> Any:
    """Return a statement over rows of a table that come as JSON; only names that are written here are put in."""
    given = f"jsonb_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS jsonb)) AS given"
    return text(sql.format(product=_PRODUCT, variant=_VARIANT, **_SET, given=given))


_SET = {"set_product": _set(_PRODUCT), "set_variant": _set(_VARIANT)}
_new_products = _statement(
    "INSERT INTO products (id, code, {product}) SELECT id, code, {product} FROM {given}", "products"
)
_changed_products = _statement(
    "UPDATE products SET version = products.version + 1, {set_product} FROM {given} WHERE given.id = products.id",
    "products",
)
_new_variants = _statement(
    """
    WITH made AS (
        INSERT INTO variants (id, product_id, position, sku, {variant})
        SELECT id, product_id, position, sku, {variant} FROM {given} RETURNING id
    )
    INSERT INTO stocks (variant_id) SELECT id FROM made
    """,
    "variants",
)
_changed_variants = _statement(
    "UPDATE variants SET {set_variant} FROM {given} WHERE given.id = variants.id", "variants"
)
_put_prices = _statement(
    """
    INSERT INTO base_prices (variant_id, currency, amount, original, floor)
    SELECT variant_id, currency, amount, original, floor FROM {given}
    ON CONFLICT (variant_id, currency) DO UPDATE
    SET amount = excluded.amount, original = excluded.original, floor = excluded.floor
    """,
    "base_prices",
)
_raise = text("UPDATE products SET version = version + 1 WHERE id = ANY(:ids)").bindparams(_ids)


async def assortment(
    session: AsyncSession, skus: Collection[str], codes: Collection[str], categories: Collection[str]
) -> Assortment:
    """Return the products of these SKUs and codes, locked, with all their variants, prices and categories."""
    found = Assortment()
    # A product without a code of its own goes by its SKU.
    rows = await session.execute(_products, {"skus": list(skus), "codes": list({*skus, *codes})})
    for row in rows.mappings():
        found.put_product(Thing(row["id"], {name: row[name] for name in row if name != "id"}))
    for row in (await session.execute(_variants, {"ids": list(found.products)})).mappings():
        fields = {name: row[name] for name in row if name not in ("id", "product_id")}
        found.put_good(Good(row["id"], fields, product_id=row["product_id"]))
    by_id = {good.id: good for good in found.goods.values()}
    for price in await session.execute(_prices, {"ids": list(by_id)}):
        by_id[price.variant_id].prices[price.currency] = BasePrice(price.amount, price.original, price.floor)
    standing = {id_ for product in found.products.values() for id_ in product.fields["category_ids"]}
    named = await session.execute(_categories, {"codes": list(categories), "ids": list(standing)})
    found.categories = {row.code: row.id for row in named}
    return found


async def put(session: AsyncSession, found: Assortment, at: datetime) -> list[UUID]:
    """Write what is touched of an assortment, raise the versions of its products, and return their ids."""
    products = [thing for thing in found.products.values() if thing.touched]
    if not products:
        return []
    touched = [good for good in found.goods.values() if good.touched]
    await _write(session, _new_products, map(_product, (one for one in products if one.new)))
    await _write(session, _changed_products, map(_product, (one for one in products if not one.new)))
    await _write(session, _new_variants, map(_variant, (one for one in touched if one.new)))
    await _write(session, _changed_variants, map(_variant, (one for one in touched if not one.new)))
    await put_prices(session, touched)
    ids = [product.id for product in products]
    await refresh_search(session, ids)
    # Not only of those whose price changed: a promotion may reach a product in its new category.
    await price_history.record(session, [good.id for id_ in ids for good in found.of_product[id_]], at)
    return ids


async def put_prices(session: AsyncSession, touched: Iterable[Good]) -> None:
    """Write the base prices that are new or other than before. One statement."""
    rows = (
        {"variant_id": good.id, "currency": currency, **good.prices[currency]._asdict()}
        for good in touched
        for currency in good.priced
    )
    await _write(session, _put_prices, rows)


async def change_prices(session: AsyncSession, found: Assortment, at: datetime) -> list[UUID]:
    """Write the base prices that are new or other than before, and return the products they raised the version of."""
    touched = [good for good in found.goods.values() if good.touched]
    ids = sorted({good.product_id for good in touched})
    if touched:
        await put_prices(session, touched)
        await session.execute(_raise, {"ids": ids})
        await price_history.record(session, [good.id for good in touched], at)
    return ids


async def _write(session: AsyncSession, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    given = list(rows)
    if given:
        await session.execute(statement, {"rows": to_json(given).decode()})


def _product(thing: Thing) -> dict[str, Any]:
    return {"id": thing.id, **thing.fields}


def _variant(good: Good) -> dict[str, Any]:
    return {"id": good.id, "product_id": good.product_id, **good.fields}
