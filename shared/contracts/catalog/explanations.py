"""Why something costs what it costs: every row that was tried, and what became of it (rules 3.0, trace)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.price_lists import PriceLevel, Scope
from shared.contracts.catalog.storefront import PriceReason, TierView
from shared.contracts.values import Code, Currency, Moment, Quantity, Sku
from shared.kernel.money import UnitPrice


class RuleOutcome(StrEnum):
    """What became of a rule: it made the price, another came before it, or it did not count at all."""

    APPLIED = "applied"
    SHADOWED_BY = "shadowed_by"
    NOT_ELIGIBLE = "not_eligible"


class PriceTrace(Contract):
    """One rule that was looked at. `code` says why it did or did not count; amounts are of one unit.

    `rule` is the number of a row of the list named, of a promotion, or None for the base price, the cap and the floor.
    `shadowed_by` is the row that came before it.
    """

    level: PriceLevel
    rule: int | None
    name: str
    scope: Scope | None = None
    min_qty: Quantity | None = None
    outcome: RuleOutcome
    code: str
    message: str
    amount_in: UnitPrice | None = None
    amount_out: UnitPrice | None = None
    shadowed_by: int | None = None


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
