"""Stock: what is there, what is promised, and the holds that placements make."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.catalog.traces import PriceTrace
from shared.contracts.values import (
    Code,
    Currency,
    Done,
    Moment,
    Page,
    PageSize,
    Percent,
    Quantity,
    Sku,
    StockLevel,
    Text,
)
from shared.kernel.money import Money, UnitPrice
from shared.kernel.problems import Conflict

ORDERS = frozenset({"orders"})


class SellAhead(StrEnum):
    """Whether more may be ordered than are there: not at all, when they run out, or before the first have come."""

    NONE = "none"
    BACK_ORDER = "back_order"
    PRE_ORDER = "pre_order"


class WarehouseLevel(Contract):
    """How many of a variant a warehouse has, and how many of those are allocated to orders."""

    warehouse: Code
    on_hand: StockLevel
    allocated: StockLevel


class StockView(Contract):
    """How many of a variant are on hand, promised and left, and in which warehouses they are.

    `available` is below zero where more is promised than is there; `ahead_limit` says how many more that may be, None
    without limit.
    """

    variant_id: UUID
    sku: Sku
    on_hand: StockLevel
    reserved: StockLevel
    available: StockLevel
    ahead: SellAhead = SellAhead.NONE
    ahead_limit: StockLevel | None = Decimal(0)
    expected_at: datetime | None = None
    low_at: StockLevel | None = None
    warehouses: list[WarehouseLevel] = Field(default_factory=list)
    version: int


class StockSnapshot(Contract):
    """A variant's stock as events tell it."""

    id: UUID
    version: int
    sku: Sku
    on_hand: StockLevel
    reserved: StockLevel


class HoldLine(Contract):
    """What an order wants of one SKU. `unit_price` and `discount_percent` are set by hand, within the agent's bounds.

    The bounds hold for what one unit costs after the discount, around the price it has without it (rules 3.8.6): for an
    order that is at everyone's prices, being below its group's minimum, around everyone's. A price raised by hand does
    not help to reach a minimum. It is in the mode of the buyer's prices.
    """

    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice | None = None
    discount_percent: Percent = Decimal(0)


class HeldLine(Contract):
    """One line as it is held: what it is, what it costs, how it is taxed, and why. Frozen on the order.

    `computed_price` is what the rules came to, before a price or a discount set by hand, and `price_list_id` the list
    whose row made it, at its version; no list: it is the base price. `cost` of one unit is without tax, None where it
    is not known in this currency. `trace` has the rules that applied or were shadowed, as far as there is room.
    """

    variant_id: UUID
    product_id: UUID
    sku: Sku
    name: Text
    quantity: Quantity
    list_price: UnitPrice
    unit_price: UnitPrice
    price_reason: PriceReason
    tax_category: TaxCategory
    commissionable: bool
    computed_price: UnitPrice | None = None
    cost: UnitPrice | None = None
    price_list_id: UUID | None = None
    price_list_version: int | None = None
    trace: list[PriceTrace] = Field(default_factory=list)


class HeldQuote(Contract):
    """The lines of an order, priced and held until `expires_at` (UTC).

    `price_mode`: whether its prices and its surcharge are with or without tax. `market`: whose prices counted.
    `surcharge`: the fee of an order below its group's minimum that is taken all the same (rules 3.2).
    """

    order_id: UUID
    price_mode: PriceMode = PriceMode.NET
    market: Code | None = None
    lines: list[HeldLine]
    surcharge: Money | None = None
    expires_at: datetime


class OutOfStock(Conflict):
    """There is not enough left; details name each SKU, with what is available where the buyer is shown figures."""


class StockPromised(Conflict):
    """Fewer would be left than orders were promised; details give what is promised and what would be left."""


class HoldReleased(Conflict):
    """This order's goods were released already; place the order again with a new key."""


class ReceiveStock(Command[StockView], subject="catalog.receive_stock.v1", allow={Permission.STOCK_WRITE}):
    """Adds goods that came in, as a movement of the stock ledger. Orders that wait for such goods get them first."""

    sku: Sku
    quantity: Quantity
    reference: Text
    warehouse: Code | None = Field(default=None, description="Left out, the first by priority of those in use.")


class SetSelling(Command[StockView], subject="catalog.set_selling.v1", allow={Permission.STOCK_WRITE}, keyed=False):
    """Says whether more of a variant may be ordered than are there, and at how few left people are told.

    Says all of it: what is left out is as its default.
    """

    sku: Sku
    expected_version: int
    ahead: SellAhead = SellAhead.NONE
    ahead_limit: StockLevel | None = Field(
        default=None, ge=0, description="How many more than are there; left out, without limit."
    )
    expected_at: Moment | None = Field(default=None, description="When the next ones are expected.")
    low_at: StockLevel | None = Field(default=None, ge=0, description="People are told at so many left, or fewer.")


class GetStock(Query[StockView], subject="catalog.get_stock.v1", allow={Permission.CATALOG_READ}):
    """Returns the stock of one variant."""

    sku: Sku


class ListStock(Query[Page[StockView]], subject="catalog.list_stock.v1", allow={Permission.CATALOG_READ}):
    """Returns the stock of every variant, of those with goods in a warehouse, or of those that run low."""

    sku: Sku | None = None
    warehouse: Code | None = None
    low: bool = Field(default=False, description="Only those of which as few are left as people want to be told.")
    cursor: str | None = None
    limit: PageSize = 20


class HoldItems(
    Command[HeldQuote],
    subject="catalog.hold_items.v1",
    allow={Permission.ORDERS_PLACE, Permission.ORDERS_PLACE_OWN},
    asked_by=ORDERS,
    keyed=False,
):
    """Prices the lines of an order for its customer and holds the goods, all or none.

    Repeated for the same order it gives the same answer; after a release it is refused.
    """

    order_id: UUID
    customer_id: UUID
    currency: Currency
    market: Code | None = None
    lines: list[HoldLine] = Field(min_length=1, max_length=500)


class ReleaseHold(
    Command[Done],
    subject="catalog.release_hold.v1",
    allow={Permission.ORDERS_PLACE, Permission.ORDERS_PLACE_OWN},
    asked_by=ORDERS,
    keyed=False,
):
    """Gives back what an order held and will not use; an order that stands keeps its goods.

    Leaves a tombstone, so that a late hold is refused.
    """

    order_id: UUID


class StockChanged(Event, subject="catalog.stock_changed.v1", aggregate="stock.id"):
    """A variant has another quantity on hand."""

    stock: StockSnapshot
    reason: Text


class StockRanLow(Event, subject="catalog.stock_ran_low.v1", aggregate="stock.id"):
    """As few of a variant are left, promises taken off, as people want to be told of."""

    stock: StockSnapshot
    low_at: StockLevel


class StockRanOut(Event, subject="catalog.stock_ran_out.v1", aggregate="stock.id"):
    """Nothing is left of a variant, promises taken off; it may still be sold ahead."""

    stock: StockSnapshot


class StockCameBack(Event, subject="catalog.stock_came_back.v1", aggregate="stock.id"):
    """Something is left again of a variant of which nothing was."""

    stock: StockSnapshot
