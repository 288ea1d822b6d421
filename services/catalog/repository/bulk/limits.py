"""Quantity rules in sets: those that rows change and stand beside, and what the rows make of them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.catalog.domain.bulk.limiting import Names, Pair, Ruled
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.quantities import QuantityFacts
from services.catalog.repository import projections, rules, targets
from shared.contracts.catalog.price_lists import Scope

_put = text(
    """
    INSERT INTO quantity_rules (id, buyer_scope, buyer_id, scope, target_id, min_qty, max_qty, multiple, period_qty,
        period_days, basis)
    SELECT id, buyer_scope, buyer_id, scope, target_id, min_qty, max_qty, multiple, period_qty, period_days, basis
    FROM jsonb_populate_recordset(CAST(NULL AS quantity_rules), CAST(:rows AS jsonb))
    ON CONFLICT (target_id, buyer_id) DO UPDATE SET min_qty = excluded.min_qty, max_qty = excluded.max_qty,
        multiple = excluded.multiple, period_qty = excluded.period_qty, period_days = excluded.period_days,
        basis = excluded.basis, version = quantity_rules.version + 1
    """
)
_remove = text("DELETE FROM quantity_rules WHERE id = ANY(:ids)").bindparams(bindparam("ids", type_=ARRAY(Uuid())))


async def named(session: AsyncSession, goods: Collection[tuple[Scope, str | None]], groups: Collection[str]) -> Names:
    """Return the ids of goods and groups that rows name; none of the goods is deleted meanwhile. Two statements."""
    return Names(await targets.ids(session, goods, kept=True), await projections.groups_named(session, groups))


async def ruled(session: AsyncSession, about: Collection[Pair], buyer_ids: Collection[UUID]) -> Ruled:
    """Return the rules of these buyers, and everyone's, about these goods and what is below them. Two statements."""
    buyers = {*buyer_ids, PUBLIC}
    places, reached = await rules.places_below(session, about, buyers)
    return Ruled(await rules.quantity_rules_for(session, buyers, reached), places)


async def put(session: AsyncSession, changed: Sequence[QuantityFacts], gone: Sequence[UUID]) -> None:
    """Write rules that are new or other than before, and delete others. Two statements at most."""
    if changed:
        await session.execute(_put, {"rows": to_json([asdict(rule) for rule in changed]).decode()})
    if gone:
        await session.execute(_remove, {"ids": list(gone)})
