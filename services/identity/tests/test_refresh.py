"""Sessions go on by refresh, each token used once; they end by sign-out, reuse, a new password or a closed account."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.identity import invariants
from services.identity.handlers.commands.accounts import change_roles, disable_account
from services.identity.handlers.commands.passwords import change_password
from services.identity.handlers.commands.sessions import refresh_tokens, sign_out
from services.identity.handlers.queries import get_signing_keys
from services.identity.models import Outcome, RefreshToken, SignInEvent
from shared.contracts.actor import Actor, ActorType
from shared.contracts.identity import (
    ChangePassword,
    ChangeRoles,
    DisableAccount,
    GetSigningKeys,
    RefreshRefused,
    RefreshTokens,
    Role,
    SignInFailed,
    SignInThrottled,
    SignOut,
)
from shared.kernel import clock
from shared.kernel.problems import Malformed
from shared.messaging.callers import Callers

from .conftest import ADMIN, NOON, PASSWORD

SOON = NOON + timedelta(minutes=9)
NEW = "eight green tandems"


async def refresh(desk, token, at=SOON):
    with clock.stopped(at):
        return await desk(refresh_tokens, RefreshTokens(refresh_token=token), at=at)


async def is_refused(desk, token, at=SOON + timedelta(minutes=1)):
    with pytest.raises(RefreshRefused):
        await refresh(desk, token, at)
    return True


async def recorded(desk, outcome):
    lines = select(func.count()).select_from(SignInEvent).where(SignInEvent.outcome == outcome)
    return await desk.work_as().session.scalar(lines)


@pytest.fixture
async def pair(desk):
    await desk.account()
    return await desk.sign_in()


async def test_a_refresh_gives_a_new_pair_within_the_same_thirty_days(desk, pair):
    following = await refresh(desk, pair.refresh_token)

    assert following.refresh_token != pair.refresh_token
    assert following.access_token != pair.access_token
    assert following.refresh_expires_in == 30 * 86_400 - 9 * 60
    assert await refresh(desk, following.refresh_token, SOON + timedelta(minutes=1))


async def test_only_a_digest_of_a_refresh_token_is_kept(desk, pair):
    kept = await desk.work_as().session.scalar(select(RefreshToken.digest))

    assert len(kept) == 32
    assert pair.refresh_token.encode() not in kept


async def test_reuse_of_an_old_token_ends_the_whole_session(desk, pair):
    following = await refresh(desk, pair.refresh_token)

    assert await is_refused(desk, pair.refresh_token)

    assert await is_refused(desk, following.refresh_token)
    assert await recorded(desk, Outcome.TOKEN_REUSED) == 1


async def test_reuse_ends_no_other_session(desk, pair):
    other = await desk.sign_in()
    await refresh(desk, pair.refresh_token)
    await is_refused(desk, pair.refresh_token)

    assert await refresh(desk, other.refresh_token)


async def test_a_twin_that_was_on_its_way_is_refused_but_ends_nothing(desk, pair):
    following = await refresh(desk, pair.refresh_token, SOON)

    assert await is_refused(desk, pair.refresh_token, SOON - timedelta(milliseconds=1))

    assert await refresh(desk, following.refresh_token, SOON + timedelta(minutes=1))


async def test_a_session_ends_after_thirty_days_however_often_it_was_refreshed(desk, pair):
    token = pair.refresh_token
    for day in (10, 20, 29):
        token = (await refresh(desk, token, NOON + timedelta(days=day))).refresh_token

    assert await is_refused(desk, token, NOON + timedelta(days=30))


@pytest.mark.parametrize("token", ["x", "x" * 43, "é" * 43])
async def test_a_token_nobody_gave_out_is_refused(desk, token):
    assert await is_refused(desk, token)


async def test_a_refresh_is_five_statements(desk, pair, statements):
    await refresh(desk, pair.refresh_token)

    assert len(statements) == 5


async def test_sign_out_ends_the_session_and_may_be_repeated(desk, pair):
    for _ in range(2):
        await desk(sign_out, SignOut(refresh_token=pair.refresh_token))

    assert await is_refused(desk, pair.refresh_token)
    assert await recorded(desk, Outcome.SIGNED_OUT) == 1
    assert await desk(sign_out, SignOut(refresh_token="nobody's"))


async def test_a_closed_account_has_no_session_left(desk, pair):
    await desk.account("boss@shop.example")
    account = (await desk(get_signing_keys, GetSigningKeys())).keys and await own_id(desk, pair)

    await desk(disable_account, DisableAccount(id=account, reason="left the shop"), ADMIN)

    assert await is_refused(desk, pair.refresh_token)
    with pytest.raises(SignInFailed):
        await desk.sign_in()
    assert await invariants.no_closed_account_has_a_live_session(desk.work_as().session) == []


async def own_id(desk, pair):
    return (await actor_of(desk, pair)).account_id


async def actor_of(desk, pair, at=NOON) -> Actor:
    async def keys():
        return await desk(get_signing_keys, GetSigningKeys(), at=at)

    with clock.stopped(at):
        return await Callers("courtier", "courtier", keys).actor(pair.access_token)


async def test_other_roles_hold_from_the_next_access_token_on(desk, pair):
    await desk.account("boss@shop.example")
    account = await own_id(desk, pair)
    await desk(change_roles, ChangeRoles(id=account, roles=[Role.ACCOUNTANT], expected_version=1), ADMIN)

    following = await refresh(desk, pair.refresh_token)

    assert "prices:write" in (await actor_of(desk, pair)).permissions
    assert "prices:write" not in (await actor_of(desk, following, SOON)).permissions


async def test_a_new_password_ends_every_other_session(desk, pair):
    mine, actor = await desk.sign_in(), await actor_of(desk, pair)

    wanted = ChangePassword(current_password=PASSWORD, new_password=NEW, refresh_token=mine.refresh_token)
    done = await desk(change_password, wanted, actor)

    assert done.id == actor.account_id
    assert await is_refused(desk, pair.refresh_token)
    assert await refresh(desk, mine.refresh_token)
    assert await desk.sign_in(password=NEW)
    with pytest.raises(SignInFailed):
        await desk.sign_in()


async def test_a_new_password_without_a_session_to_keep_ends_all(desk, pair):
    actor = await actor_of(desk, pair)

    await desk(change_password, ChangePassword(current_password=PASSWORD, new_password=NEW), actor)

    assert await is_refused(desk, pair.refresh_token)


async def test_the_present_password_must_be_known_and_cannot_be_guessed(desk, pair):
    actor = await actor_of(desk, pair)
    wrong = ChangePassword(current_password="a guess", new_password=NEW)
    for _ in range(5):
        with pytest.raises(Malformed) as refusal:
            await desk(change_password, wrong, actor)
        assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/current_password", "PASSWORD_WRONG")]

    with pytest.raises(SignInThrottled):
        await desk(change_password, ChangePassword(current_password=PASSWORD, new_password=NEW), actor)
    assert await recorded(desk, Outcome.PASSWORD_WRONG) == 5


async def test_a_new_password_must_be_a_good_one(desk, pair):
    actor = await actor_of(desk, pair)

    with pytest.raises(Malformed) as refusal:
        await desk(change_password, ChangePassword(current_password=PASSWORD, new_password="password1"), actor)

    assert [error.pointer for error in refusal.value.errors] == ["/new_password"]
    assert actor.type is ActorType.STAFF
