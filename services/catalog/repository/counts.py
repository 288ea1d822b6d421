"""How products that are found divide: by the values of their attributes and by category."""

from functools import lru_cache

from services.catalog.domain.remembered import Counted, Lasting
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import narrowing, sights
from services.catalog.repository.narrowing import LASTING, Kind, Narrowed
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

ATTRIBUTES_TOLD, VALUES_TOLD, CATEGORIES_TOLD = 30, 50, 200
# Alike sets are counted first, in one pass over all products: to take each of these apart costs several times that.
_SETS = """SELECT attributes, category_ids, count(*) AS many, GROUPING(attributes, category_ids) AS kind
    FROM {source} GROUP BY GROUPING SETS ((attributes), (category_ids), ())"""
TOLD = f"""
    (SELECT many FROM sets WHERE kind = 3) AS total,
    json_build_object('total', (SELECT many FROM sets WHERE kind = 3), 'facets', coalesce((
        SELECT json_agg(json_build_object('code', code, 'values', held) ORDER BY code) FROM (
            SELECT code, json_agg(json_build_object('value', value, 'count', many) ORDER BY many DESC, value) AS held
            FROM (
                SELECT each.key AS code, value, sum(many)::bigint AS many
                FROM sets, jsonb_each(attributes) AS each(key, held), jsonb_array_elements_text(held) AS value
                WHERE kind = 1 GROUP BY 1, 2 ORDER BY many DESC, 1, 2 LIMIT {ATTRIBUTES_TOLD * VALUES_TOLD}
            ) AS counted GROUP BY code
        ) AS facets), '[]'), 'categories', coalesce((
        SELECT json_agg(json_build_object('category_id', category_id, 'count', many) ORDER BY many DESC, category_id)
        FROM (
            SELECT category_id, sum(many)::bigint AS many FROM sets, unnest(category_ids) AS category_id
            WHERE kind = 2 GROUP BY 1 ORDER BY many DESC, 1 LIMIT {CATEGORIES_TOLD}
        ) AS places), '[]'))::text AS told"""  # noqa: S608 - no word of anyone's
"""Columns over `sets`: how many, and that with how they divide as an answer tells it, in JSON."""


def counted(source: str) -> str:
    """Return the SQL of the `sets` of a source of products."""
    return _SETS.format(source=source)


@lru_cache(maxsize=256)
def _counts(kind: Kind, condition: str) -> Hot:
    source = f"products WHERE {narrowing.where(kind, condition)}"
    return Hot(f"WITH sets AS MATERIALIZED ({counted(source)}) SELECT {TOLD}, {LASTING}")


async def of(work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight) -> Counted:
    """Return how all that is found divides. One statement, which reads every product found."""
    given = narrowing.given(narrowed, terms, sight)
    row = (await work.fetch(_counts(narrowed.kind, sights.condition(sight)), given))[0]
    return Counted(Lasting(row.state, row.since, row.until), row.total, row.told)
