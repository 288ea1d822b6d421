"""Many at once: one refresh wins, one admin is made, one key signs, no burst of guesses outruns the count."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from services.identity import invariants
from services.identity.domain import hashing
from services.identity.handlers.commands import sessions
from services.identity.handlers.commands.accounts import bootstrap_admin, disable_account
from services.identity.handlers.commands.sessions import refresh_tokens
from services.identity.handlers.queries import get_signing_keys
from services.identity.models import Account
from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    BootstrapAdmin,
    DisableAccount,
    EmailTaken,
    GetSigningKeys,
    LastAdmin,
    Role,
)
from shared.contracts.identity import RefreshTokens as Refresh
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.testing import eventually

from .conftest import ADMIN, PASSWORD


async def together(*calls):
    answers = await asyncio.gather(*calls, return_exceptions=True)
    unexpected = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Problem)]
    assert unexpected == []
    return answers, Counter(type(answer).__name__ for answer in answers)


@pytest.fixture
def instant_hashing(monkeypatch):
    """Let no queue for the processor keep requests apart that shall meet in the database."""

    async def hashed(password):
        return f"hash of {password}"

    async def matches(kept, password):
        return kept == f"hash of {password}"

    monkeypatch.setattr(hashing, "hashed", hashed)
    monkeypatch.setattr(hashing, "matches", matches)
    monkeypatch.setattr(hashing, "outdated", lambda kept: False)


async def drift(counter):
    async with counter.work_as().session as session:
        return [sentence for check in invariants.ALL for sentence in await check(session)]


async def test_one_of_six_equal_refreshes_wins_and_its_session_lives_on(counter):
    await counter.account()
    pair = await counter.sign_in(at=clock.now())
    moment = clock.now()

    answers, kinds = await together(
        *(counter(refresh_tokens, Refresh(refresh_token=pair.refresh_token), at=moment) for _ in range(6))
    )

    assert kinds == {"TokenPair": 1, "RefreshRefused": 5}
    [winner] = [answer for answer in answers if not isinstance(answer, Problem)]
    assert await counter(refresh_tokens, Refresh(refresh_token=winner.refresh_token), at=clock.now())
    assert await drift(counter) == []


async def test_two_at_once_make_one_first_admin(counter, instant_hashing):
    def first(name):
        email = f"{name}@shop.example"
        return BootstrapAdmin(secret="let me be the first", email=email, name=name, password=PASSWORD)

    _, kinds = await together(*(counter(bootstrap_admin, first(f"boss{number}")) for number in range(8)))

    assert kinds == {"AccountView": 1, "BootstrapRefused": 7}
    async with counter.work_as().session as session:
        assert await session.scalar(select(func.count()).select_from(Account)) == 1


async def test_one_of_many_first_sign_ins_makes_the_key_and_all_use_it(counter):
    for number in range(4):
        await counter.account(f"user{number}@shop.example")

    answers, kinds = await together(*(counter.sign_in(f"user{number}@shop.example") for number in range(4)))

    assert kinds == {"TokenPair": 4}
    assert len((await counter(get_signing_keys, GetSigningKeys())).keys) == 1
    assert len({answer.access_token.split(".")[0] for answer in answers}) == 1


@pytest.mark.parametrize("email", ["burst@shop.example", "nobody@shop.example"])
async def test_a_burst_of_guesses_gets_five_answers(counter, instant_hashing, email):
    await counter.account("burst@shop.example")

    _, kinds = await together(*(counter.sign_in(email, f"guess {number}") for number in range(12)))

    assert kinds == {"SignInFailed": 5, "SignInThrottled": 7}


async def test_two_accounts_never_share_an_address(counter):
    _, kinds = await together(*(counter.account("same@shop.example") for _ in range(4)))

    assert kinds == {"AccountView": 1, EmailTaken.__name__: 3}


async def test_two_admins_who_close_each_other_leave_one(counter):
    one, two = await counter.account("one@shop.example"), await counter.account("two@shop.example")

    _, kinds = await together(
        *(counter(disable_account, DisableAccount(id=admin.id, reason="rivals"), ADMIN) for admin in (one, two))
    )

    assert kinds == {"AccountView": 1, LastAdmin.__name__: 1}


async def test_an_account_closed_during_its_own_sign_in_keeps_no_session(counter, database, monkeypatch):
    account = await counter.account("ava@shop.example", type=ActorType.AGENT, actor_id=new_id(), roles=[Role.AGENT])
    closing, begun = [], sessions._begun

    async def closing_waits_or_is_done():
        async with database.connect() as watching:
            waits = await watching.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        assert waits or closing[0].done()

    async def begun_meanwhile(*given):
        disable = counter(disable_account, DisableAccount(id=account.id, reason="left"), ADMIN)
        closing.append(asyncio.create_task(disable))
        await eventually(closing_waits_or_is_done)
        return await begun(*given)

    monkeypatch.setattr(sessions, "_begun", begun_meanwhile)
    await counter.sign_in(account.email, at=clock.now())

    assert (await closing[0]).disabled
    assert await drift(counter) == []


@pytest.mark.parametrize("statement", ["UPDATE sign_in_events SET reason = ''", "DELETE FROM sign_in_events"])
async def test_the_record_cannot_be_changed(database, statement):
    async with database.connect() as opened:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await opened.execute(text(statement))
