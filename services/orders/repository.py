"""Every query of orders, as functions of a session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, false, func, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from services.orders.models import (
    Buyer,
    Order,
    OrderHistory,
    OrderLine,
    Payment,
    SalesRules,
    Seller,
    TaxRate,
)
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.orders.orders import ListOrders, OrderNotFound
from shared.contracts.orders.states import OrderStatus
from shared.database import projections
from shared.database.pages import page

ALL = true()
Projection = Buyer | Seller | SalesRules
_ACTING, _LOOKING_AFTER = aliased(Seller), aliased(Seller)
# Built once: every placement sends these two, and building one costs more than sending it.
_PARTIES = (
    select(Order.id.is_not(None), Order.request_digest, Buyer, _LOOKING_AFTER, _ACTING, SalesRules)
    .select_from(select(literal(1).label("one")).subquery())
    .outerjoin(Order, Order.id == bindparam("order"))
    .outerjoin(Buyer, Buyer.id == bindparam("customer"))
    .outerjoin(_LOOKING_AFTER, _LOOKING_AFTER.id == Buyer.agent_id)
    .outerjoin(_ACTING, _ACTING.id == bindparam("acting"))
    .outerjoin(SalesRules, true())
    .order_by(SalesRules.version.desc())
    .limit(1)
)
_RATES = (
    select(TaxRate.category, TaxRate.percent)
    .where(TaxRate.country == bindparam("country"), TaxRate.valid_from <= bindparam("at"))
    .where(func.coalesce(TaxRate.valid_to > bindparam("at"), true()))
    .order_by(TaxRate.valid_from)
)

TO_LEAVE = exists().where(OrderLine.order_id == Order.id, OrderLine.cancelled + OrderLine.shipped < OrderLine.quantity)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part in a sale, as far as their services have told: None is not heard of yet.

    `placed`: the order stands already, from an earlier request of the same key, whose body had `placed_digest`.
    """

    placed: bool
    placed_digest: bytes | None
    buyer: Buyer | None
    buyers_agent: Seller | None
    acting_agent: Seller | None
    rules: SalesRules | None


def visible_to(actor: Actor, everything: Permission = Permission.ORDERS_READ) -> ColumnElement[bool]:
    """Return which orders an actor reaches: all with that permission, else a customer's or an agent's own.

    An agent's own are the sales that belong to them and those of the customers they look after.
    """
    if actor.may(everything):
        return ALL
    if actor.id is None:
        return false()
    if actor.type is ActorType.CUSTOMER:
        return Order.customer_id == actor.id
    if actor.type is ActorType.AGENT:
        looked_after = select(Buyer.id).where(Buyer.agent_id == actor.id)
        return or_(Order.agent_id == actor.id, Order.customer_id.in_(looked_after))
    return false()


async def get(session: AsyncSession, id_: UUID, visible: ColumnElement[bool] = ALL) -> Order:
    """Return an order with its lines. Raises OrderNotFound when it is not among what is visible. Two statements."""
    order = await session.scalar(select(Order).where(Order.id == id_, visible).options(selectinload(Order.lines)))
    if order is None:
        raise OrderNotFound
    return order


async def calculated(session: AsyncSession, id_: UUID, visible: ColumnElement[bool]) -> Order:
    """Return an order with its lines and their traces. Raises OrderNotFound. Two statements."""
    with_traces = selectinload(Order.lines).options(undefer(OrderLine.trace))
    order = await session.scalar(select(Order).where(Order.id == id_, visible).options(with_traces))
    if order is None:
        raise OrderNotFound
    return order


async def locked(session: AsyncSession, id_: UUID, actor: Actor, everything: Permission) -> Order:
    """Return an order without its lines, locked until the transaction ends. Raises OrderNotFound."""
    order = await session.scalar(select(Order).where(Order.id == id_, visible_to(actor, everything)).with_for_update())
    if order is None:
        raise OrderNotFound
    return order


async def load_lines(session: AsyncSession, order: Order) -> None:
    """Load the lines of an order."""
    lines = await session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position))
    set_committed_value(order, "lines", list(lines))


async def cancel_units(session: AsyncSession, order: Order) -> None:
    """Cancel every unit of an order of which none has left, and load its lines. One statement."""
    cancelling = (
        update(OrderLine)
        .where(OrderLine.order_id == order.id)
        .values(cancelled=OrderLine.quantity)
        .returning(OrderLine)
        .execution_options(synchronize_session=False)
    )
    lines = await session.scalars(cancelling)
    set_committed_value(order, "lines", sorted(lines, key=lambda line: line.position))


