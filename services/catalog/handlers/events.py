"""What catalog does about things that happen elsewhere: stock follows orders, projections follow their owners."""

import logging

from services.catalog.domain.allocations import Need
from services.catalog.domain.holds import TAKING, HoldState, advance
from services.catalog.domain.stock import as_far_as_there_is, sums
from services.catalog.handlers.recording.stock import give_back, keep_goods, reserve, shelve
from services.catalog.models import Hold
from services.catalog.repository import holds, projections, stock
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.agents.settings import SalesSettingsChanged
from shared.contracts.customers.companies import CompanyCreated
from shared.contracts.customers.customers import AgentAssigned, CustomerChanged, CustomerRegistered, GroupsChanged
from shared.contracts.customers.groups import GroupCreated
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed, OrderSnapshot
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

log = logging.getLogger(__name__)


@handler
async def allocate_stock(event: OrderConfirmed, work: Work) -> None:
    if not await keep_goods(work, [event.order.id], event.order.version):
        await _allocate_anyway(event.order, work)


@handler
async def release_stock(event: OrderCancelled, work: Work) -> None:
    order, session = event.order, work.session
    # Of an order that holds nothing it is remembered that it will not: its hold may come late.
    if await holds.leave_tombstone(session, order.id, holder=None, order_version=order.version):
        return
    hold = await holds.locked(session, order.id)
    if hold is None or hold.order_version >= order.version:
        return
    takes, allocated = hold.state in TAKING, hold.state is HoldState.ALLOCATED
    hold.state, hold.order_version = advance(hold.state, HoldState.RELEASED), order.version
    await session.flush()
    if takes:
        await give_back(work, [order.id], allocated=allocated)


@handler
async def keep_registered_customer(event: CustomerRegistered, work: Work) -> None:
    await projections.keep_buyer(work.session, event.customer)


@handler
async def keep_changed_customer(event: CustomerChanged, work: Work) -> None:
    await projections.keep_buyer(work.session, event.customer)


@handler
async def keep_changed_groups(event: GroupsChanged, work: Work) -> None:
    await projections.keep_buyer(work.session, event.customer)


@handler
async def keep_assigned_agent(event: AgentAssigned, work: Work) -> None:
    await projections.keep_buyer(work.session, event.customer)


@handler
async def keep_created_company(event: CompanyCreated, work: Work) -> None:
    await projections.keep_company(work.session, event.company)


@handler
async def keep_created_group(event: GroupCreated, work: Work) -> None:
    await projections.keep_group(work.session, event.group)


@handler
async def keep_registered_agent(event: AgentRegistered, work: Work) -> None:
    await projections.keep_seller(work.session, event.agent)


@handler
async def keep_changed_agent(event: AgentChanged, work: Work) -> None:
    await projections.keep_seller(work.session, event.agent)


@handler
async def keep_sales_rules(event: SalesSettingsChanged, work: Work) -> None:
    await projections.keep_sales_rules(work.session, event.settings)


async def _allocate_anyway(order: OrderSnapshot, work: UnitOfWork) -> None:
    """Keep the goods of an order that holds none: the sale stands, so it takes what there is, and people are told."""
    session = work.session
    hold = await holds.locked(session, order.id)
    if hold is None:
        hold = Hold(order_id=order.id, customer_id=order.buyer.id, state=HoldState.RELEASED, order_version=0)
        session.add(hold)
    if hold.order_version >= order.version:
        return
    lost, hold.order_version = hold.state is HoldState.RELEASED, order.version
    if not lost:
        return
    hold.state = advance(hold.state, HoldState.ALLOCATED)
    await session.flush()
    wanted = sums((line.variant_id, line.quantity) for line in order.lines)
    taken = as_far_as_there_is(wanted, await stock.lock(session, wanted))
    await holds.replace_lines(session, order.id, taken)
    await reserve(work, {part.variant_id: part.quantity for part in taken if part.quantity})
    await shelve(work, [Need(order.id, part.variant_id, part.quantity) for part in taken if part.quantity])
    log.error(
        "order %s was confirmed without its hold and took what there was",
        order.id,
        extra={"short": {str(part.variant_id): str(part.short) for part in taken if part.short}},
    )
