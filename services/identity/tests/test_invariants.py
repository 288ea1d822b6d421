"""Each drift is told in a sentence; a house in order tells none."""

from datetime import timedelta

from sqlalchemy import text, update

from services.identity import invariants
from services.identity.models import Account, RefreshToken
from shared.kernel import clock


async def told(desk):
    session = desk.work_as().session
    return [sentence for check in invariants.ALL for sentence in await check(session)]


async def test_a_house_in_order_tells_nothing(desk):
    await desk.account()
    await desk.sign_in(at=clock.now())

    assert await told(desk) == []


async def test_a_session_that_outlived_its_account_is_told(desk):
    await desk.account("boss@shop.example")
    await desk.account()
    await desk.sign_in(at=clock.now())
    await run(desk, update(Account).where(Account.email == "nora@shop.example").values(disabled=True))

    [sentence] = await told(desk)
    assert "of the closed account" in sentence


async def test_a_session_without_a_token_to_exchange_is_told(desk):
    await desk.account()
    await desk.sign_in(at=clock.now())
    await run(desk, update(RefreshToken).values(used_at=clock.now() + timedelta(seconds=1)))

    [sentence] = await told(desk)
    assert "has 0 tokens to exchange" in sentence


async def test_a_shop_without_an_open_admin_is_told(desk):
    await desk.account()
    await run(desk, text("UPDATE accounts SET disabled = true"))

    assert "every admin account is closed" in await told(desk)


async def run(desk, statement):
    session = desk.work_as().session
    await session.execute(statement)
    await session.commit()
