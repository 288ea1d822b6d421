"""Why something costs what it costs: every row that was tried, and what became of it (rules 3.0, trace)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.storefront import PriceReason, TierView
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.values import Code, Currency, Moment, Quantity, Sku
from shared.kernel.money import UnitPrice


class PriceExplanation(Contract):
    """What one unit of a variant costs a customer at a moment, and why."""

    sku: Sku
    customer_id: UUID | None
    quantity: Quantity
    as_of: datetime
    unit_price: UnitPrice | None
    list_price: UnitPrice | None
    public_price: UnitPrice | None
    lowest_price_30d: UnitPrice | None
    price_reason: PriceReason
    tiers: list[TierView]
    trace: list[PriceTrace]


class ExplainPrice(
    Query[PriceExplanation],
    subject="catalog.explain_price.v1",
    allow={Permission.PRICES_WRITE, Permission.ORDERS_PLACE, Permission.CUSTOMERS_READ_OWN},
):
    """Tells staff, and agents of their own customers, why a variant costs a customer what it does."""

    sku: Sku
    customer_id: UUID | None = Field(default=None, description="Left out, a visitor.")
    quantity: Quantity = Decimal(1)
    currency: Currency = "EUR"
    market: Code | None = None
    as_of: Moment | None = Field(default=None, description="Another moment than now.")
