"""Price lists: prices agreed with a customer, a company, a group or a market, for a time (rules 3.1)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Currency, Moment, Page, PageSize, Sku, Text
from shared.kernel.problems import Conflict, Malformed, NotFound


class PriceLevel(StrEnum):
    """Where a price stands; the more specific level wins (rules 3.1). Agent and base prices are in no list."""

    AGENT = "agent"
    QUOTE = "quote"
    CONTRACT = "contract"
    GROUP = "group"
    MARKET = "market"
    BASE = "base"


class ListStatus(StrEnum):
    """Whether a list counts; a draft never does, whatever its schedule."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class PriceMode(StrEnum):
    """Whether prices are without tax or with it. Neither is ever made into the other: catalog knows no tax rate."""

    NET = "net"
    GROSS = "gross"


class TargetKind(StrEnum):
    """For whom a list is."""

    CUSTOMER = "customer"
    COMPANY = "company"
    GROUP = "group"
    MARKET = "market"
    EVERYONE = "everyone"


class Scope(StrEnum):
    """What a rule is about, narrowest first; a category with all below it."""

    VARIANT = "variant"
    PRODUCT = "product"
    CATEGORY = "category"
    ALL = "all"


class AdjustmentKind(StrEnum):
    """What a row says: the price itself, a percent off, or an amount off each unit."""

    FIXED = "fixed"
    PERCENT_OFF = "percent_off"
    AMOUNT_OFF = "amount_off"


class Reference(StrEnum):
    """What is taken off from: the base price, or the price that the levels below come to."""

    BASE = "base"
    LOWER_LEVEL = "lower_level"


class TierBasis(StrEnum):
    """Which quantity a tier looks at: that of the variant, its product, all of the list's goods, or the whole cart."""

    VARIANT = "variant"
    PRODUCT = "product"
    PRICE_GROUP = "price_group"
    CART = "cart"


ListCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Priority = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
"""Between rules that both fit, the higher one comes first."""


class ListTarget(Contract):
    """For whom a list is: a customer, company or group by its id, a market by its code, or everyone."""

    kind: TargetKind
    id: UUID | None = None
    code: Code | None = None


Targets = Annotated[list[ListTarget], Field(min_length=1, max_length=1_000)]


class ListWarning(Contract):
    """Another list that is for the same buyers at the same time, at the same level, priority, currency and mode.

    That is allowed: the lower price counts.
    """

    code: str = "OVERLAPPING_LIST"
    list_id: UUID
    list_code: ListCode
    message: Text


class PriceListView(Contract):
    """Prices agreed with some, or with all, while the list is active and within [starts_at, ends_at)."""

    id: UUID
    code: ListCode
    name: Text
    level: PriceLevel
    currency: Currency
    mode: PriceMode
    priority: int
    status: ListStatus
    starts_at: datetime | None
    ends_at: datetime | None
    tier_basis: TierBasis
    stackable: bool = Field(description="Whether public promotions come off its prices too.")
    targets: list[ListTarget]
    warnings: list[ListWarning] = Field(default_factory=list)
    created_at: datetime
    version: int


class PriceListSnapshot(Contract):
    """A price list as events tell it: never for whom it is, and never an amount."""

    id: UUID
    version: int
    code: ListCode
    level: PriceLevel
    currency: Currency
    mode: PriceMode = PriceMode.NET
    status: ListStatus
    starts_at: datetime | None
    ends_at: datetime | None


class PriceListNotFound(NotFound):
    """There is no such price list; GET /v1/price-lists lists them."""


class PriceListCodeTaken(Conflict):
    """Another price list already has this code; choose another."""


class PriceListInvalid(Malformed):
    """The price list contradicts itself; errors[] names each field and how to mend it."""


class CreatePriceList(Command[PriceListView], subject="catalog.create_price_list.v1", allow={Permission.PRICES_WRITE}):
    """Creates a price list, without rows and as a draft unless it says otherwise."""

    code: ListCode
    name: Text
    level: PriceLevel
    currency: Currency
    mode: PriceMode = Field(
        default=PriceMode.NET,
        description="Whether its amounts are without tax or with it; it counts for buyers of that mode only.",
    )
    priority: Priority = 0
    status: ListStatus = ListStatus.DRAFT
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    tier_basis: TierBasis = TierBasis.VARIANT
    stackable: bool = False
    targets: Targets


class ChangePriceList(
    Command[PriceListView], subject="catalog.change_price_list.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Replaces what can be changed of a price list; an archived one counts no more and becomes a draft again first.

    Code, level, currency and mode stay what they are.
    """

    id: UUID
    expected_version: int
    name: Text
    priority: Priority
    status: ListStatus
    starts_at: Moment | None
    ends_at: Moment | None
    tier_basis: TierBasis
    stackable: bool
    targets: Targets


class GetPriceList(Query[PriceListView], subject="catalog.get_price_list.v1", allow={Permission.PRICES_WRITE}):
    """Returns a price list, without its rows."""

    id: UUID


class ListPriceLists(
    Query[Page[PriceListView]], subject="catalog.list_price_lists.v1", allow={Permission.PRICES_WRITE}
):
    """Returns price lists, newest first. A page ends before its limit where they have many targets."""

    level: PriceLevel | None = None
    status: ListStatus | None = None
    target_id: UUID | None = Field(default=None, description="Those for this customer, company or group.")
    market: Code | None = Field(default=None, description="Those for this market.")
    sku: Sku | None = Field(default=None, description="Those with a row about it, its product or its categories.")
    product_id: UUID | None = Field(default=None, description="Those with a row about it, its variants or categories.")
    cursor: str | None = None
    limit: PageSize = 20


class PriceListCreated(Event, subject="catalog.price_list_created.v1", aggregate="price_list.id"):
    """There is a new price list. Every service can hear this, so it tells no amount."""

    price_list: PriceListSnapshot


class PriceListChanged(Event, subject="catalog.price_list_changed.v1", aggregate="price_list.id"):
    """A price list, or a row of it, is another than before. Every service can hear this, so it tells no amount."""

    price_list: PriceListSnapshot
