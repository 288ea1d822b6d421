"""The one filter of what a viewer may see, for every statement that reads products (rules 3.2, visibility)."""

from typing import Any

from pydantic_core import to_json

from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.sight import Sight

# Voices are looked up by category, [[buyer, distance, allow], …] of each, since thousands of products are asked about.
# Of each buyer scope the nearest rule speaks; among groups an allow wins; a level that says something is not overruled.
_SPOKEN = """
    SELECT DISTINCT ON (said.buyer_id) said.buyer_id, said.allow FROM (
        SELECT rules.buyer_id, 0 AS distance, rules.allow FROM visibility_rules AS rules
        WHERE rules.target_id = products.id AND rules.buyer_id = ANY (CAST(:sight_buyers AS uuid[]))
        UNION ALL
        SELECT (voice ->> 0)::uuid, (voice ->> 1)::int, (voice ->> 2)::bool
        FROM unnest(products.category_ids) AS stands(category_id),
            jsonb_array_elements(CAST(:voices AS jsonb) -> stands.category_id::text) AS voice
    ) AS said ORDER BY said.buyer_id, said.distance, said.allow DESC
"""
# Most products are what no rule is about; to find that out costs far less than to let the levels speak in order.
_NAMED = """CAST(:voices AS jsonb) ?| CAST(products.category_ids AS text[]) OR EXISTS (
    SELECT FROM visibility_rules AS rules
    WHERE rules.target_id = products.id AND rules.buyer_id = ANY (CAST(:sight_buyers AS uuid[])))"""
VISIBLE = f"""CASE WHEN {_NAMED} THEN (
    SELECT coalesce(
        bool_or(spoken.allow) FILTER (WHERE spoken.buyer_id = CAST(:sight_customer AS uuid)),
        bool_or(spoken.allow) FILTER (
            WHERE spoken.buyer_id <> '{PUBLIC}' AND spoken.buyer_id IS DISTINCT FROM CAST(:sight_customer AS uuid)),
        bool_or(spoken.allow) FILTER (WHERE spoken.buyer_id = '{PUBLIC}'))
    FROM ({_SPOKEN}) AS spoken) ELSE CAST(:sight_default AS bool) END"""  # noqa: S608


def condition(sight: Sight) -> str:
    """Return the SQL that tells of a row of `products` whether it is visible; without rules it is the default."""
    return VISIBLE if not sight.plain else "CAST(:sight_default AS bool)"


def given(sight: Sight) -> dict[str, Any]:
    """Return what `condition` binds."""
    if sight.plain:
        return {"sight_default": sight.default}
    voices: dict[str, list[tuple[str, int, bool]]] = {}
    for voice in sight.voices:
        voices.setdefault(str(voice.category_id), []).append((str(voice.buyer_id), voice.distance, voice.allow))
    return {
        "sight_default": sight.default,
        "sight_customer": sight.customer_id,
        "sight_buyers": sight.buyer_ids,
        "voices": to_json(voices).decode(),
    }
