"""Products in sets: what some rows are about. As many statements for any number."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic_core import from_json
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String, Uuid

from services.catalog.domain.bulk.goods import Assortment, BasePrice, Good, Thing
from shared.contracts.catalog.price_lists import PriceMode

_skus, _codes = bindparam("skus", type_=ARRAY(String())), bindparam("codes", type_=ARRAY(String()))
_ids = bindparam("ids", type_=ARRAY(Uuid()))
PRODUCT = (
    *("id", "code", "name", "description", "translations", "options", "attributes", "category_ids", "status"),
    *("perishable", "published_from", "published_until"),
)
VARIANT = (
    *("id", "product_id", "position", "sku", "barcode", "name", "options", "status", "tax_category", "commissionable"),
    *("unit", "quantity_decimals", "weight", "length", "width", "height", "cost_amount", "cost_currency"),
)
AS_JSON = frozenset({"translations", "options", "attributes"})
EMPTY: Mapping[str, type[Any]] = {"{}": dict, "[]": list}
MODES: Mapping[str, PriceMode] = {mode.value: mode for mode in PriceMode}


def _read(columns: Collection[str]) -> str:
    """Return columns as they are selected: JSON as text, since most of it is empty and needs no reading."""
    return ", ".join(f"{name}::text" if name in AS_JSON else name for name in columns)


# Joined with what is wanted, and not compared with a list of it: thousands of rows are looked up, whatever the plan.
# Only what is written here is put in.
_PRODUCTS = f"""
    WITH wanted AS (
        SELECT products.id FROM unnest(:codes) AS named (code) JOIN products USING (code)
        UNION SELECT product_id FROM unnest(:skus) AS named (sku) JOIN variants USING (sku)
    )
    SELECT {_read(PRODUCT)} FROM wanted JOIN products USING (id) ORDER BY id
"""  # noqa: S608
# Locked in id order, so that two imports, or an import and an editor, never wait for each other.
_products = {
    lock: text(_PRODUCTS + (" FOR UPDATE OF products" if lock else "")).bindparams(_skus, _codes)
    for lock in (True, False)
}
_variants = text(
    f"""
    SELECT {_read(VARIANT)} FROM unnest(:ids) AS wanted (product_id) JOIN variants USING (product_id)
    ORDER BY product_id, position
    """  # noqa: S608
).bindparams(_ids)
_prices = text(
    """
    SELECT variant_id, currency, mode, amount, original, floor
    FROM unnest(:ids) AS wanted (variant_id) JOIN base_prices USING (variant_id)
    """
).bindparams(_ids)
# Kept from being deleted until the transaction ends.
_categories = text(
    "SELECT code, id FROM categories WHERE code = ANY(:codes) OR id = ANY(:ids) ORDER BY id FOR KEY SHARE"
).bindparams(_codes, _ids)


async def assortment(
    session: AsyncSession, skus: Collection[str], codes: Collection[str], categories: Collection[str], *, lock: bool
) -> Assortment:
    """Return the products of these SKUs and codes with all their variants, prices and categories. Four statements.

    `lock`: the products stay as they are until the transaction ends.
    """
    found = Assortment()
    # A product without a code of its own goes by its SKU.
    named = {"skus": list(skus), "codes": list({*skus, *codes})}
    for row in (await session.execute(_products[lock], named)).all():
        fields = _fields(PRODUCT, row)
        found.put_product(Thing(fields.pop("id"), fields))
    for row in (await session.execute(_variants, {"ids": list(found.products)})).all():
        fields = _fields(VARIANT, row)
        found.put_good(Good(fields.pop("id"), fields, product_id=fields.pop("product_id")))
    by_id = {good.id: good for good in found.goods.values()}
    for id_, currency, mode, *cost in (await session.execute(_prices, {"ids": list(by_id)})).all():
        by_id[id_].prices[currency, MODES[mode]] = BasePrice(*cost)
    standing = {id_ for product in found.products.values() for id_ in product.fields["category_ids"]}
    kept = await session.execute(_categories, {"codes": list(categories), "ids": list(standing)})
    found.categories = {row.code: row.id for row in kept}
    return found


def _fields(columns: Collection[str], row: Any) -> dict[str, Any]:
    fields = dict(zip(columns, row, strict=True))
    for name in AS_JSON & fields.keys():
        fields[name] = EMPTY[fields[name]]() if fields[name] in EMPTY else from_json(fields[name])
    return fields
