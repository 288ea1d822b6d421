"""Access lists: the rules about one product, read and replaced together."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.replacing import NOT_YET
from services.catalog.models import VisibilityRule
from services.catalog.repository.tables import visibility_rules
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.catalog.visibility import AccessListView
from shared.kernel.ids import new_id

Members = dict[UUID, BuyerScope]
"""Who may see a product: each id with what it is the id of."""


def members(customer_ids: Iterable[UUID], group_ids: Iterable[UUID]) -> Members:
    """Return whom an access list names, once each."""
    return dict.fromkeys(customer_ids, BuyerScope.CUSTOMER) | dict.fromkeys(group_ids, BuyerScope.GROUP)


def closed(product_id: UUID, at: datetime) -> VisibilityRule:
    """Return the rule that nobody sees a product who is not named."""
    return VisibilityRule(
        id=new_id(),
        buyer_scope=BuyerScope.EVERYONE,
        buyer_id=PUBLIC,
        scope=Scope.PRODUCT,
        target_id=product_id,
        allow=False,
        created_at=at,
        version=1,
    )


async def read(session: AsyncSession, product_id: UUID) -> AccessListView:
    """Return who alone sees a product; it is restricted where a rule keeps everyone else from it. One statement."""
    table = visibility_rules.c
    columns = (table.buyer_scope, table.buyer_id, table.allow, table.version)
    rows = list(await session.execute(select(*columns).where(table.target_id == product_id).order_by(table.buyer_id)))
    general = next((row for row in rows if row.buyer_id == PUBLIC and not row.allow), None)
    allowed = [row for row in rows if row.allow and general is not None]
    return AccessListView(
        id=product_id,
        restricted=general is not None,
        customer_ids=[row.buyer_id for row in allowed if row.buyer_scope is BuyerScope.CUSTOMER],
        group_ids=[row.buyer_id for row in allowed if row.buyer_scope is BuyerScope.GROUP],
        version=general.version if general else NOT_YET,
    )


async def exactly(session: AsyncSession, product_id: UUID, wanted: Members) -> bool:
    """Tell whether the rules about a product are those of this access list, and no others."""
    table = visibility_rules.c
    rows = await session.execute(select(table.buyer_id, table.allow).where(table.target_id == product_id))
    return {row.buyer_id: row.allow for row in rows} == dict.fromkeys(wanted, True) | {PUBLIC: False}


async def put(session: AsyncSession, product_id: UUID, wanted: Members) -> None:
    """Let these and no others see a product that is closed to everyone. Two statements."""
    table = visibility_rules.c
    others = (table.target_id == product_id) & table.buyer_id.not_in({*wanted, PUBLIC})
    await session.execute(delete(visibility_rules).where(others))
    rows = [
        {
            "id": new_id(),
            "buyer_scope": scope,
            "buyer_id": buyer_id,
            "scope": Scope.PRODUCT,
            "target_id": product_id,
            "allow": True,
        }
        for buyer_id, scope in wanted.items()
    ]
    denied = {"allow": True, "version": table.version + 1}
    kept = insert(visibility_rules).on_conflict_do_update(
        index_elements=["buyer_id", "target_id"], set_=denied, where=~table.allow
    )
    await session.execute(kept.values(rows))


async def lift(session: AsyncSession, product_id: UUID) -> None:
    """Delete all rules about a product."""
    await session.execute(delete(visibility_rules).where(visibility_rules.c.target_id == product_id))