async def page_of_orders(session: AsyncSession, query: ListOrders, actor: Actor) -> tuple[Sequence[Order], str | None]:
    """Return a page of the orders an actor reaches, newest first. One statement."""
    wanted: dict[Any, Any] = {
        Order.status: query.status,
        Order.payment_status: query.payment_status,
        Order.customer_id: query.customer_id,
        Order.agent_id: query.agent_id,
        Order.number: query.number,
        Order.reference: query.reference,
    }
    filters = [column == value for column, value in wanted.items() if value is not None]
    found = select(Order).where(visible_to(actor), *filters)
    return await page(session, found, Order, query.cursor, query.limit)


async def existing(session: AsyncSession, ids: Collection[UUID]) -> list[UUID]:
    """Return those of these orders that stand: they exist and are not cancelled."""
    found = select(Order.id).where(Order.id.in_(ids), Order.status != OrderStatus.CANCELLED)
    return list(await session.scalars(found.order_by(Order.id)))


async def unshipped(session: AsyncSession, ids: Collection[UUID]) -> list[UUID]:
    """Return those of these orders that stand and of which a unit has yet to leave."""
    found = select(Order.id).where(Order.id.in_(ids), Order.status != OrderStatus.CANCELLED, TO_LEAVE)
    return list(await session.scalars(found.order_by(Order.id)))


async def to_ship(session: AsyncSession, after: UUID | None, most: int) -> list[UUID]:
    """Return confirmed orders of which a unit has yet to leave, by id, from the one after `after` on."""
    found = select(Order.id).where(Order.status.in_((OrderStatus.CONFIRMED, OrderStatus.PROCESSING)), TO_LEAVE)
    beyond = found.where(Order.id > after) if after else found
    return list(await session.scalars(beyond.order_by(Order.id).limit(most)))


async def history(session: AsyncSession, id_: UUID, actor: Actor) -> Sequence[OrderHistory]:
    """Return an order's history, oldest first; every order has one. Raises OrderNotFound. One statement."""
    found = select(OrderHistory).join(Order, Order.id == OrderHistory.order_id)
    visible = found.where(Order.id == id_, visible_to(actor)).order_by(OrderHistory.seq)
    rows = (await session.scalars(visible)).all()
    if not rows:
        raise OrderNotFound
    return rows


async def payments(session: AsyncSession, id_: UUID) -> Sequence[Payment]:
    """Return an order's ledger, oldest first."""
    found = select(Payment).where(Payment.order_id == id_)
    return (await session.scalars(found.order_by(Payment.created_at, Payment.id))).all()


async def visible_payments(session: AsyncSession, id_: UUID, actor: Actor) -> list[Payment]:
    """Return an order's ledger, oldest first. Raises OrderNotFound when the actor may not see it. One statement."""
    found = select(Order.id, Payment).outerjoin(Payment, Payment.order_id == Order.id)
    visible = found.where(Order.id == id_, visible_to(actor))
    rows = (await session.execute(visible.order_by(Payment.created_at, Payment.id))).all()
    if not rows:
        raise OrderNotFound
    return [payment for _, payment in rows if payment is not None]


async def parties(session: AsyncSession, order_id: UUID, customer_id: UUID, acting_agent_id: UUID | None) -> Parties:
    """Return who takes part in a sale. One statement."""
    ids = {"order": order_id, "customer": customer_id, "acting": acting_agent_id}
    return Parties(*(await session.execute(_PARTIES, ids)).one())


async def rates(session: AsyncSession, country: str, at: datetime) -> dict[TaxCategory, Decimal]:
    """Return a country's VAT percents in force at a moment, by category; of two periods the later began."""
    return dict((await session.execute(_RATES, {"country": country, "at": at})).all())


def buyer_of(customer: CustomerSnapshot) -> Buyer:
    """Return a customer as the row their snapshot makes."""
    addresses = {"billing_address", "shipping_address"}
    plain = customer.model_dump(exclude={"company_id", *addresses})
    return Buyer(**plain, **customer.model_dump(mode="json", include=addresses))


def seller_of(agent: AgentSnapshot) -> Seller:
    """Return an agent as the row their snapshot makes."""
    return Seller(id=agent.id, version=agent.version, name=agent.name, status=agent.status)


def rules_of(settings: SalesSettings) -> SalesRules:
    """Return the shop's sales settings as the row they make."""
    return SalesRules(**settings.model_dump(mode="python"))


async def keep(session: AsyncSession, told: Projection) -> None:
    """Keep what another service told; older news changes nothing. One statement."""
    await projections.keep(session, type(told), told)
