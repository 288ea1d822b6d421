"""Orders as others see them: their three axes, their lines, their history."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import ActorRef, Permission
from shared.contracts.agents.settings import Attribution
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.customers.customers import Address
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus
from shared.contracts.values import Code, Currency, Line, Locale, Ordinal, Page, PageSize, Percent, Quantity, Sku, Text
from shared.kernel.money import Money, UnitPrice
from shared.kernel.problems import Conflict, Malformed, NotFound

READ = {Permission.ORDERS_READ, Permission.ORDERS_READ_OWN}
PLACE = {Permission.ORDERS_PLACE, Permission.ORDERS_PLACE_OWN}
CANCEL = {Permission.ORDERS_CANCEL, Permission.ORDERS_CANCEL_OWN}


class OrderLine(Contract):
    """A line as it was sold, `list_price` and `unit_price` in the price mode of its order.

    round(unit × quantity × (1 − discount)) is its `net` where prices are without tax, and `tax` its share of the VAT of
    its rate, for information; where prices are with tax it is its `gross`, of which `net` is its share (rules 3.3).
    """

    position: int
    variant_id: UUID
    sku: Sku
    name: Text
    quantity: Quantity
    list_price: UnitPrice
    unit_price: UnitPrice
    price_reason: PriceReason
    discount_percent: Percent
    net: Money
    tax_category: TaxCategory
    tax_rate: Percent
    tax: Money
    gross: Money = Field(default_factory=lambda line: line["net"] + line["tax"], description="Net and tax together.")


class TaxLine(Contract):
    """The VAT of what bears one rate, lines and surcharge together, as an invoice shows it.

    It is round(Σ net × rate) where prices are without tax; where they are with tax, net is round(Σ gross / (1 + rate)).
    Of a surcharge alone: what of it bears the rate, and its share of that VAT (rules 3.3, 3.4).
    """

    rate: Percent
    net: Money
    tax: Money


class OrderView(Contract):
    """An order as its customer, their agent and staff may see it. `label` is the French word for its state.

    `price_mode`: whether its prices and its surcharge are with or without tax; with it, `total` is the sum of what is
    shown. `surcharge`: the fee of an order below its group's minimum. What of it is without tax is part of `net`, its
    VAT of `tax`; `surcharge_taxes` tells what of it bears which rate.
    """

    id: UUID
    number: int
    customer_id: UUID
    customer_name: Text
    agent_id: UUID | None
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    label: str
    placed_by: ActorRef
    payment_method: PaymentMethod
    currency: Currency
    price_mode: PriceMode = PriceMode.NET
    lines: list[OrderLine]
    surcharge: Money | None = None
    surcharge_taxes: list[TaxLine] = Field(default_factory=list)
    net: Money
    taxes: list[TaxLine]
    tax: Money
    total: Money
    paid: Money
    reference: str | None
    created_at: datetime
    version: int


class OrderSummary(Contract):
    """An order in a list. `net` is that of its lines and of its surcharge, if it bears one."""

    id: UUID
    number: int
    customer_id: UUID
    customer_name: Text
    agent_id: UUID | None
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    label: str
    price_mode: PriceMode = PriceMode.NET
    surcharge: Money | None = None
    net: Money
    total: Money
    paid: Money
    reference: str | None
    created_at: datetime
    version: int


class BuyerSnapshot(Contract):
    """Who bought, as they were when the order was placed."""

    id: UUID
    name: Text
    email: str
    locale: Locale
    company_name: str | None
    group_ids: list[UUID]
    billing_address: Address | None
    shipping_address: Address | None


class LineSnapshot(OrderLine):
    """A line as events tell it, with what commission and stock need."""

    product_id: UUID
    commissionable: bool


class OrderSnapshot(Contract):
    """An order as events tell it: whole, so that no listener has to ask back. Amounts are as in `OrderView`."""

    id: UUID
    version: int
    number: int
    buyer: BuyerSnapshot
    agent_id: UUID | None
    attribution: Attribution | None
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    placed_by: ActorRef
    payment_method: PaymentMethod
    currency: Currency
    price_mode: PriceMode = PriceMode.NET
    lines: list[LineSnapshot]
    surcharge: Money | None = None
    surcharge_taxes: list[TaxLine] = Field(default_factory=list)
    net: Money
    tax: Money
    total: Money
    paid: Money
    created_at: datetime


class HistoryEntry(Contract):
    """Who moved an order, on whose behalf, when, from where to where, and why."""

    id: UUID
    axis: str
    before: str | None
    after: str
    actor: ActorRef
    reason: str | None
    at: datetime


class OrderNotFound(NotFound):
    """There is no order here that you may see."""


class IllegalTransition(Conflict):
    """An order in this state cannot do that; details give from, to and what is allowed."""


class DuplicateLine(Malformed):
    """The same SKU stands on two lines at the same price; put the sum on one line."""


class NewLine(Contract):
    """A line to order. An agent may set its price (in the customer's price mode) within bounds, and a discount."""

    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice | None = None
    discount_percent: Percent = Decimal(0)


class PlaceOrder(Command[OrderView], subject="orders.place_order.v1", allow=PLACE):
    """Places an order: prices it, holds the goods, confirms it. A customer orders for themselves."""

    customer_id: UUID | None = Field(default=None, description="Whom it is for; a customer leaves it out.")
    currency: Currency = "EUR"
    market: Code | None = Field(default=None, description="Whose prices count; left out, the shop's default.")
    payment_method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    lines: list[NewLine] = Field(min_length=1, max_length=500)
    reference: Line | None = Field(default=None, max_length=64, description="The buyer's own number for it.")


class CancelOrder(Command[OrderView], subject="orders.cancel_order.v1", allow=CANCEL):
    """Cancels an order: goods back, commission taken back. A customer may while it is unpaid."""

    id: UUID
    reason: Text


class GetOrder(Query[OrderView], subject="orders.get_order.v1", allow=READ):
    """Returns one order."""

    id: UUID


class ListOrders(Query[Page[OrderSummary]], subject="orders.list_orders.v1", allow=READ):
    """Returns orders, newest first; a customer or an agent gets their own only."""

    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    customer_id: UUID | None = None
    agent_id: UUID | None = None
    number: Ordinal | None = None
    reference: Line | None = Field(default=None, max_length=64)
    cursor: str | None = None
    limit: PageSize = 20


class GetOrderHistory(Query[Page[HistoryEntry]], subject="orders.get_order_history.v1", allow=READ):
    """Returns who did what to an order, oldest first."""

    id: UUID


class OrderConfirmed(Event, subject="orders.order_confirmed.v1", aggregate="order.id"):
    """A sale stands: stock, commission and mail follow from it, once per order."""

    order: OrderSnapshot


class OrderCancelled(Event, subject="orders.order_cancelled.v1", aggregate="order.id"):
    """The sale will not happen."""

    order: OrderSnapshot
    reason: Text
