"""Calculations: what an order was computed from when it was placed, told to those who sell (rules 3.0)."""

from datetime import datetime
from uuid import UUID

from shared.contracts.agents.settings import Attribution
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.orders.orders import READ
from shared.contracts.values import Code, Currency, Percent, Quantity, Sku
from shared.kernel.money import Money, UnitPrice


class LineCalculation(Contract):
    """What a line was computed from; `list_price`, `computed_price` and `unit_price` are in the order's price mode.

    `computed_price` is what the rules came to before a price or a discount was set by hand, made by a row of the price
    list named, as it was at that version; no list: it was the base price. `cost` of one unit is without tax; it is
    told to staff who may read the catalogue. `trace` tells of the rules that applied or were shadowed. An order placed
    before these were kept has none of them.
    """

    position: int
    sku: Sku
    quantity: Quantity
    list_price: UnitPrice
    computed_price: UnitPrice | None
    unit_price: UnitPrice
    price_reason: PriceReason
    discount_percent: Percent
    price_list_id: UUID | None
    price_list_version: int | None
    cost: UnitPrice | None
    tax_category: TaxCategory
    tax_rate: Percent
    net: Money
    tax: Money
    commissionable: bool
    trace: list[PriceTrace]


class OrderCalculation(Contract):
    """What an order was computed from, unchanged by whatever has been edited since.

    `group_ids`: the groups its customer belonged to. `market`: whose prices counted, where it was one's.
    """

    id: UUID
    number: int
    customer_id: UUID
    group_ids: list[UUID]
    agent_id: UUID | None
    attribution: Attribution | None
    currency: Currency
    price_mode: PriceMode
    market: Code | None
    created_at: datetime
    lines: list[LineCalculation]


class GetOrderCalculation(Query[OrderCalculation], subject="orders.get_order_calculation.v1", allow=READ):
    """Tells staff, and agents of the orders they serve, why an order cost what it did."""

    id: UUID
