"""The catalogue as rows of files, in pages by the key that a file's rows are found by."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.exports import ExportRows

# Each begins with the key of its row: what stands behind it is the page after. Rows of one product stand together, as
# an import wants them.
_products = text(
    """
    SELECT concat(products.code, chr(31), lpad(position::text, 5, '0')) AS key, sku, code, products.name,
        description, translations, products.options AS all_options, attributes, perishable, published_from,
        published_until,
        ARRAY(SELECT category.code FROM categories AS category WHERE category.id = ANY(category_ids)
            ORDER BY category.code) AS categories,
        products.status, variants.status AS variant_status, nullif(variants.name, products.name) AS variant_name,
        variants.options, barcode, tax_category, commissionable, unit, quantity_decimals, weight, length, width, height,
        cost_amount, cost_currency, base.amount AS price, base.original AS original_price, base.floor,
        base.mode AS price_mode
    FROM products JOIN variants ON variants.product_id = products.id
    LEFT JOIN LATERAL (
        SELECT * FROM base_prices WHERE variant_id = variants.id AND currency = :currency ORDER BY mode DESC LIMIT 1
    ) AS base ON true
    WHERE code >= split_part(:after, chr(31), 1)
        AND (code, position)
            > (split_part(:after, chr(31), 1), coalesce(nullif(split_part(:after, chr(31), 2), '')::int, -1))
    ORDER BY code, position LIMIT :limit
    """
)
_base = text(
    """
    SELECT concat(sku, chr(31), mode) AS key, sku, currency, mode AS price_mode, amount AS price,
        original AS original_price, floor
    FROM variants JOIN base_prices ON base_prices.variant_id = variants.id AND currency = :currency
    WHERE sku >= split_part(:after, chr(31), 1)
        AND (sku, mode) > (split_part(:after, chr(31), 1), split_part(:after, chr(31), 2))
    ORDER BY sku, mode LIMIT :limit
    """
)
_listed = text(
    """
    SELECT lpad(rows.number::text, 20, '0') AS key, sku, products.code AS product, categories.code AS category,
        currency, min_qty, max_qty, kind, value, reference
    FROM price_lists JOIN price_rows AS rows ON rows.list_id = price_lists.id
    LEFT JOIN variants ON scope = 'variant' AND variants.id = target_id
    LEFT JOIN products ON scope = 'product' AND products.id = target_id
    LEFT JOIN categories ON scope = 'category' AND categories.id = target_id
    WHERE price_lists.code = :price_list
        AND (scope = 'all' OR coalesce(sku, products.code, categories.code) IS NOT NULL)
        AND rows.number > coalesce(nullif(:after, '')::bigint, 0)
    ORDER BY rows.number LIMIT :limit
    """
)
_ruled = text(
    """
    SELECT lpad(rules.number::text, 20, '0') AS key, sku, products.code AS product, categories.code AS category,
        CASE buyer_scope WHEN 'customer' THEN buyer_id END AS customer,
        CASE buyer_scope WHEN 'company' THEN buyer_id END AS company,
        groups.code AS group, min_qty, max_qty, multiple, period_qty, period_days, nullif(basis, 'variant') AS basis
    FROM quantity_rules AS rules
    LEFT JOIN variants ON scope = 'variant' AND variants.id = target_id
    LEFT JOIN products ON scope = 'product' AND products.id = target_id
    LEFT JOIN categories ON scope = 'category' AND categories.id = target_id
    LEFT JOIN buyer_groups AS groups ON buyer_scope = 'group' AND groups.id = buyer_id
    WHERE (scope = 'all' OR coalesce(sku, products.code, categories.code) IS NOT NULL)
        AND (buyer_scope <> 'group' OR groups.code IS NOT NULL)
        AND rules.number > coalesce(nullif(:after, '')::bigint, 0)
    ORDER BY rules.number LIMIT :limit
    """
)
_stock = text(
    """
    SELECT concat(sku, chr(31), warehouses.code) AS key, sku, warehouses.code AS warehouse,
        coalesce(there.on_hand, 0) AS on_hand
    FROM variants CROSS JOIN warehouses
    LEFT JOIN warehouse_stocks AS there ON there.variant_id = variants.id AND there.warehouse_id = warehouses.id
    WHERE warehouses.active AND sku >= split_part(:after, chr(31), 1)
        AND (sku, warehouses.code) > (split_part(:after, chr(31), 1), split_part(:after, chr(31), 2))
    ORDER BY sku, warehouses.code LIMIT :limit
    """
)
# Parents before their children, so that the file reads as the tree does.
_categories = text(
    """
    SELECT concat(lpad(cardinality(here.path)::text, 3, '0'), chr(31), here.code) AS key, here.code,
        here.name, here.translations, here.position, above.code AS parent
    FROM categories AS here LEFT JOIN categories AS above ON above.id = here.parent_id
    WHERE concat(lpad(cardinality(here.path)::text, 3, '0'), chr(31), here.code) > :after
    ORDER BY key LIMIT :limit
    """
)
_OF = {
    ImportKind.PRODUCTS: _products,
    ImportKind.PRICES: _base,
    ImportKind.STOCK: _stock,
    ImportKind.CATEGORIES: _categories,
    ImportKind.QUANTITY_RULES: _ruled,
}


def _statement(query: ExportRows) -> TextClause:
    listed = query.kind is ImportKind.PRICES and query.price_list is not None
    return _listed if listed else _OF[query.kind]


async def rows(session: AsyncSession, query: ExportRows, after: str) -> Sequence[Mapping[str, Any]]:
    """Return a page of rows behind a place, with one row more to tell whether more follow. One statement."""
    statement = _statement(query)
    given = {"after": after, "limit": query.limit + 1, "currency": query.currency, "price_list": query.price_list}
    named = {name: value for name, value in given.items() if f":{name}" in statement.text}
    return [dict(row) for row in (await session.execute(statement, named)).mappings()]
