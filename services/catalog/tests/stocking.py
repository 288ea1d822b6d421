"""A stockroom in tests: warehouses, the goods in them, and orders that wait for goods."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from services.catalog.handlers import events
from services.catalog.handlers.commands import stock, warehouses
from services.catalog.handlers.queries.stock import get_allocation, get_stock
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_hold, a_line, an_order
from shared.contracts.catalog.allocations import AllocationView, GetAllocation
from shared.contracts.catalog.movements import AdjustStock, CountStock, TransferStock
from shared.contracts.catalog.stock import GetStock, HeldQuote, ReceiveStock, SellAhead, SetSelling, StockView
from shared.contracts.catalog.warehouses import CreateWarehouse, WarehouseView
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed


async def opens(shop: Shop, code: str, priority: int = 0) -> WarehouseView:
    command = CreateWarehouse(code=code, name=code.title(), priority=priority)
    made: WarehouseView = await shop(warehouses.create_warehouse, command, KEEPER)
    return made


async def receives(shop: Shop, quantity: str | int, warehouse: str | None = None, sku: str = "chair") -> StockView:
    command = ReceiveStock(sku=sku, quantity=Decimal(quantity), reference="delivery", warehouse=warehouse)
    view: StockView = await shop(stock.receive_stock, command, KEEPER)
    return view


async def adjusts(shop: Shop, delta: str | int, warehouse: str | None = None, sku: str = "chair") -> StockView:
    command = AdjustStock(sku=sku, delta=Decimal(delta), reason="breakage", warehouse=warehouse)
    view: StockView = await shop(stock.adjust_stock, command, KEEPER)
    return view


async def transfers(shop: Shop, quantity: str | int, source: str, target: str) -> StockView:
    command = TransferStock(sku="chair", quantity=Decimal(quantity), source=source, target=target, reference="lorry")
    view: StockView = await shop(stock.transfer_stock, command, KEEPER)
    return view


async def counts(shop: Shop, counted: str | int, warehouse: str = "main", version: int | None = None) -> StockView:
    version = (await level(shop)).version if version is None else version
    command = CountStock(
        sku="chair", warehouse=warehouse, expected_version=version, counted=Decimal(counted), reason="yearly count"
    )
    view: StockView = await shop(stock.count_stock, command, KEEPER)
    return view


async def sells_ahead(shop: Shop, limit: int | None, sku: str = "chair", **facts: Any) -> StockView:
    facts = {"ahead": SellAhead.BACK_ORDER} | facts
    ahead_limit = None if limit is None else Decimal(limit)
    version = (await level(shop, sku)).version
    command = SetSelling(sku=sku, expected_version=version, ahead_limit=ahead_limit, **facts)
    view: StockView = await shop(stock.set_selling, command, KEEPER)
    return view


async def level(shop: Shop, sku: str = "chair") -> StockView:
    view: StockView = await shop(get_stock, GetStock(sku=sku), KEEPER)
    return view


async def in_warehouses(shop: Shop, sku: str = "chair") -> dict[str, tuple[Decimal, Decimal]]:
    """Return what each warehouse has of a SKU, and how many of those it keeps for orders, in order of priority."""
    return {each.warehouse: (each.on_hand, each.allocated) for each in (await level(shop, sku)).warehouses}


async def holding(shop: Shop, quantity: str | int, sku: str = "chair") -> HeldQuote:
    buyer = a_buyer()
    await shop.knows(buyer)
    return await shop.holds(a_hold(buyer, a_line(sku, quantity)))


async def ordering(shop: Shop, quantity: str | int, sku: str = "chair") -> HeldQuote:
    quote = await holding(shop, quantity, sku)
    await confirms(shop, quote)
    return quote


async def confirms(shop: Shop, quote: HeldQuote, version: int = 1) -> None:
    await shop(events.allocate_stock, OrderConfirmed(order=an_order(quote, a_buyer(), version)))


async def cancels(shop: Shop, quote: HeldQuote) -> None:
    await shop(events.release_stock, OrderCancelled(order=an_order(quote, a_buyer(), version=2), reason="late"))


async def allocation(shop: Shop, order_id: UUID) -> AllocationView:
    view: AllocationView = await shop(get_allocation, GetAllocation(order_id=order_id), KEEPER)
    return view


async def kept(shop: Shop, quote: HeldQuote) -> tuple[dict[str, Decimal], Decimal]:
    """Return what warehouses keep for an order of one line, and how many it waits for."""
    (line,) = (await allocation(shop, quote.order_id)).lines
    return {part.warehouse: part.quantity for part in line.warehouses}, line.waits
