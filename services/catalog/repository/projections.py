"""What other services told: buyers, their groups and companies, sellers, the sales rule. A version never goes back."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Buyer, BuyerCompany, BuyerGroup, SalesRules, Seller
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.customers.companies import CompanySnapshot
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupNotFound, GroupSnapshot
from shared.database.projections import keep


async def keep_buyer(session: AsyncSession, customer: CustomerSnapshot) -> None:
    """Keep a customer as told, if that is news."""
    await keep(session, Buyer, customer)


async def lock_buyer(session: AsyncSession, customer_id: UUID) -> None:
    """Let no other order of a customer be judged until this one stands or falls."""
    await session.execute(select(Buyer.id).where(Buyer.id == customer_id).with_for_update())


async def keep_company(session: AsyncSession, company: CompanySnapshot) -> None:
    """Keep a company as told, if that is news."""
    await keep(session, BuyerCompany, company)


async def keep_group(session: AsyncSession, group: GroupSnapshot) -> None:
    """Keep a customer group as told, if that is news."""
    await keep(session, BuyerGroup, group)


async def known_groups(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the ids that customers told of as groups. One statement, or none for none."""
    return set(await session.scalars(select(BuyerGroup.id).where(BuyerGroup.id.in_(ids)))) if ids else set()


async def groups_named(session: AsyncSession, codes: Collection[str]) -> dict[str, UUID]:
    """Return the ids of groups by their codes, of those that customers told of. One statement, or none for none."""
    if not codes:
        return {}
    found = await session.execute(select(BuyerGroup.code, BuyerGroup.id).where(BuyerGroup.code.in_(codes)))
    return {row.code: row.id for row in found}


async def check_group(session: AsyncSession, id_: UUID) -> None:
    """Raise GroupNotFound for a group that customers have not told of."""
    if not await known_groups(session, [id_]):
        raise GroupNotFound


async def keep_seller(session: AsyncSession, agent: AgentSnapshot) -> None:
    """Keep an agent as told, if that is news."""
    await keep(session, Seller, agent)


async def keep_sales_rules(session: AsyncSession, settings: SalesSettings) -> None:
    """Keep the sales rule as told, if that is news."""
    await keep(session, SalesRules, settings)
