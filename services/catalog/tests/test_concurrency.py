"""Buyers who come at once, each on a connection of their own."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog import invariants
from services.catalog.handlers import events
from services.catalog.handlers.commands.holds import release_hold
from services.catalog.handlers.jobs.holds import SweepHolds, sweep_holds
from services.catalog.tests.samples import CommittedShop, a_buyer, a_hold, a_line, an_order
from shared.contracts.catalog.stock import HeldQuote, HoldReleased, OutOfStock, ReleaseHold
from shared.contracts.orders.orders import OrderConfirmed
from shared.contracts.orders.standing import ExistingOrders
from shared.kernel.ids import new_id
from shared.testing import answering, customer


async def all_at_once(*attempts: Any) -> list[Any]:
    return list(await asyncio.gather(*attempts, return_exceptions=True))


async def reserved(shop: CommittedShop) -> dict[str, Decimal]:
    async with AsyncSession(shop.engine) as session:
        rows = await session.execute(text("SELECT sku, reserved FROM stocks JOIN variants ON id = variant_id"))
        return dict(tuple(row) for row in rows)


async def assert_no_drift(shop: CommittedShop) -> None:
    async with AsyncSession(shop.engine) as session:
        assert [sentence for check in invariants.ALL for sentence in await check(session)] == []


async def test_ST1_twenty_buyers_for_five_pieces_make_five_holds(open_shop: CommittedShop) -> None:
    buyers = [a_buyer() for _ in range(20)]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair", on_hand=5)

    answers = await all_at_once(*(open_shop.holds(a_hold(buyer, a_line("chair"))) for buyer in buyers))

    assert sum(isinstance(answer, HeldQuote) for answer in answers) == 5
    refused = [answer for answer in answers if not isinstance(answer, HeldQuote)]
    assert [type(answer) for answer in refused] == [OutOfStock] * 15
    assert {answer.details["items"][0]["available"] for answer in refused} == {0}
    assert await reserved(open_shop) == {"chair": 5}
    await assert_no_drift(open_shop)


async def test_ST2_lines_of_one_variant_never_share_a_piece(open_shop: CommittedShop) -> None:
    buyers = [a_buyer() for _ in range(10)]
    await open_shop.knows(*buyers)
    await open_shop.sells("chair", on_hand=7)
    twice = (a_line("chair"), a_line("chair"))

    answers = await all_at_once(*(open_shop.holds(a_hold(buyer, *twice)) for buyer in buyers))

    assert sum(isinstance(answer, HeldQuote) for answer in answers) == 3
    assert await reserved(open_shop) == {"chair": 6}
    await assert_no_drift(open_shop)


async def test_orders_of_the_same_goods_in_opposite_order_do_not_wait_for_each_other(open_shop: CommittedShop) -> None:
    skus = [f"sku-{number}" for number in range(8)]
    buyers = [a_buyer() for _ in range(20)]
    await open_shop.knows(*buyers)
    for sku in skus:
        await open_shop.sells(sku, on_hand=100)
    forward = [a_line(sku) for sku in skus]

    for _ in range(3):
        answers = await all_at_once(
            *(
                open_shop.holds(a_hold(buyer, *(forward if index % 2 else reversed(forward))))
                for index, buyer in enumerate(buyers)
            )
        )
        assert {type(answer) for answer in answers} == {HeldQuote}

    assert set((await reserved(open_shop)).values()) == {Decimal(60)}
    await assert_no_drift(open_shop)


async def test_holds_releases_and_confirmations_of_the_same_goods_do_not_wait_for_each_other(
    open_shop: CommittedShop,
) -> None:
    skus = [f"sku-{number}" for number in range(5)]
    buyers = [a_buyer() for _ in range(8)]
    await open_shop.knows(*buyers)
    for sku in skus:
        await open_shop.sells(sku, on_hand=1000)
    lines = [a_line(sku) for sku in skus]

    async def comes_and_goes(index: int) -> None:
        buyer, actor = buyers[index], customer(buyers[index].id)
        for turn in range(4):
            order = lines if (index + turn) % 2 else list(reversed(lines))
            quote = await open_shop.holds(a_hold(buyer, *order), actor)
            if turn % 2:
                await open_shop(release_hold, ReleaseHold(order_id=quote.order_id), actor)
            lost = quote.model_copy(update={"order_id": new_id()})
            await open_shop(events.allocate_stock, OrderConfirmed(order=an_order(lost, buyer)))

    assert await all_at_once(*map(comes_and_goes, range(8))) == [None] * 8

    assert set((await reserved(open_shop)).values()) == {Decimal(8 * (2 + 4))}
    await assert_no_drift(open_shop)


async def test_the_same_hold_six_times_at_once_is_one_hold(open_shop: CommittedShop) -> None:
    buyer = a_buyer()
    await open_shop.knows(buyer)
    await open_shop.sells("chair", on_hand=5)
    command, actor = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)

    answers = await all_at_once(*(open_shop.holds(command, actor) for _ in range(6)))

    assert [isinstance(answer, HeldQuote) for answer in answers] == [True] * 6
    assert len({answer.model_dump_json() for answer in answers}) == 1
    assert await reserved(open_shop) == {"chair": 2}


@pytest.mark.parametrize("turn", range(5))
async def test_a_release_that_meets_its_hold_leaves_nothing_held(open_shop: CommittedShop, turn: int) -> None:
    buyer = a_buyer()
    await open_shop.knows(buyer)
    await open_shop.sells("chair", on_hand=5)
    command, actor = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)

    held, released = await all_at_once(
        open_shop.holds(command, actor),
        open_shop(release_hold, ReleaseHold(order_id=command.order_id), actor),
    )

    assert isinstance(held, HeldQuote | HoldReleased)
    assert released.id == command.order_id
    assert await reserved(open_shop) == {"chair": 0}
    await assert_no_drift(open_shop)


async def test_a_hold_is_freed_once_however_many_sweep(open_shop: CommittedShop) -> None:
    buyer = a_buyer()
    await open_shop.knows(buyer)
    await open_shop.sells("chair", on_hand=5)
    await open_shop.holds(a_hold(buyer, a_line("chair", 2)))
    async with AsyncSession(open_shop.engine) as session:
        await session.execute(text("UPDATE holds SET expires_at = expires_at - interval '6 minutes'"))
        await session.commit()
    open_shop.ask = answering(FindExistingOrders=ExistingOrders(ids=[]))

    await asyncio.gather(*(open_shop(sweep_holds, SweepHolds()) for _ in range(4)))

    assert await reserved(open_shop) == {"chair": 0}
    await assert_no_drift(open_shop)
