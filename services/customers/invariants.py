"""What must hold in customers at rest, as sentences about each drift."""

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.customers.models import Customer, Group, KnownAgent, Membership
from services.customers.repository import built_in_group
from shared.messaging.invariants import Invariant

BUILT_IN = ("visitor", "guest", "customer")


async def every_customer_is_in_a_group(session: AsyncSession) -> list[str]:
    member = exists().where(Membership.customer_id == Customer.id)
    return [f"customer {id_} is in no group" for id_ in await _ids(session, select(Customer.id).where(~member))]


async def every_agent_of_a_customer_is_known(session: AsyncSession) -> list[str]:
    known = exists().where(KnownAgent.id == Customer.agent_id)
    lost = select(Customer.id).where(Customer.agent_id.is_not(None), ~known)
    return [f"customer {id_} has an agent nobody has told of" for id_ in await _ids(session, lost)]


async def built_in_groups_stand(session: AsyncSession) -> list[str]:
    there = set(await session.scalars(select(Group.id).where(Group.built_in)))
    return [f"the built-in group {code} is missing" for code in BUILT_IN if built_in_group(code) not in there]


async def _ids(session: AsyncSession, statement: Select[object]) -> list[object]:
    return list(await session.scalars(statement))


ALL: tuple[Invariant, ...] = (
    every_customer_is_in_a_group,
    every_agent_of_a_customer_is_known,
    built_in_groups_stand,
)
