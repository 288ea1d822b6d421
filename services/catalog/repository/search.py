"""What people look for: each product's words, kept beside it as full text search wants them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

# Names and numbers weigh most, attributes less, descriptions least. Stems are French and English whatever the
# language of a text is: a shop's own language is not told, and names are often foreign.
SAID = """
    SELECT one.id,
        unaccent(concat_ws(' ', one.name, translated.names)) AS names,
        unaccent(concat_ws(' ', one.code, {numbers})) AS numbers,
        unaccent(coalesce(described.traits, '')) AS traits,
        unaccent(concat_ws(' ', one.description, translated.descriptions)) AS descriptions
    FROM {products} AS one
    LEFT JOIN LATERAL (
        SELECT string_agg(value ->> 'name', ' ' ORDER BY key) AS names,
            string_agg(value ->> 'description', ' ' ORDER BY key) AS descriptions
        FROM jsonb_each(one.translations)
    ) AS translated ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(each_value, ' ' ORDER BY key, each_value) AS traits
        FROM jsonb_each(one.attributes), jsonb_array_elements_text(value) AS each_value
    ) AS described ON true
"""
"""What products are found by, as texts; `numbers` are those of their variants, in order."""
WORDS = "lower(concat_ws(' ', said.names, said.numbers, said.traits))"
SEARCH = """
    setweight(to_tsvector('french', said.names) || to_tsvector('english', said.names)
            || to_tsvector('simple', said.names || ' ' || said.numbers), 'A')
        || setweight(to_tsvector('french', said.traits) || to_tsvector('english', said.traits)
            || to_tsvector('simple', said.traits), 'B')
        || setweight(to_tsvector('french', said.descriptions) || to_tsvector('english', said.descriptions), 'C')
"""
_NUMBERS = """(
    SELECT string_agg(concat_ws(' ', sku, barcode, nullif(variants.name, one.name)), ' ' ORDER BY position)
    FROM variants WHERE product_id = one.id
)"""
# Only what is written here is put in.
_refresh: Any = text(
    f"""
    WITH said AS ({SAID.format(products="products", numbers=_NUMBERS)} WHERE one.id = ANY(:product_ids))
    UPDATE products SET words = {WORDS}, search = {SEARCH} FROM said WHERE said.id = products.id
    """  # noqa: S608
).bindparams(bindparam("product_ids", type_=ARRAY(Uuid())))


async def refresh_search(session: AsyncSession, product_ids: Collection[UUID]) -> None:
    """Write anew what these products are found by. One statement, however many; what is pending is flushed first."""
    await session.flush()
    await session.execute(_refresh, {"product_ids": list(product_ids)})
