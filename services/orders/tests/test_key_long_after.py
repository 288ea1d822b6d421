"""An idempotency key that comes back when the inbox has forgotten it: here nobody asks an inbox at all."""

from typing import Any

import pytest
from sqlalchemy import update

from services.orders.handlers.commands.orders import place_order
from services.orders.models import Order
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BOB, CLERK, NANCY
from shared.contracts.orders.orders import NewLine, OrderView, PlaceOrder
from shared.kernel.problems import IdempotencyMismatch

CHAIR = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku="chair", quantity=1)])
TABLE = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku="desk", quantity=1)])
KEY: dict[str, Any] = {"request_key": "k1"}


async def placed(desk: Desk, command: PlaceOrder, digest: bytes | None, **origin: Any) -> OrderView:
    order: OrderView = await desk(place_order, command, NANCY, digest=digest, **KEY | origin)
    return order


async def test_the_same_body_gets_the_order_that_exists(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")

    again = await placed(desk, CHAIR, b"chair")

    assert again == first
    assert (len(desk.emitted), len(desk.ask.requests)) == (1, 1)


async def test_another_body_is_refused_and_holds_nothing(desk: Desk) -> None:
    await placed(desk, CHAIR, b"chair")

    with pytest.raises(IdempotencyMismatch):
        await placed(desk, TABLE, b"table")

    assert (len(desk.emitted), len(desk.ask.requests), desk.undo) == (1, 1, [])


async def test_another_key_and_another_caller_are_other_orders(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")
    other_key = await placed(desk, TABLE, b"table", request_key="k2")
    other_caller = await desk(place_order, TABLE, CLERK, digest=b"table", **KEY)

    assert len({first.id, other_key.id, other_caller.id}) == 3


async def test_an_order_from_before_digests_were_kept_is_answered_whatever_the_body(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")
    work = desk.work_as()
    await work.session.execute(update(Order).where(Order.id == first.id).values(request_digest=None))
    await work.session.commit()
    await work.session.close()

    assert await placed(desk, TABLE, b"table") == first
