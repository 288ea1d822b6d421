"""What other services told: buyers, their groups, sellers, the sales rule. A version never goes back."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Buyer, BuyerGroup, SalesRules, Seller
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.database.projections import keep


async def keep_buyer(session: AsyncSession, customer: CustomerSnapshot) -> None:
    """Keep a customer as told, if that is news."""
    await keep(session, Buyer, customer)


async def keep_group(session: AsyncSession, group: GroupSnapshot) -> None:
    """Keep a customer group as told, if that is news."""
    await keep(session, BuyerGroup, group)


async def keep_seller(session: AsyncSession, agent: AgentSnapshot) -> None:
    """Keep an agent as told, if that is news."""
    await keep(session, Seller, agent)


async def keep_sales_rules(session: AsyncSession, settings: SalesSettings) -> None:
    """Keep the sales rule as told, if that is news."""
    await keep(session, SalesRules, settings)
