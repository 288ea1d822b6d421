"""Group terms: how much of the stock a customer group sees, its price mode, the least it must order (rules 3.2)."""

from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.rules import Availability, MinimumAction, MinimumOperator
from shared.contracts.values import Page, PageSize, Quantity
from shared.kernel.money import Money
from shared.kernel.problems import Malformed


class GroupTermsView(Contract):
    """On what terms a group buys. A minimum that is None asks for nothing; the version is 0 while nobody set any.

    `operator`: whether both minimums must be reached or one of them. `action`: what becomes of an order below; the
    `surcharge` is the fee of that action. Amounts are all in one currency, and in the mode of the buyer's prices: with
    tax for a buyer who is told prices with tax. `price_mode`: in which mode the group's members are told prices; None
    leaves it to their other groups, of which one without tax wins, and then to the shop. The terms of the visitors'
    group say it for visitors.
    """

    group_id: UUID
    availability: Availability
    minimum_qty: Quantity | None
    minimum_subtotal: Money | None
    operator: MinimumOperator
    action: MinimumAction
    surcharge: Money | None
    price_mode: PriceMode | None = None
    version: int


class GroupTermsSnapshot(Contract):
    """The terms of a group as events tell them: never an amount. `id` is the group's."""

    id: UUID
    version: int
    availability: Availability
    action: MinimumAction
    price_mode: PriceMode | None = None


class GroupTermsInvalid(Malformed):
    """These terms contradict themselves; errors[] names each field and how to mend it."""


class OrderMinimum(Malformed):
    """The order is below the minimum of the customer's group; details give what is missing."""


class SetGroupTerms(
    Command[GroupTermsView], subject="catalog.set_group_terms.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Says on what terms a group buys, all of it: what is left out is as its default.

    The first terms have no version to name, a change names those it replaces. Setting what stands already changes
    nothing.
    """

    group_id: UUID
    expected_version: int | None = None
    availability: Availability = Availability.EXACT
    minimum_qty: Quantity | None = None
    minimum_subtotal: Money | None = None
    operator: MinimumOperator = MinimumOperator.AND
    action: MinimumAction = MinimumAction.BLOCK
    surcharge: Money | None = Field(default=None, description="The fee of the action `surcharge`.")
    price_mode: PriceMode | None = Field(
        default=None, description="Whether its members are told prices without tax or with it."
    )


class GetGroupTerms(Query[GroupTermsView], subject="catalog.get_group_terms.v1", allow={Permission.PRICES_WRITE}):
    """Returns on what terms a group buys."""

    group_id: UUID


class ListGroupTerms(
    Query[Page[GroupTermsView]], subject="catalog.list_group_terms.v1", allow={Permission.PRICES_WRITE}
):
    """Returns the terms of the groups that have any, by group."""

    cursor: UUID | None = Field(default=None, description="The group after which the page begins.")
    limit: PageSize = 20


class GroupTermsChanged(Event, subject="catalog.group_terms_changed.v1", aggregate="terms.id"):
    """A group buys on other terms. Names the action, never an amount: every service can hear this."""

    terms: GroupTermsSnapshot
