"""Sales and people the tests of agents tell of."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.agents.handlers.commands.agents import register_agent
from services.agents.handlers.commands.groups import create_agent_group
from shared.contracts.actor import ActorRef, ActorType
from shared.contracts.agents.agents import AgentView, RegisterAgent
from shared.contracts.agents.groups import AgentGroupView, CreateAgentGroup
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.orders.orders import BuyerSnapshot, LineSnapshot, OrderSnapshot
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money, UnitPrice

EPOCH = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
Doing = Callable[..., Awaitable[Any]]


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def a_line(net: Money, commissionable: bool = True) -> LineSnapshot:
    price = UnitPrice(net.amount, net.currency)
    return LineSnapshot(
        position=1,
        variant_id=new_id(),
        product_id=new_id(),
        sku="chair",
        name="Chair",
        quantity=Decimal(1),
        list_price=price,
        unit_price=price,
        price_reason=PriceReason.BASE,
        discount_percent=Decimal(0),
        net=net,
        tax_category=TaxCategory.STANDARD,
        tax_rate=Decimal(20),
        tax=net.percent(Decimal(20)),
        commissionable=commissionable,
    )


def a_sale(agent_id: UUID | None, *nets: str, currency: str = "EUR", **more: Any) -> OrderSnapshot:
    lines = [a_line(Money(Decimal(net), currency)) for net in nets or ("100.00",)]
    net = Money.sum((line.net for line in lines), currency)
    order = OrderSnapshot(
        id=new_id(),
        version=1,
        number=1001,
        buyer=BuyerSnapshot(
            id=new_id(),
            name="Ana",
            email="ana@example.com",
            locale="en",
            company_name=None,
            group_ids=[new_id()],
            billing_address=None,
            shipping_address=None,
        ),
        agent_id=agent_id,
        attribution=None,
        status=OrderStatus.CONFIRMED,
        payment_status=PaymentStatus.AWAITING,
        fulfilment_status=FulfilmentStatus.UNFULFILLED,
        placed_by=ActorRef(type=ActorType.AGENT, id=agent_id),
        payment_method=PaymentMethod.BANK_TRANSFER,
        currency=currency,
        lines=lines,
        net=net,
        tax=net.percent(Decimal(20)),
        total=net + net.percent(Decimal(20)),
        paid=Money.zero(currency),
        created_at=clock.now(),
    )
    return order.model_copy(update=more)


async def a_group(desk: Doing, code: str = "sellers", **percents: str) -> AgentGroupView:
    given = {"commission_percent": "5", "override_percent": "10"} | percents
    command = CreateAgentGroup.model_validate({"code": code, "name": code.title()} | given)
    group: AgentGroupView = await desk(create_agent_group, command)
    return group


async def an_agent(desk: Doing, name: str, group: AgentGroupView, parent: AgentView | None = None) -> AgentView:
    command = RegisterAgent(
        name=name, email=f"{name.lower()}@example.com", group_id=group.id, parent_id=parent and parent.id
    )
    registered: AgentView = await desk(register_agent, command)
    return registered


async def a_team(desk: Doing, **percents: str) -> tuple[AgentView, AgentView, AgentView]:
    """Return a seller, their manager and the one above, all of one group."""
    group = await a_group(desk, **percents)
    top = await an_agent(desk, "Andrew", group)
    middle = await an_agent(desk, "Steven", group, top)
    return await an_agent(desk, "Anne", group, middle), middle, top
