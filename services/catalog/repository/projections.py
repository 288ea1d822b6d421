"""What other services told: buyers, their groups, sellers, the sales rule. A version never goes back."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Buyer, BuyerGroup, SalesRule, Seller
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot

Projection = type[Buyer] | type[BuyerGroup] | type[Seller] | type[SalesRule]
Snapshot = CustomerSnapshot | GroupSnapshot | AgentSnapshot | SalesSettings


def _keep(table: Projection) -> Any:
    """Return the statement that keeps a snapshot's columns, unless a newer one is there already."""
    inserted = insert(table)
    newer = {column.name: inserted.excluded[column.name] for column in table.__table__.columns}
    return inserted.on_conflict_do_update(
        index_elements=["id"], set_=newer, where=table.version < inserted.excluded.version
    )


_statements = {table: _keep(table) for table in (Buyer, BuyerGroup, Seller, SalesRule)}


async def keep_buyer(session: AsyncSession, customer: CustomerSnapshot) -> None:
    """Keep a customer as told, if that is news."""
    await _store(session, Buyer, customer)


async def keep_group(session: AsyncSession, group: GroupSnapshot) -> None:
    """Keep a customer group as told, if that is news."""
    await _store(session, BuyerGroup, group)


async def keep_seller(session: AsyncSession, agent: AgentSnapshot) -> None:
    """Keep an agent as told, if that is news."""
    await _store(session, Seller, agent)


async def keep_sales_rule(session: AsyncSession, settings: SalesSettings) -> None:
    """Keep the sales rule as told, if that is news."""
    await _store(session, SalesRule, settings)


async def _store(session: AsyncSession, table: Projection, snapshot: Snapshot) -> None:
    values = {column.name: getattr(snapshot, column.name) for column in table.__table__.columns}
    await session.execute(_statements[table], values)
