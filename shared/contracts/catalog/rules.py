"""Rules of the catalogue: whom they hold for, and how many of some goods a buyer must or may take (rules 3.2)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.values import Done, Page, PageSize, StockLevel
from shared.kernel.problems import Malformed, NotFound


class BuyerScope(StrEnum):
    """For whom a rule holds, nearest first."""

    CUSTOMER = "customer"
    COMPANY = "company"
    GROUP = "group"
    EVERYONE = "everyone"


class QuantityBasis(StrEnum):
    """Whose quantity a rule looks at: the variant's, or that of all variants of its product together."""

    VARIANT = "variant"
    PRODUCT = "product"


class Availability(StrEnum):
    """How a group is shown what is left: the figure, a band, or nothing."""

    EXACT = "exact"
    BANDED = "banded"
    HIDDEN = "hidden"


class MinimumOperator(StrEnum):
    """Whether an order must reach both the quantity and the subtotal, or one of them."""

    AND = "and"
    OR = "or"


class MinimumAction(StrEnum):
    """What happens to an order below the group's minimum: refused, at everyone's prices, or with a fee."""

    BLOCK = "block"
    RETAIL_PRICE = "retail_price"
    SURCHARGE = "surcharge"


class RuleScope(StrEnum):
    """Where a quantity rule stands, nearest first: the first that says something about a field decides it."""

    CUSTOMER = "customer"
    COMPANY = "company"
    GROUP = "group"
    VARIANT = "variant"
    PRODUCT = "product"
    CATEGORY = "category"
    SHOP = "shop"


class QuantityField(StrEnum):
    """What of a quantity rule a line breaks; `decimals` is how finely the unit of the goods can be divided."""

    DECIMALS = "decimals"
    MIN_QTY = "min_qty"
    MULTIPLE = "multiple"
    MAX_QTY = "max_qty"
    PERIOD_QTY = "period_qty"


Limit = Annotated[StockLevel, Field(ge=0)]
"""A limit of a quantity; 0 lifts the one that stands farther away."""

PeriodDays = Annotated[int, Field(ge=1, le=3_660)]


class QuantityRuleView(Contract):
    """How many of some goods a buyer must or may take.

    `buyer_id` is None for everyone, `target_id` for all goods. A field that is None says nothing, 0 lifts the limit
    that stands farther away. `period_qty`: the most a customer may order within `period_days`.
    """

    id: UUID
    buyer_scope: BuyerScope
    buyer_id: UUID | None
    scope: Scope
    target_id: UUID | None
    min_qty: Limit | None
    max_qty: Limit | None
    multiple: Limit | None
    period_qty: Limit | None
    period_days: int | None
    basis: QuantityBasis
    created_at: datetime
    version: int


class QuantityRuleSnapshot(Contract):
    """A quantity rule as events tell it: what it is about, never for whom it is, and never a limit."""

    id: UUID
    version: int
    buyer_scope: BuyerScope
    scope: Scope
    target_id: UUID | None
    removed: bool = False


class QuantityRuleNotFound(NotFound):
    """There is no such quantity rule; GET /v1/quantity-rules lists them."""


class RuleInvalid(Malformed):
    """The rule contradicts itself or names what does not exist; errors[] names each field and how to mend it."""


class QtyRule(Malformed):
    """These quantities cannot be ordered; details name each line with its rule and the nearest quantity that can."""


class QtyRuleImpossible(Malformed):
    """No quantity would fulfil this rule and those it stands together with; errors[] and details name them."""


class SetQuantityRule(
    Command[QuantityRuleView], subject="catalog.set_quantity_rule.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Says how many of some goods a buyer must or may take; there is one rule for each buyer and each goods.

    The first one has no version to name, a change names the one it replaces, all of it. Setting what stands already
    changes nothing.
    """

    expected_version: int | None = None
    buyer_scope: BuyerScope = BuyerScope.EVERYONE
    buyer_id: UUID | None = Field(default=None, description="The customer, company or group; left out for everyone.")
    scope: Scope
    target_id: UUID | None = Field(default=None, description="The variant, product or category; left out for all.")
    min_qty: Limit | None = None
    max_qty: Limit | None = None
    multiple: Limit | None = None
    period_qty: Limit | None = Field(default=None, description="The most a customer may order within `period_days`.")
    period_days: PeriodDays | None = None
    basis: QuantityBasis = QuantityBasis.VARIANT


class DeleteQuantityRule(
    Command[Done], subject="catalog.delete_quantity_rule.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Deletes a quantity rule; what stands farther away counts again."""

    id: UUID
    expected_version: int


class ListQuantityRules(
    Query[Page[QuantityRuleView]], subject="catalog.list_quantity_rules.v1", allow={Permission.CATALOG_READ}
):
    """Returns quantity rules, newest first."""

    buyer_scope: BuyerScope | None = Field(default=None, description="Those for buyers of this kind.")
    buyer_id: UUID | None = Field(default=None, description="Those for this customer, company or group.")
    scope: Scope | None = Field(default=None, description="Those about goods of this kind.")
    target_id: UUID | None = Field(default=None, description="Those about this variant, product or category.")
    cursor: str | None = None
    limit: PageSize = 20


class QuantityRulesChanged(Event, subject="catalog.quantity_rules_changed.v1", aggregate="rule.id"):
    """Other quantities of some goods can be ordered."""

    rule: QuantityRuleSnapshot


LIFTED = Decimal(0)
"""The value of a limit that lifts the one standing farther away."""
