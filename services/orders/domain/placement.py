"""Who may order what for whom, before anything is held (rules 3.7, 3.11)."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from services.orders.domain.totals import Sold, check_size
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.customers.customers import AccountPending, CustomerNotFound, CustomerStatus, CustomerSuspended
from shared.contracts.orders.orders import DuplicateLine, NewLine
from shared.kernel.problems import FieldError, Forbidden, Malformed

NO_TAX_YET = Decimal(0)


def customer_for(actor: Actor, customer_id: UUID | None) -> UUID:
    """Return whom the order is for. Raises Malformed when someone else's order names nobody.

    A customer orders for themselves alone: another's id is CustomerNotFound.
    """
    if actor.type is ActorType.CUSTOMER and not actor.may(Permission.ORDERS_PLACE):
        if actor.id is None or customer_id not in (None, actor.id):
            raise CustomerNotFound
        return actor.id
    if customer_id is None:
        fault = FieldError("/customer_id", "REQUIRED", "Name the customer the order is for.")
        raise Malformed("An order for somebody else names its customer.", errors=[fault])
    return customer_id


def check_lines(actor: Actor, lines: Sequence[NewLine], currency: str) -> None:
    """Refuse lines that stand twice, prices of another currency, and hand-set prices from who may set none.

    Prices set by hand are refused here already where they come to more than an amount can say.
    """
    by_hand = [line for line in lines if line.unit_price is not None or line.discount_percent]
    if by_hand and not may_set_prices(actor):
        raise Forbidden("Prices and discounts are set by agents; order without unit_price and discount_percent.")
    faults = [
        FieldError(f"/lines/{place}/unit_price/currency", "CURRENCY_MISMATCH", f"Give the price in {currency}.")
        for place, line in enumerate(lines)
        if line.unit_price is not None and line.unit_price.currency != currency
    ]
    if faults:
        raise Malformed(f"An order in {currency} has prices in {currency} only.", errors=faults)
    check_size(
        {
            place: Sold(line.unit_price, line.quantity, rate=NO_TAX_YET, discount=line.discount_percent)
            for place, line in enumerate(lines)
            if line.unit_price is not None
        }
    )
    check_doubles(lines)


def may_set_prices(actor: Actor) -> bool:
    """Tell whether an actor may set a line's price or discount by hand; catalog keeps an agent within bounds."""
    return actor.type is ActorType.AGENT or actor.may(Permission.PRICES_WRITE)


def check_doubles(lines: Sequence[NewLine]) -> None:
    """Refuse the same SKU on two lines at the same price and discount. Raises DuplicateLine naming the later ones."""
    first: dict[tuple[object, ...], int] = {}
    faults = []
    for place, line in enumerate(lines):
        earlier = first.setdefault((line.sku, line.unit_price, line.discount_percent), place)
        if earlier != place:
            message = f"Put the quantity on line {earlier + 1}, which has the same SKU and price."
            faults.append(FieldError(f"/lines/{place}/sku", "DUPLICATE_LINE", message))
    if faults:
        raise DuplicateLine(errors=faults)


def check_reach(actor: Actor, agent_id: UUID | None, agents_serve_all: bool) -> None:
    """Refuse a customer whom this actor may not order for: `agent_id` looks after them. Raises CustomerNotFound."""
    if actor.may(Permission.ORDERS_PLACE) or actor.type is ActorType.CUSTOMER:
        return
    if actor.type is ActorType.AGENT and actor.id is not None and (agents_serve_all or agent_id == actor.id):
        return
    raise CustomerNotFound


def seller_suspended() -> Forbidden:
    """Return the refusal of an agent who may not sell."""
    return Forbidden("You may not sell at present; ask the shop to make you an active agent again.")


def check_buyer(status: CustomerStatus) -> None:
    """Refuse a customer who may not order. Raises AccountPending or CustomerSuspended."""
    if status is CustomerStatus.PENDING:
        raise AccountPending
    if status is CustomerStatus.SUSPENDED:
        raise CustomerSuspended
