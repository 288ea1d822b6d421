"""Visibility: who sees which product, who alone may see it, and why somebody does not (rules 3.2)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope
from shared.contracts.values import Code, Currency, Done, Page, PageSize, Sku
from shared.kernel.problems import NotFound

Named = Annotated[list[UUID], Field(max_length=1_000)]


class VisibilityRuleView(Contract):
    """Whether somebody, or everyone where `buyer_id` is None, sees a product or what stands in a category."""

    id: UUID
    buyer_scope: BuyerScope
    buyer_id: UUID | None
    scope: Scope
    target_id: UUID
    visible: bool
    created_at: datetime
    version: int


class VisibilityRuleSnapshot(Contract):
    """A visibility rule as events tell it: what it is about, never for whom it is."""

    id: UUID
    version: int
    buyer_scope: BuyerScope
    scope: Scope
    target_id: UUID
    removed: bool = False


class AccessListView(Contract):
    """Who alone sees a product; `id` is the product's. While `restricted` is false there is no list, and version 0.

    Rules that name a customer or a group for a whole category stand beside it and are nearer than its general no.
    """

    id: UUID
    restricted: bool
    customer_ids: list[UUID]
    group_ids: list[UUID]
    version: int


class SightLevel(StrEnum):
    """Who decides on a product's being seen: a rule for the customer, for a group, for everyone, or the shop."""

    CUSTOMER = "customer"
    GROUP = "group"
    EVERYONE = "everyone"
    SHOP = "shop"


class ReasonCode(StrEnum):
    """Why a product cannot be seen, a price not be seen, or a variant not be bought."""

    PRODUCT_DISCONTINUED = "PRODUCT_DISCONTINUED"
    VARIANT_DISCONTINUED = "VARIANT_DISCONTINUED"
    NOT_PUBLISHED_YET = "NOT_PUBLISHED_YET"
    NOT_PUBLISHED_ANY_MORE = "NOT_PUBLISHED_ANY_MORE"
    DENIED_BY_RULE = "DENIED_BY_RULE"
    HIDDEN_BY_SHOP = "HIDDEN_BY_SHOP"
    LOGIN_ONLY = "LOGIN_ONLY"
    CATALOGUE_ONLY = "CATALOGUE_ONLY"
    NO_CUSTOMER = "NO_CUSTOMER"
    CUSTOMER_PENDING = "CUSTOMER_PENDING"
    CUSTOMER_SUSPENDED = "CUSTOMER_SUSPENDED"
    PRICE_HIDDEN = "PRICE_HIDDEN"
    PRICE_UNAVAILABLE = "PRICE_UNAVAILABLE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    QTY_RULE_IMPOSSIBLE = "QTY_RULE_IMPOSSIBLE"


class VisibilityReason(Contract):
    """One thing that stands in the way, of a product or of the variant `sku` alone; `rule` is the rule that says so."""

    code: ReasonCode
    message: str
    sku: Sku | None = None
    rule: UUID | None = None


class VisibilityExplanation(Contract):
    """Whether a customer, or a visitor where none is named, sees a product and can buy some of it, and why not.

    `level` is who decided on its being seen, `rule` the rule that did. `buyable` are the SKUs that could be ordered.
    """

    product_id: UUID
    customer_id: UUID | None
    visible: bool
    level: SightLevel
    rule: UUID | None
    buyable: list[Sku]
    reasons: list[VisibilityReason]


class VisibilityRuleNotFound(NotFound):
    """There is no such visibility rule; GET /v1/visibility-rules lists them."""


class AccessListNotFound(NotFound):
    """This product has no access list; PUT one to restrict it."""


class SetVisibilityRule(
    Command[VisibilityRuleView], subject="catalog.set_visibility_rule.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Lets a customer, a group or everyone see a product or a category, or not; there is one rule for each pair.

    The first one has no version to name, a change names the one it replaces. Setting what stands already changes
    nothing.
    """

    expected_version: int | None = None
    buyer_scope: BuyerScope = Field(description="customer, group or everyone.")
    buyer_id: UUID | None = Field(default=None, description="The customer or group; left out for everyone.")
    scope: Scope = Field(description="product or category.")
    target_id: UUID
    visible: bool


class DeleteVisibilityRule(
    Command[Done], subject="catalog.delete_visibility_rule.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Deletes a visibility rule; what stands farther away counts again."""

    id: UUID
    expected_version: int


class ListVisibilityRules(
    Query[Page[VisibilityRuleView]], subject="catalog.list_visibility_rules.v1", allow={Permission.CATALOG_READ}
):
    """Returns visibility rules, newest first."""

    buyer_scope: BuyerScope | None = Field(default=None, description="Those for buyers of this kind.")
    buyer_id: UUID | None = Field(default=None, description="Those that name this customer or group.")
    scope: Scope | None = Field(default=None, description="Those about goods of this kind.")
    target_id: UUID | None = Field(default=None, description="Those about this product or category itself.")
    product_id: UUID | None = Field(
        default=None, description="Who sees this product: the rules about it and all categories it stands in."
    )
    cursor: str | None = None
    limit: PageSize = 20


class PutAccessList(
    Command[AccessListView], subject="catalog.put_access_list.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Lets these customers and groups see a product and nobody else, in place of all rules about it.

    The first list has no version to name, a change names the one it replaces.
    """

    id: UUID
    expected_version: int | None = None
    customer_ids: Named = Field(default_factory=list)
    group_ids: Named = Field(default_factory=list)


class DeleteAccessList(
    Command[Done], subject="catalog.delete_access_list.v1", allow={Permission.CATALOG_WRITE}, keyed=False
):
    """Deletes all rules about a product, so that it is seen like any other."""

    id: UUID
    expected_version: int


class GetAccessList(Query[AccessListView], subject="catalog.get_access_list.v1", allow={Permission.CATALOG_READ}):
    """Returns who alone sees a product."""

    id: UUID


class ExplainVisibility(
    Query[VisibilityExplanation],
    subject="catalog.explain_visibility.v1",
    allow={Permission.CATALOG_READ, Permission.CUSTOMERS_READ_OWN},
):
    """Tells staff, and agents of their own customers, why a customer does or does not see and buy a product."""

    id: UUID
    customer_id: UUID | None = Field(default=None, description="Left out, a visitor.")
    sku: Sku | None = Field(default=None, description="This variant alone.")
    currency: Currency = "EUR"
    market: Code | None = None


class VisibilityChanged(Event, subject="catalog.visibility_changed.v1", aggregate="rule.id"):
    """Others see a product or a category than before."""

    rule: VisibilityRuleSnapshot
