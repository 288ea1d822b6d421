"""Questions others ask of orders."""

from services.orders import repository
from services.orders.domain.calculations import check_may_explain, may_see_costs
from shared.contracts.orders.calculations import GetOrderCalculation, OrderCalculation
from shared.contracts.orders.orders import (
    GetOrder,
    GetOrderHistory,
    HistoryEntry,
    ListOrders,
    OrderSummary,
    OrderView,
)
from shared.contracts.orders.payments import ListPayments, PaymentView
from shared.contracts.orders.standing import (
    ASKED_AT_ONCE,
    ExistingOrders,
    FindExistingOrders,
    FindOrdersToShip,
    FindUnshippedOrders,
    OrdersToShip,
    UnshippedOrders,
)
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_order(query: GetOrder, work: Work) -> OrderView:
    return OrderView.model_validate(await repository.get(work.session, query.id, repository.visible_to(work.actor)))


@handler
async def get_order_calculation(query: GetOrderCalculation, work: Work) -> OrderCalculation:
    check_may_explain(work.actor)
    order = await repository.calculated(work.session, query.id, repository.visible_to(work.actor))
    told = OrderCalculation.model_validate(order)
    if may_see_costs(work.actor):
        return told
    return told.model_copy(update={"lines": [line.model_copy(update={"cost": None}) for line in told.lines]})


@handler
async def list_orders(query: ListOrders, work: Work) -> Page[OrderSummary]:
    rows, following = await repository.page_of_orders(work.session, query, work.actor)
    return Page[OrderSummary](items=[OrderSummary.model_validate(row) for row in rows], next=following)


@handler
async def get_order_history(query: GetOrderHistory, work: Work) -> Page[HistoryEntry]:
    rows = await repository.history(work.session, query.id, work.actor)
    return Page[HistoryEntry](items=[HistoryEntry.model_validate(row) for row in rows])


@handler
async def list_payments(query: ListPayments, work: Work) -> Page[PaymentView]:
    rows = await repository.visible_payments(work.session, query.order_id, work.actor)
    return Page[PaymentView](items=[PaymentView.model_validate(row) for row in rows])


@handler
async def find_existing_orders(query: FindExistingOrders, work: Work) -> ExistingOrders:
    return ExistingOrders(ids=await repository.existing(work.session, query.ids))


@handler
async def find_unshipped_orders(query: FindUnshippedOrders, work: Work) -> UnshippedOrders:
    return UnshippedOrders(ids=await repository.unshipped(work.session, query.ids))


@handler
async def find_orders_to_ship(query: FindOrdersToShip, work: Work) -> OrdersToShip:
    return OrdersToShip(ids=await repository.to_ship(work.session, query.after, ASKED_AT_ONCE))
