"""Goods that come and go while orders are placed, confirmed and cancelled, each on a connection of its own."""

import asyncio
from typing import Any

from services.catalog.handlers import events
from services.catalog.tests.samples import CommittedShop, a_buyer, a_hold, a_line, an_order, stock_of
from services.catalog.tests.stocking import adjusts, cancels, in_warehouses, kept, ordering, receives, sells_ahead
from services.catalog.tests.test_concurrency import all_at_once, assert_no_drift, reserved
from shared.contracts.catalog.stock import HeldQuote, OutOfStock
from shared.contracts.orders.orders import OrderConfirmed


async def test_ST1_twenty_buyers_for_two_pieces_and_three_ahead_make_five_holds(open_shop: CommittedShop) -> None:
    buyers = [a_buyer() for _ in range(20)]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair", on_hand=2)
    await sells_ahead(open_shop, 3)

    answers = await all_at_once(*(open_shop.holds(a_hold(buyer, a_line("chair"))) for buyer in buyers))

    assert sum(isinstance(answer, HeldQuote) for answer in answers) == 5
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == 15
    assert await reserved(open_shop) == {"chair": 5}
    await assert_no_drift(open_shop)


async def test_ST2_lines_of_one_variant_share_no_piece_ahead(open_shop: CommittedShop) -> None:
    buyers = [a_buyer() for _ in range(10)]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair", on_hand=3)
    await sells_ahead(open_shop, 4)
    twice = (a_line("chair"), a_line("chair"))

    answers = await all_at_once(*(open_shop.holds(a_hold(buyer, *twice)) for buyer in buyers))

    assert sum(isinstance(answer, HeldQuote) for answer in answers) == 3
    assert await reserved(open_shop) == {"chair": 6}
    await assert_no_drift(open_shop)


async def test_confirmations_that_meet_receipts_leave_nobody_waiting_beside_goods(open_shop: CommittedShop) -> None:
    buyers = [a_buyer() for _ in range(12)]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair")
    await sells_ahead(open_shop, None)
    quotes = [await open_shop.holds(a_hold(buyer, a_line("chair", 2))) for buyer in buyers]

    async def confirmed(quote: HeldQuote, buyer: Any) -> None:
        await open_shop(events.allocate_stock, OrderConfirmed(order=an_order(quote, buyer)))

    confirming = (confirmed(quote, buyer) for quote, buyer in zip(quotes, buyers, strict=True))
    coming = (receives(open_shop, 4) for _ in range(5))
    answers = await all_at_once(*confirming, *coming)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert await in_warehouses(open_shop) == {"main": (20, 20)}
    waiting = [(await kept(open_shop, quote))[1] for quote in quotes]
    assert sum(waiting) == 4
    await assert_no_drift(open_shop)


async def test_cancellations_confirmations_losses_and_receipts_at_once_add_up(open_shop: CommittedShop) -> None:
    await open_shop.sells("chair", on_hand=10)
    await sells_ahead(open_shop, None)
    orders = [await ordering(open_shop, 2) for _ in range(8)]

    answers = await all_at_once(
        *(cancels(open_shop, order) for order in orders[::2]),
        *(ordering(open_shop, 1) for _ in range(4)),
        *(receives(open_shop, 1) for _ in range(4)),
        *(adjusts(open_shop, -1) for _ in range(4)),
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert await stock_of(open_shop, "chair") == (10, 12)
    assert await in_warehouses(open_shop) == {"main": (10, 10)}
    await assert_no_drift(open_shop)


async def test_a_hold_does_not_wait_for_a_confirmation_of_the_same_goods(open_shop: CommittedShop) -> None:
    buyers = [a_buyer(), a_buyer()]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair", on_hand=10)
    quote = await open_shop.holds(a_hold(buyers[0], a_line("chair")))
    work = open_shop.work_as()
    await events.allocate_stock(OrderConfirmed(order=an_order(quote, buyers[0])), work)

    async with asyncio.timeout(10):
        other = await open_shop.holds(a_hold(buyers[1], a_line("chair")))

    await work.session.commit()
    await work.session.close()
    assert other.lines[0].sku == "chair"
    await assert_no_drift(open_shop)
