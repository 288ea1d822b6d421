"""Rules of quantity and of sight: found by whom they are for and what they are about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import Place, QuantityFacts
from services.catalog.domain.visibility import VisibilityFact
from services.catalog.models import Category, Product, QuantityRule, VisibilityRule
from services.catalog.repository.tables import quantity_rules, visibility_rules
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import ListQuantityRules
from shared.contracts.catalog.visibility import ListVisibilityRules
from shared.database.pages import page

MOST_PLACES = 10_000
"""So many goods a change of a rule is checked against; of more, the rest is seen when it is ordered."""

QUANTITY_COLUMNS = tuple(quantity_rules.c[field.name] for field in fields(QuantityFacts))
VISIBILITY_COLUMNS = tuple(visibility_rules.c[field.name] for field in fields(VisibilityFact))

# The goods a rule is about, and those narrower ones that have a rule of the same buyers: each with the way up to it.
_places = text("""
    SELECT found.variant_id, found.product_id, above.paths
    FROM (
        SELECT * FROM unnest(CAST(:scopes AS text[]), CAST(:target_ids AS uuid[])) AS asked (scope, target_id)
        UNION SELECT scope, target_id FROM quantity_rules WHERE buyer_id = ANY (CAST(:buyer_ids AS uuid[]))
    ) AS ruled
    CROSS JOIN LATERAL (
        SELECT variants.id AS variant_id, products.id AS product_id, products.category_ids FROM variants
            JOIN products ON products.id = variants.product_id
            WHERE ruled.scope = 'variant' AND variants.id = ruled.target_id
        UNION ALL SELECT NULL, products.id, products.category_ids FROM products
            WHERE ruled.scope = 'product' AND products.id = ruled.target_id
        UNION ALL SELECT NULL, NULL, ARRAY[ruled.target_id] WHERE ruled.scope = 'category'
        UNION ALL SELECT NULL, NULL, CAST('{}' AS uuid[]) WHERE ruled.scope = 'all'
    ) AS found
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(categories.path), '[]') AS paths,
            coalesce(bool_or(categories.path && CAST(:target_ids AS uuid[])), false) AS below
        FROM categories WHERE categories.id = ANY (found.category_ids)
    ) AS above
    WHERE 'all' = ANY (CAST(:scopes AS text[])) OR above.below
        OR ARRAY[found.variant_id, found.product_id] && CAST(:target_ids AS uuid[])
    LIMIT :most
""")


async def quantity_rule(session: AsyncSession, buyer_id: UUID, target_id: UUID) -> QuantityRule | None:
    """Return the rule of a buyer for some goods, locked, if there is one."""
    wanted = select(QuantityRule).where(QuantityRule.buyer_id == buyer_id, QuantityRule.target_id == target_id)
    return await session.scalar(wanted.with_for_update())


async def visibility_rule(session: AsyncSession, buyer_id: UUID, target_id: UUID) -> VisibilityRule | None:
    """Return whether a buyer sees some goods as a rule says it, locked, if there is one."""
    wanted = select(VisibilityRule).where(VisibilityRule.buyer_id == buyer_id, VisibilityRule.target_id == target_id)
    return await session.scalar(wanted.with_for_update())


async def quantity_rules_for(
    session: AsyncSession, buyer_ids: Iterable[UUID], target_ids: Iterable[UUID]
) -> list[QuantityFacts]:
    """Return the quantity rules of these buyers about these goods, PUBLIC among both for all. One statement."""
    table = quantity_rules.c
    wanted = select(*QUANTITY_COLUMNS).where(table.target_id.in_(set(target_ids)), table.buyer_id.in_(set(buyer_ids)))
    return [QuantityFacts(**row._mapping) for row in await session.execute(wanted.order_by(table.number))]


async def visibility_rules_for(
    session: AsyncSession, buyer_ids: Iterable[UUID], target_ids: Iterable[UUID]
) -> list[VisibilityFact]:
    """Return who of these buyers may see these products and categories, PUBLIC for everyone. One statement."""
    table = visibility_rules.c
    wanted = select(*VISIBILITY_COLUMNS).where(table.target_id.in_(set(target_ids)), table.buyer_id.in_(set(buyer_ids)))
    return [VisibilityFact(**row._mapping) for row in await session.execute(wanted.order_by(table.number))]


async def places_below(
    session: AsyncSession, about: Collection[tuple[Scope, UUID]], buyer_ids: Collection[UUID]
) -> tuple[list[Place], set[UUID]]:
    """Return some goods and those below them that these buyers have a rule about, and all that rules may name there.

    One statement.
    """
    target_ids = [id_ for _, id_ in about]
    given = {"scopes": [scope.value for scope, _ in about], "target_ids": target_ids, "buyer_ids": list(buyer_ids)}
    places: list[Place] = []
    targets = {*target_ids, PUBLIC}
    for row in await session.execute(_places, {**given, "most": MOST_PLACES}):
        categories: dict[UUID, int] = {}
        for path in row.paths:
            for distance, id_ in enumerate(map(UUID, reversed(path))):
                categories[id_] = min(categories.get(id_, distance), distance)
        places.append(Place(row.variant_id, row.product_id, categories))
        targets.update(id_ for id_ in (row.variant_id, row.product_id, *categories) if id_ is not None)
    return places, targets


async def quantity_page(session: AsyncSession, asked: ListQuantityRules) -> tuple[Sequence[QuantityRule], str | None]:
    """Return a page of the quantity rules asked for, newest first. One statement."""
    wanted = _named(select(QuantityRule), QuantityRule, asked)
    return await page(session, wanted, QuantityRule, asked.cursor, asked.limit)


async def visibility_page(
    session: AsyncSession, asked: ListVisibilityRules
) -> tuple[Sequence[VisibilityRule], str | None]:
    """Return a page of the visibility rules asked for, newest first. One statement."""
    wanted = _named(select(VisibilityRule), VisibilityRule, asked)
    if asked.product_id is not None:
        stands = select(func.unnest(Category.path)).where(
            exists().where(Product.id == asked.product_id, Category.id == func.any(Product.category_ids))
        )
        about = VisibilityRule.target_id
        wanted = wanted.where((about == asked.product_id) | about.in_(stands))
    return await page(session, wanted, VisibilityRule, asked.cursor, asked.limit)


def _named(wanted: Select[Any], model: Any, asked: ListQuantityRules | ListVisibilityRules) -> Select[Any]:
    """Return a statement narrowed to the scopes and ids that a list names."""
    for name in ("buyer_scope", "buyer_id", "scope", "target_id"):
        value = getattr(asked, name)
        if value is not None:
            wanted = wanted.where(getattr(model, name) == value)
    return wanted
