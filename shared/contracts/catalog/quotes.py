"""Quotes: what an order would cost now, and whether it could be placed; nothing is held or promised by one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.rules import MinimumAction, MinimumOperator, QuantityField, RuleScope
from shared.contracts.catalog.stock import HoldLine
from shared.contracts.catalog.storefront import PriceReason, StockState
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.values import Code, Currency, Quantity, Sku, StockLevel, Text
from shared.kernel.money import Money, UnitPrice


class QuotedLine(Contract):
    """A line at the price of all lines together; `net` is what it comes to after its discount, in the quote's mode."""

    sku: Sku
    variant_id: UUID
    product_id: UUID
    name: Text
    quantity: Quantity
    list_price: UnitPrice | None
    public_price: UnitPrice | None
    unit_price: UnitPrice
    price_reason: PriceReason
    net: Money
    available: StockLevel | None
    stock: StockState | None
    trace: list[PriceTrace] | None = Field(default=None, description="How its price came about, where that was asked.")


class QuotedMinimum(Contract):
    """What the order lacks of its group's minimum, and what becomes of it as it is.

    `add_units`: of an order of one variant, how many more units reach the minimum, and `subtotal_then` what the goods
    cost with them; None where no number does, or the order holds several variants.
    """

    minimum_qty: StockLevel | None
    minimum_subtotal: Money | None
    operator: MinimumOperator
    action: MinimumAction
    missing_qty: StockLevel
    shortfall: Money
    surcharge: Money | None
    add_units: StockLevel | None
    subtotal_then: Money | None


class QuantityWarning(Contract):
    """A line whose quantity cannot be ordered as it is, and the nearest that can."""

    line: int
    sku: Sku
    field: QuantityField
    rule: UUID | None
    scope: RuleScope | None
    suggested_qty: StockLevel | None
    message: str


class QuoteView(Contract):
    """What an order of these lines costs at this moment. `subtotal`: the lines together, without shipping.

    `price_mode`: whether every amount here is without tax or with it; tax is never added or taken off.

    `orderable` is false where something stands in the way: no buyer who may order, too little stock, a shop that
    takes no orders, or what the warnings and the minimum say.
    """

    currency: Currency
    price_mode: PriceMode = PriceMode.NET
    as_of: datetime
    lines: list[QuotedLine]
    subtotal: Money
    minimum: QuotedMinimum | None
    warnings: list[QuantityWarning]
    orderable: bool


class QuoteItems(Query[QuoteView], subject="catalog.quote_items.v1", allow={Permission.PUBLIC}):
    """Prices lines as an order of them would be, at the caller's prices or at a customer's of theirs."""

    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
    lines: list[HoldLine] = Field(min_length=1, max_length=500)
    trace: bool = Field(default=False, description="Tell staff and agents how each price came about.")


PastedText = Annotated[str, StringConstraints(max_length=50_000, pattern=r"^[^\x00]*$")]


class QuickOrderLine(Contract):
    """A line as it was read, and what can be ordered of it; `code` and `message` say why it cannot, if it cannot."""

    line: int
    text: str
    sku: Sku | None
    name: Text | None
    quantity: Quantity | None
    unit_price: UnitPrice | None
    suggested_qty: StockLevel | None = None
    code: str | None = None
    message: str | None = None


class QuickOrderView(Contract):
    """A pasted list, line by line; `subtotal` is that of the lines without a fault, together, in the price mode."""

    currency: Currency
    price_mode: PriceMode = PriceMode.NET
    lines: list[QuickOrderLine]
    subtotal: Money


class ReadQuickOrder(Query[QuickOrderView], subject="catalog.read_quick_order.v1", allow={Permission.PUBLIC}):
    """Reads a pasted list or CSV of SKUs (or barcodes) and quantities, and answers line by line; orders nothing."""

    text: PastedText
    customer_id: UUID | None = None
    currency: Currency = "EUR"
    market: Code | None = None
