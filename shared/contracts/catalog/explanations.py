"""Why something costs what it costs: every row that was tried, and what became of it (rules 3.0, trace)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.storefront import PriceReason, TierView
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.values import Code, Currency, Moment, Quantity, Sku
from shared.kernel.money import UnitPrice


class ExplanationNote(StrEnum):
    """What is to be known of an explanation of a moment that has passed.

    `TODAYS_RULES`: price lists, promotions and settings are as they are now, with the schedules that they have; what
    was changed since then is not undone. `CHANGED_SINCE`: everyone paid another price then than these rules come to.
    """

    TODAYS_RULES = "TODAYS_RULES"
    CHANGED_SINCE = "CHANGED_SINCE"


class PriceExplanation(Contract):
    """What one unit of a variant costs a customer at a moment, and why.

    `trace` ends, for those who set prices, with rows whose lists would count if they were in force at the moment and in
    this currency. Of a moment that has passed it is what today's rules come to, and `notes` say so; `public_price_then`
    is what everyone paid for one unit then, as it was written down.
    """

    sku: Sku
    customer_id: UUID | None
    quantity: Quantity
    as_of: datetime
    price_mode: PriceMode = PriceMode.NET
    unit_price: UnitPrice | None
    list_price: UnitPrice | None
    public_price: UnitPrice | None
    public_price_then: UnitPrice | None = None
    lowest_price_30d: UnitPrice | None
    price_reason: PriceReason
    tiers: list[TierView]
    trace: list[PriceTrace]
    notes: list[ExplanationNote] = Field(default_factory=list)


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
    as_of: Moment | None = Field(default=None, description="Another moment than now; a past one by today's rules.")
