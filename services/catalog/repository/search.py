"""What people look for: each product's words, kept beside it as full text search wants them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

# Names and numbers weigh most, attributes less, descriptions least. Stems are French and English whatever the
# language of a text is: a shop's own language is not told, and names are often foreign.
_refresh: Any = text(
    """
    WITH said AS (
        SELECT products.id,
            unaccent(concat_ws(' ', products.name, translated.names)) AS names,
            unaccent(concat_ws(' ', products.code, sold.numbers)) AS numbers,
            unaccent(coalesce(described.attributes, '')) AS attributes,
            unaccent(concat_ws(' ', products.description, translated.descriptions)) AS descriptions
        FROM products
        LEFT JOIN LATERAL (
            SELECT string_agg(value ->> 'name', ' ' ORDER BY key) AS names,
                string_agg(value ->> 'description', ' ' ORDER BY key) AS descriptions
            FROM jsonb_each(products.translations)
        ) AS translated ON true
        LEFT JOIN LATERAL (
            SELECT string_agg(concat_ws(' ', sku, barcode, nullif(name, products.name)), ' ' ORDER BY position)
                AS numbers
            FROM variants WHERE product_id = products.id
        ) AS sold ON true
        LEFT JOIN LATERAL (
            SELECT string_agg(each_value, ' ' ORDER BY key, each_value) AS attributes
            FROM jsonb_each(products.attributes), jsonb_array_elements_text(value) AS each_value
        ) AS described ON true
        WHERE products.id = ANY(:product_ids)
    )
    UPDATE products SET
        words = lower(concat_ws(' ', said.names, said.numbers, said.attributes)),
        search = setweight(to_tsvector('french', said.names) || to_tsvector('english', said.names)
                || to_tsvector('simple', said.names || ' ' || said.numbers), 'A')
            || setweight(to_tsvector('french', said.attributes) || to_tsvector('english', said.attributes)
                || to_tsvector('simple', said.attributes), 'B')
            || setweight(to_tsvector('french', said.descriptions) || to_tsvector('english', said.descriptions), 'C')
    FROM said WHERE said.id = products.id
    """
).bindparams(bindparam("product_ids", type_=ARRAY(Uuid())))


async def refresh_search(session: AsyncSession, product_ids: Collection[UUID]) -> None:
    """Write anew what these products are found by. One statement, however many; what is pending is flushed first."""
    await session.flush()
    await session.execute(_refresh, {"product_ids": list(product_ids)})
