"""Every query of customers, as functions of a session."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.customers.models import Company, Customer, Group, KnownAgent, Membership, SalesRules
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.customers.customers import CustomerNotFound, ListCustomers
from shared.database.projections import keep
from shared.kernel.ids import derived_id


def built_in_group(code: str) -> UUID:
    """Return the id of a built-in group (visitor, guest, customer): the same in every shop."""
    return derived_id("customers.group", code)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return which customers an actor may see: all, themselves, or those they serve as an agent."""
    if actor.may(Permission.CUSTOMERS_READ):
        return true()
    if not actor.may(Permission.CUSTOMERS_READ_OWN):
        return false()
    return own(actor)


def buyers_for(actor: Actor) -> ColumnElement[bool]:
    """Return which customers a service may fetch for an actor: staff need to know customers, or to order for them."""
    if actor.type is ActorType.STAFF:
        return true() if actor.may(Permission.CUSTOMERS_READ) or actor.may(Permission.ORDERS_PLACE) else false()
    return true() if actor.type is ActorType.SERVICE else own(actor)


def own(actor: Actor) -> ColumnElement[bool]:
    if actor.type is ActorType.CUSTOMER:
        return Customer.id == actor.id
    if actor.type is ActorType.AGENT:
        return or_(Customer.agent_id == actor.id, exists().where(SalesRules.agents_serve_all))
    return false()


async def customer(session: AsyncSession, id_: UUID, visible: ColumnElement[bool]) -> Customer:
    """Return a customer within what is visible. Raises CustomerNotFound, also for one who is not."""
    found = await session.scalar(select(Customer).where(Customer.id == id_, visible))
    if found is None:
        raise CustomerNotFound
    return found


def customers(query: ListCustomers, visible: ColumnElement[bool]) -> Select[Customer]:
    """Return the statement for the customers a list asks for."""
    wanted = {
        Customer.agent_id: query.agent_id,
        Customer.company_id: query.company_id,
        Customer.status: query.status,
        Customer.reference: query.reference,
    }
    statement = select(Customer).where(visible, *(column == value for column, value in wanted.items() if value))
    if query.group_id:
        member = exists().where(Membership.customer_id == Customer.id, Membership.group_id == query.group_id)
        statement = statement.where(member)
    if query.q:
        texts = (Customer.name, Customer.email, Customer.reference)
        company = Customer.company.has(Company.legal_name.icontains(query.q, autoescape=True))
        statement = statement.where(or_(company, *(text.icontains(query.q, autoescape=True) for text in texts)))
    return statement


async def email_taken(session: AsyncSession, email: str, by_other_than: UUID | None = None) -> bool:
    """Tell whether another customer has this address, in whatever case it is written."""
    same = and_(func.lower(Customer.email) == email.lower(), Customer.id.is_distinct_from(by_other_than))
    return bool(await session.scalar(select(exists().where(same))))


async def groups(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Group]:
    """Return those of these groups that exist, by id."""
    return (await session.scalars(select(Group).where(Group.id.in_(ids)).order_by(Group.id))).all()


def all_groups() -> Select[Group]:
    """Return the statement for all groups."""
    return select(Group)


async def group_code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether a group has this code."""
    return bool(await session.scalar(select(exists().where(Group.code == code))))


def companies(q: str | None) -> Select[Company]:
    """Return the statement for the companies whose name or number holds a text."""
    statement = select(Company)
    if q:
        texts = (Company.legal_name, Company.vat_number, Company.siret)
        statement = statement.where(or_(*(text.icontains(q, autoescape=True) for text in texts)))
    return statement


async def knows_agent(session: AsyncSession, id_: UUID) -> bool:
    """Tell whether agents' events have told of an agent."""
    return bool(await session.scalar(select(exists().where(KnownAgent.id == id_))))


async def keep_agent(session: AsyncSession, agent: AgentSnapshot) -> None:
    """Keep that an agent exists; older news changes nothing."""
    await keep(session, KnownAgent, agent)


async def keep_sales_rules(session: AsyncSession, settings: SalesSettings) -> None:
    """Keep who serves whom; older news changes nothing."""
    await keep(session, SalesRules, settings)
