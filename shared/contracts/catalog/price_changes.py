"""Price changes by rule: many prices raised or lowered at once, tried dry first."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import ActorRef, Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.values import Code, Currency, Page, PageSize, Quantity, Text
from shared.kernel.money import Amount, UnitPrice
from shared.kernel.problems import Malformed, NotFound


class StepKind(StrEnum):
    """By what prices move: a percent of each, or the same amount."""

    PERCENT = "percent"
    AMOUNT = "amount"


class Direction(StrEnum):
    """Which way a price is rounded; from the middle between two, the nearest is the upper one."""

    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"


class ChangeState(StrEnum):
    """How far a price change is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PriceOutcome(StrEnum):
    """What becomes of one price: another, the same, the floor it stops at, or nothing, as it would be too large."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FLOORED = "floored"
    TOO_LARGE = "too_large"


class Rounding(Contract):
    """Prices end as a multiple of `step` plus `ending`: step 1 and ending 0.90 give 12.90, 13.90.

    A step of 0.05 alone gives 12.85, 12.90.
    """

    step: Amount = Decimal(1)
    ending: Amount = Decimal(0)
    direction: Direction = Direction.NEAREST


class PriceChangeView(Contract):
    """A change of many prices, and how far it is. `total` and the counts are of prices; a dry run changes none.

    `from_mode`: the prices of `mode` are made from those of this one; None where they move.
    """

    id: UUID
    currency: Currency
    mode: PriceMode = PriceMode.NET
    from_mode: PriceMode | None = None
    list_id: UUID | None
    category: Code | None
    attribute: Code | None
    attribute_value: Text | None
    kind: StepKind
    value: Amount
    rounding: Rounding | None
    dry_run: bool
    state: ChangeState
    total: int
    done: int
    changed: int
    unchanged: int
    floored: int
    too_large: int
    trouble: str | None
    made_by: ActorRef
    created_at: datetime
    finished_at: datetime | None
    version: int


class PriceChangeSnapshot(Contract):
    """A change of many prices as events tell it: how it ended, and never an amount."""

    id: UUID
    version: int
    list_id: UUID | None
    dry_run: bool
    state: ChangeState
    total: int
    done: int
    changed: int
    unchanged: int
    floored: int
    too_large: int


class PriceDifferenceView(Contract):
    """One price that a rule is about: what it was, what it becomes, and what stood in the way.

    `target` is its SKU; for a list's row about more, the product or category code, and None for all goods. Where prices
    are made from those of the other mode, `before` is the price that it was made from.
    """

    position: int
    target: str | None
    min_qty: Quantity
    before: UnitPrice
    after: UnitPrice
    outcome: PriceOutcome


class PriceChangeNotFound(NotFound):
    """There is no such price change; GET /v1/price-changes lists them."""


class PriceChangeInvalid(Malformed):
    """The rule contradicts itself; errors[] names each field and how to mend it."""


class ChangePricesByRule(
    Command[PriceChangeView], subject="catalog.change_prices_by_rule.v1", allow={Permission.PRICES_WRITE}
):
    """Raises or lowers base prices, or a list's fixed prices, by a rule; a dry run only reports what would become.

    Category (with all below it) and attribute narrow down which goods; without either, all goods. Floors are kept.
    With `from_mode` the base prices of `mode` are made, or made anew, from those of the other mode: +20 % of each price
    without tax is one with it. Whoever sends the rule gives the percent: catalog knows no tax rate.
    """

    currency: Currency
    mode: PriceMode = Field(default=PriceMode.NET, description="Which prices change: without tax, or with it.")
    from_mode: PriceMode | None = Field(
        default=None, description="The other mode, where base prices are made from its; left out, each price moves."
    )
    list_id: UUID | None = Field(default=None, description="The list whose prices change; left out, base prices.")
    category: Code | None = None
    attribute: Code | None = None
    attribute_value: Text | None = None
    kind: StepKind
    value: Amount = Field(description="A percent or an amount; below zero to lower prices.")
    rounding: Rounding | None = Field(default=None, description="Left out, to the currency's decimals.")
    dry_run: bool = True


class GetPriceChange(Query[PriceChangeView], subject="catalog.get_price_change.v1", allow={Permission.PRICES_WRITE}):
    """Returns a price change and how far it is."""

    id: UUID


class ListPriceChanges(
    Query[Page[PriceChangeView]], subject="catalog.list_price_changes.v1", allow={Permission.PRICES_WRITE}
):
    """Returns price changes, newest first."""

    cursor: str | None = None
    limit: PageSize = 20


class ListPriceDifferences(
    Query[Page[PriceDifferenceView]], subject="catalog.list_price_differences.v1", allow={Permission.PRICES_WRITE}
):
    """Returns what a price change did to each price, or would do, in the order it went through them.

    Prices that stay are counted only; the others are kept for 90 days.
    """

    id: UUID
    outcome: PriceOutcome | None = None
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")] | None = None
    limit: PageSize = 100


class PriceChangeFinished(Event, subject="catalog.price_change_finished.v1", aggregate="price_change.id"):
    """A change of many prices has come to its end."""

    price_change: PriceChangeSnapshot
