"""Stock: what is there, what is promised, and the holds that placements make."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.products import PriceReason, TaxCategory
from shared.contracts.values import Currency, Done, Page, PageSize, Percent, Quantity, Sku, StockLevel, Text
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Conflict

ORDERS = frozenset({"orders"})


class StockView(Contract):
    """How many of a variant are on hand, promised and left."""

    variant_id: UUID
    sku: Sku
    on_hand: StockLevel
    reserved: StockLevel
    available: StockLevel
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

    The bounds hold for what one unit costs after the discount (rules 3.8.6).
    """

    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice | None = None
    discount_percent: Percent = Decimal(0)


class HeldLine(Contract):
    """One line as it is held: what it is, what it costs, how it is taxed. Frozen on the order."""

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


class HeldQuote(Contract):
    """The lines of an order, priced and held until `expires_at` (UTC)."""

    order_id: UUID
    lines: list[HeldLine]
    expires_at: datetime


class OutOfStock(Conflict):
    """There is not enough left; details name each SKU with what is available."""


class HoldReleased(Conflict):
    """This order's goods were released already; place the order again with a new key."""


class ReceiveStock(Command[StockView], subject="catalog.receive_stock.v1", allow={Permission.STOCK_WRITE}):
    """Adds goods that came in, as a movement of the stock ledger."""

    sku: Sku
    quantity: Quantity
    reference: Text


class ListStock(Query[Page[StockView]], subject="catalog.list_stock.v1", allow={Permission.CATALOG_READ}):
    """Returns the stock of every variant."""

    sku: Sku | None = None
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
