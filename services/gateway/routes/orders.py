"""/v1/orders: places, shows and cancels orders, and records what is paid for them."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, passed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.group_terms import OrderMinimum
from shared.contracts.catalog.prices import AgentPriceBound, PriceUnavailable, ProductNotAvailable
from shared.contracts.catalog.rules import QtyRule
from shared.contracts.catalog.stock import HoldReleased, OutOfStock
from shared.contracts.catalog.storefront import CatalogueOnly, MarketNotOpen
from shared.contracts.customers.customers import AccountPending, CustomerNotFound, CustomerSuspended
from shared.contracts.orders.calculations import GetOrderCalculation
from shared.contracts.orders.orders import (
    CancelOrder,
    DuplicateLine,
    GetOrder,
    GetOrderHistory,
    IllegalTransition,
    ListOrders,
    OrderNotFound,
    PlaceOrder,
)
from shared.contracts.orders.payments import ListPayments, OverPayment, RecordPayment

BUYER = (CustomerNotFound, AccountPending, CustomerSuspended)
LINES = (ProductNotAvailable, PriceUnavailable, AgentPriceBound, DuplicateLine)
RULES = (QtyRule, OrderMinimum, CatalogueOnly, MarketNotOpen)
GOODS = (OutOfStock, HoldReleased)
router = resource("/orders", "orders")


@router.get("")
async def list_orders(request: Request, query: Asked[ListOrders], ask: Ask) -> Response:
    """List orders; customers and agents find their own."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(*BUYER, *LINES, *RULES, *GOODS))
async def place_order(command: Sent[PlaceOrder], ask: Ask) -> Response:
    """Place an order."""
    return created(await ask.forward(command), "/v1/orders/{id}")


@router.get("/{id}", responses=refusing(OrderNotFound))
async def get_order(query: Asked[GetOrder], ask: Ask) -> Response:
    """Show an order."""
    return shown(await ask.forward(query))


@router.post("/{id}/cancellation", responses=refusing(OrderNotFound, IllegalTransition))
async def cancel_order(command: Sent[CancelOrder], ask: Ask) -> Response:
    """Cancel an order: goods back, commission taken back."""
    return shown(await ask.forward(command))


@router.get("/{id}/calculation", responses=refusing(OrderNotFound))
async def get_order_calculation(query: Asked[GetOrderCalculation], ask: Ask) -> Response:
    """Show why an order cost what it did, to those who sell."""
    return passed(await ask.forward(query))


@router.get("/{id}/history", responses=refusing(OrderNotFound))
async def get_order_history(request: Request, query: Asked[GetOrderHistory], ask: Ask) -> Response:
    """Show who did what to an order."""
    return listed(await ask.forward(query), request)


@router.get("/{order_id}/payments", responses=refusing(OrderNotFound))
async def list_payments(request: Request, query: Asked[ListPayments], ask: Ask) -> Response:
    """List what came in for an order."""
    return listed(await ask.forward(query), request)


@router.post("/{order_id}/payments", status_code=201, responses=refusing(OrderNotFound, OverPayment, IllegalTransition))
async def record_payment(command: Sent[RecordPayment], ask: Ask) -> Response:
    """Record a bank transfer for an order."""
    return created(await ask.forward(command), "/v1/orders/{id}/payments")
