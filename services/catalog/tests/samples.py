"""A shop in tests: goods, buyers, sellers and the orders between them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.catalog import invariants
from services.catalog.handlers import events
from services.catalog.handlers.commands import holds, prices, products, stock
from services.catalog.handlers.queries.stock import list_stock
from shared.contracts.actor import Actor, Permission
from shared.contracts.agents.agents import AgentRegistered, AgentSnapshot, AgentStatus
from shared.contracts.agents.settings import Attribution, SalesSettings, SalesSettingsChanged
from shared.contracts.catalog.prices import SetGroupPrice
from shared.contracts.catalog.products import CreateProduct, NewVariant, ProductSheet
from shared.contracts.catalog.stock import HeldQuote, HoldItems, HoldLine, ListStock, ReceiveStock, StockView
from shared.contracts.customers.companies import CompanySnapshot
from shared.contracts.customers.customers import CustomerRegistered, CustomerSnapshot, CustomerStatus
from shared.contracts.customers.groups import GroupCreated, GroupSnapshot
from shared.contracts.orders.orders import BuyerSnapshot, LineSnapshot, OrderSnapshot
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money, UnitPrice
from shared.testing import customer, staff
from shared.testing.desk import Desk, each_committed
from shared.testing.fixtures import session_on

KEEPER = staff(Permission.CATALOG_READ, Permission.CATALOG_WRITE, Permission.PRICES_WRITE, Permission.STOCK_WRITE)
CLERK = staff(Permission.ORDERS_PLACE)


def eur(amount: str) -> UnitPrice:
    return UnitPrice(Decimal(amount), "EUR")


def a_group(code: str = "resellers", *, show_prices: bool = True, version: int = 1) -> GroupSnapshot:
    return GroupSnapshot(id=new_id(), version=version, code=code, name=code.title(), show_prices=show_prices)


def a_company(**facts: Any) -> CompanySnapshot:
    given: dict[str, Any] = {"id": new_id(), "version": 1, "legal_name": "Cave du Port", "country": "FR"}
    return CompanySnapshot(**given | dict.fromkeys(("vat_number", "siret", "parent_id")) | facts)


def a_buyer(*group_ids: UUID, **facts: Any) -> CustomerSnapshot:
    given: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "email": "buyer@example.org",
        "name": "Buyer",
        "locale": "fr",
        "status": CustomerStatus.APPROVED,
        "company_id": None,
        "company_name": None,
        "group_ids": list(group_ids),
        "agent_id": None,
        "billing_address": None,
        "shipping_address": None,
    }
    return CustomerSnapshot(**given | facts)


def a_seller(**facts: Any) -> AgentSnapshot:
    given: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "name": "Seller",
        "email": "seller@example.org",
        "locale": "fr",
        "group_id": new_id(),
        "parent_id": None,
        "status": AgentStatus.ACTIVE,
        "max_discount_percent": Decimal("7.5"),
        "max_increase_percent": Decimal(20),
    }
    return AgentSnapshot(**given | facts)


def sales_settings(*, agents_serve_all: bool, version: int = 1, id_: UUID | None = None) -> SalesSettings:
    attribution = [Attribution.CUSTOMER_AGENT]
    return SalesSettings(
        id=id_ or new_id(), version=version, agents_serve_all=agents_serve_all, attribution=attribution
    )


def a_line(sku: str, quantity: str | int = 1, **by_hand: Any) -> HoldLine:
    return HoldLine(sku=sku, quantity=Decimal(quantity), **by_hand)


def a_hold(buyer: CustomerSnapshot, *lines: HoldLine, order_id: UUID | None = None, currency: str = "EUR") -> HoldItems:
    return HoldItems(order_id=order_id or new_id(), customer_id=buyer.id, currency=currency, lines=list(lines))


def an_order(quote: HeldQuote, buyer: CustomerSnapshot, version: int = 1) -> OrderSnapshot:
    """Return the order that a quote became, as orders tells of it."""
    zero = Money.zero("EUR")
    return OrderSnapshot(
        id=quote.order_id,
        version=version,
        number=1000,
        buyer=BuyerSnapshot.model_validate(buyer),
        agent_id=None,
        attribution=None,
        status=OrderStatus.CONFIRMED,
        payment_status=PaymentStatus.AWAITING,
        fulfilment_status=FulfilmentStatus.UNFULFILLED,
        placed_by=customer(buyer.id).ref(),
        payment_method=PaymentMethod.BANK_TRANSFER,
        currency="EUR",
        lines=[
            LineSnapshot(
                **line.model_dump(exclude={"list_price", "unit_price"}),
                list_price=line.list_price,
                unit_price=line.unit_price,
                position=position,
                discount_percent=Decimal(0),
                net=zero,
                tax_rate=Decimal(20),
                tax=zero,
            )
            for position, line in enumerate(quote.lines, 1)
        ],
        net=zero,
        tax=zero,
        total=zero,
        paid=zero,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


class Shop(Desk):
    """A desk in a shop: who keeps its goods, who buys, and who sells."""

    async def sells(self, sku: str, price: str = "100.00", on_hand: int = 0, **product: Any) -> ProductSheet:
        variant = NewVariant(sku=sku, base_price=eur(price))
        made = await self(products.create_product, CreateProduct(name=sku, variants=[variant], **product), KEEPER)
        if on_hand:
            await self.receives(sku, on_hand)
        return made

    async def receives(self, sku: str, quantity: int) -> None:
        received = ReceiveStock(sku=sku, quantity=Decimal(quantity), reference="delivery 1")
        await self(stock.receive_stock, received, KEEPER)

    async def charges(self, group: GroupSnapshot, sku: str, price: str) -> None:
        given = SetGroupPrice(sku=sku, group_id=group.id, unit_price=eur(price))
        await self(prices.set_group_price, given, KEEPER)

    async def knows(self, *told: CustomerSnapshot | GroupSnapshot | AgentSnapshot | SalesSettings) -> None:
        for snapshot in told:
            if isinstance(snapshot, CustomerSnapshot):
                await self(events.keep_registered_customer, CustomerRegistered(customer=snapshot))
            elif isinstance(snapshot, GroupSnapshot):
                await self(events.keep_created_group, GroupCreated(group=snapshot))
            elif isinstance(snapshot, AgentSnapshot):
                await self(events.keep_registered_agent, AgentRegistered(agent=snapshot))
            else:
                await self(events.keep_sales_rules, SalesSettingsChanged(settings=snapshot))

    async def holds(self, command: HoldItems, actor: Actor | None = None) -> HeldQuote:
        quote: HeldQuote = await self(holds.hold_items, command, actor or customer(command.customer_id))
        return quote


class CommittedShop(Shop):
    """A shop whose transactions commit, each on a connection of its own, so that they can meet."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        super().__init__(each_committed(engine, "catalog"))


async def stock_of(shop: Shop, sku: str) -> tuple[Decimal, Decimal]:
    """Return how many of a SKU are on hand, and how many of them are reserved."""
    row: StockView = (await shop(list_stock, ListStock(sku=sku), KEEPER)).items[0]
    return row.on_hand, row.reserved


async def drift(connection: AsyncConnection) -> list[str]:
    """Return what every invariant has to say."""
    async with session_on(connection) as session:
        return [sentence for check in invariants.ALL for sentence in await check(session)]


async def every_row(connection: AsyncConnection) -> list[list[str]]:
    """Return all that is kept of stock, holds and projections, to tell whether anything changed."""
    tables = ("holds", "hold_lines", "stocks", "buyers", "buyer_companies", "buyer_groups", "sellers", "sales_rules")
    return [sorted(map(str, await connection.execute(text(f"SELECT * FROM {table}")))) for table in tables]
