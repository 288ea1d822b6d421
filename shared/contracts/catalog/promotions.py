"""Public catalogue promotions: what is taken off base prices for everyone, for a time (rules 3.1)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import AdjustmentKind, ListCode, PriceMode, Priority, Scope
from shared.contracts.values import Code, Currency, Done, Moment, Page, PageSize, Sku, Text
from shared.kernel.money import Amount
from shared.kernel.problems import Conflict, Malformed, NotFound

PromotionTargets = Annotated[list[Sku], Field(max_length=1_000)]
Markets = Annotated[list[Code], Field(max_length=100)]


class PromotionView(Contract):
    """A public reduction of base prices while it is enabled and within [starts_at, ends_at).

    `targets` are SKUs, product codes or category codes, as `scope` says; a category with all below it. No market means
    all of them. An amount comes off prices of its currency and mode only, a percent off all.
    """

    id: UUID
    code: ListCode
    name: Text
    enabled: bool
    starts_at: datetime | None
    ends_at: datetime | None
    markets: list[Code]
    priority: int
    exclusive: bool
    kind: AdjustmentKind
    value: Amount
    currency: Currency | None
    mode: PriceMode = PriceMode.NET
    scope: Scope
    targets: list[str]
    created_at: datetime
    version: int


class PromotionSnapshot(Contract):
    """A promotion as events tell it."""

    id: UUID
    version: int
    code: ListCode
    name: Text
    enabled: bool
    starts_at: datetime | None
    ends_at: datetime | None
    kind: AdjustmentKind
    value: Amount
    currency: Currency | None
    mode: PriceMode = PriceMode.NET


class PromotionNotFound(NotFound):
    """There is no such promotion; GET /v1/promotions lists them."""


class PromotionCodeTaken(Conflict):
    """Another promotion already has this code; choose another."""


class PromotionHasBegun(Conflict):
    """Prices were announced by this promotion, so it is kept; end it by setting `ends_at`, or disable it."""


class PromotionInvalid(Malformed):
    """The promotion contradicts itself; errors[] names each field and how to mend it."""


class CreatePromotion(Command[PromotionView], subject="catalog.create_promotion.v1", allow={Permission.PRICES_WRITE}):
    """Creates a promotion; its start and its end need nobody to be there."""

    code: ListCode
    name: Text
    enabled: bool = True
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    markets: Markets = Field(default_factory=list)
    priority: Priority = 0
    exclusive: bool = False
    kind: AdjustmentKind
    value: Amount = Field(description="A percent from 0 to 100, or an amount of `currency` off each unit.")
    currency: Currency | None = None
    mode: PriceMode = Field(
        default=PriceMode.NET, description="Which prices an amount comes off: those without tax, or with it."
    )
    scope: Scope
    targets: PromotionTargets = Field(default_factory=list, description="SKUs, product codes or category codes.")


class ChangePromotion(
    Command[PromotionView], subject="catalog.change_promotion.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Replaces a promotion, all but its code; everyone's prices follow at once."""

    id: UUID
    expected_version: int
    name: Text
    enabled: bool
    starts_at: Moment | None
    ends_at: Moment | None
    markets: Markets
    priority: Priority
    exclusive: bool
    kind: AdjustmentKind
    value: Amount
    currency: Currency | None
    mode: PriceMode = PriceMode.NET
    scope: Scope
    targets: PromotionTargets


class DeletePromotion(
    Command[Done], subject="catalog.delete_promotion.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Deletes a promotion that has never begun; any other is to be ended or disabled."""

    id: UUID
    expected_version: int


class GetPromotion(Query[PromotionView], subject="catalog.get_promotion.v1", allow={Permission.PRICES_WRITE}):
    """Returns a promotion."""

    id: UUID


class ListPromotions(Query[Page[PromotionView]], subject="catalog.list_promotions.v1", allow={Permission.PRICES_WRITE}):
    """Returns promotions, newest first."""

    enabled: bool | None = Field(default=None, description="Only those that are enabled, or only those that are not.")
    in_force: bool | None = Field(default=None, description="Only those within their time now, or only the others.")
    cursor: str | None = None
    limit: PageSize = 20


class PromotionCreated(Event, subject="catalog.promotion_created.v1", aggregate="promotion.id"):
    """There is a new promotion."""

    promotion: PromotionSnapshot


class PromotionChanged(Event, subject="catalog.promotion_changed.v1", aggregate="promotion.id"):
    """A promotion takes off more or less, from other goods, or at another time."""

    promotion: PromotionSnapshot


class PromotionDeleted(Event, subject="catalog.promotion_deleted.v1", aggregate="promotion.id"):
    """A promotion that never began is no more."""

    promotion: PromotionSnapshot
