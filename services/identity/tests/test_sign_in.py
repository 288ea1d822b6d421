"""Signing in: equal answers for unknown and wrong, growing pauses, a record of everything."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.identity.domain import hashing
from services.identity.handlers.commands.accounts import disable_account
from services.identity.handlers.queries import get_signing_keys
from services.identity.models import Account, Outcome, SignedIn, SignInAttempt, SignInEvent
from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    DisableAccount,
    GetSigningKeys,
    Role,
    SignInFailed,
    SignInThrottled,
)
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging.callers import Callers

from .conftest import NOON, PASSWORD


async def callers_of(desk):
    async def keys():
        return await desk(get_signing_keys, GetSigningKeys())

    return Callers("courtier", "courtier", keys)


async def record(desk, **which):
    found = await desk.work_as().session.scalars(select(SignInEvent).filter_by(**which).order_by(SignInEvent.id))
    return [line.outcome for line in found]


async def test_an_agent_signs_in_as_herself(desk):
    agent = new_id()
    account = await desk.account(
        "ava@shop.example", type=ActorType.AGENT, actor_id=agent, roles=[Role.AGENT], name="Ava"
    )

    pair = await desk.sign_in("ava@shop.example")

    assert (pair.token_type, pair.expires_in, pair.refresh_expires_in) == ("Bearer", 600, 30 * 86_400)
    with clock.stopped(NOON):
        actor = await (await callers_of(desk)).actor(pair.access_token)
    assert (actor.type, actor.id, actor.account_id, actor.name) == (ActorType.AGENT, agent, account.id, "Ava")
    assert "orders:place_own" in actor.permissions


async def test_an_address_is_the_same_in_any_case(desk):
    await desk.account("Nora@Shop.Example")

    assert await desk.sign_in("NORA@shop.example")


async def test_unknown_and_wrong_and_closed_get_one_answer(desk):
    await desk.account()
    closed = await desk.account("closed@shop.example")
    await desk(disable_account, DisableAccount(id=closed.id, reason="left"))
    subject_only = {"password": None, "external_subject": "auth0|1", "external_issuer": "https://login.example"}
    await desk.account("elsewhere@shop.example", **subject_only)

    answers = []
    for email, password in (
        ("nobody@shop.example", PASSWORD),
        ("nora@shop.example", "wrong"),
        ("closed@shop.example", PASSWORD),
        ("elsewhere@shop.example", PASSWORD),
    ):
        with pytest.raises(SignInFailed) as refusal:
            await desk.sign_in(email, password)
        answers.append(refusal.value.to_dict())

    assert answers[1:] == answers[:-1]


async def test_unknown_and_wrong_take_the_same_work(desk, statements, monkeypatch):
    await desk.account()
    checks = []
    monkeypatch.setattr(hashing, "_matches", lambda kept, password: checks.append(kept) or False)
    work = {}
    for email in ("nobody@shop.example", "nora@shop.example"):
        statements.clear()
        with pytest.raises(SignInFailed):
            await desk.sign_in(email, "wrong")
        work[email] = [statement.split(" WHERE")[0] for statement in statements]

    assert len(checks) == 2
    assert work["nobody@shop.example"] == work["nora@shop.example"]


async def test_a_sign_in_is_ten_statements(desk, statements):
    await desk.account()
    await desk.sign_in()
    statements.clear()

    await desk.sign_in()

    assert len(statements) == 10


@pytest.mark.parametrize("email", ["nora@shop.example", "nobody@shop.example"])
async def test_the_sixth_attempt_within_a_quarter_of_an_hour_is_throttled(desk, email):
    await desk.account()
    for _ in range(5):
        with pytest.raises(SignInFailed):
            await desk.sign_in(email, "wrong")

    for password in ("wrong", PASSWORD):
        with pytest.raises(SignInThrottled) as refusal:
            await desk.sign_in(email, password)
        assert refusal.value.details["retry_after"] == 61


async def test_pauses_grow_and_a_correct_password_after_the_window_works(desk):
    await desk.account()
    at = NOON
    for minutes in (0, 0, 0, 0, 0, 1, 2, 4):
        at += timedelta(minutes=minutes)
        with pytest.raises(SignInFailed):
            await desk.sign_in(password="wrong", at=at)
    with pytest.raises(SignInThrottled):
        await desk.sign_in(at=at + timedelta(minutes=7, seconds=59))

    assert await desk.sign_in(at=at + timedelta(minutes=8))


async def test_a_success_forgets_the_failures_before_it(desk):
    await desk.account()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInFailed):
                await desk.sign_in(password="wrong")
        assert await desk.sign_in()


async def test_a_client_that_guesses_at_many_addresses_is_throttled(desk):
    await desk.account()
    for number in range(20):
        with pytest.raises(SignInFailed):
            await desk.sign_in(f"user{number}@shop.example", "wrong", client="203.0.113.9")

    with pytest.raises(SignInThrottled):
        await desk.sign_in(client="203.0.113.9")
    assert await desk.sign_in(client="198.51.100.1")
    assert await desk.sign_in(client="203.0.113.9", at=NOON + timedelta(minutes=1))


async def test_clients_from_nowhere_known_share_no_count(desk):
    await desk.account()
    for number in range(30):
        with pytest.raises(SignInFailed):
            await desk.sign_in(f"user{number}@shop.example", "wrong")

    assert await desk.sign_in()


async def test_a_strangers_guesses_do_not_keep_the_owner_out(desk):
    await desk.account()
    await desk.sign_in(client="198.51.100.1")
    for _ in range(5):
        with pytest.raises(SignInFailed):
            await desk.sign_in(password="wrong", client="203.0.113.9")
    with pytest.raises(SignInThrottled):
        await desk.sign_in(client="203.0.113.9")

    assert await desk.sign_in(client="198.51.100.1")


async def test_an_old_hash_is_made_anew_at_sign_in(desk):
    account = await desk.account()
    old = hashing.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    work = desk.work_as()
    (await work.session.get(Account, account.id)).password_hash = old
    await work.session.commit()

    await desk.sign_in()

    kept = (await desk.work_as().session.get(Account, account.id)).password_hash
    assert not hashing.outdated(kept)
    assert await desk.sign_in()


async def test_everything_is_recorded_with_who_and_where_from(desk):
    await desk.account()
    await desk.sign_in(client="198.51.100.1")
    with pytest.raises(SignInFailed):
        await desk.sign_in(password="wrong", client="203.0.113.9")
    with pytest.raises(SignInFailed):
        await desk.sign_in("nobody@shop.example", client="203.0.113.9")

    assert await record(desk, email="nora@shop.example") == [Outcome.CREATED, Outcome.SIGNED_IN, Outcome.REFUSED]
    assert await record(desk, client_address="203.0.113.9") == [Outcome.REFUSED, Outcome.REFUSED]
    assert len(list(await desk.work_as().session.scalars(select(SignInAttempt)))) == 2


async def test_nothing_secret_is_kept_as_it_was_sent(desk):
    await desk.account()
    pair = await desk.sign_in()

    session = (await desk.work_as().session.scalars(select(SignedIn))).one()
    assert session.expires_at == NOON + timedelta(days=30)
    assert PASSWORD not in repr(pair)
    assert PASSWORD not in (await desk.work_as().session.scalar(select(Account.password_hash)))
