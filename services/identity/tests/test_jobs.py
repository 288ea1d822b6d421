"""Housekeeping: what is over is forgotten; keys change without a token being refused for it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.identity.handlers.commands.sessions import refresh_tokens, sign_out
from services.identity.handlers.jobs import ForgetOldSignIns, RotateSigningKey, forget_old_sign_ins, rotate_signing_key
from services.identity.handlers.queries import get_signing_keys
from services.identity.models import RefreshToken, SignedIn, SignInAttempt, SignInEvent, SigningKey
from shared.contracts.identity import GetSigningKeys, RefreshTokens, SignInFailed, SignOut
from shared.kernel import clock
from shared.messaging.callers import Callers

from .conftest import NOON

MONTHS = NOON + timedelta(days=90)
AHEAD = MONTHS + timedelta(minutes=1)


async def count(desk, model):
    return await desk.work_as().session.scalar(select(func.count()).select_from(model))


async def keys(desk, at):
    return [key["kid"] for key in (await desk(get_signing_keys, GetSigningKeys(), at=at)).keys]


async def test_attempts_are_forgotten_after_a_day_the_record_is_not(desk):
    with pytest.raises(SignInFailed):
        await desk.sign_in("nobody@shop.example")
    lines = await count(desk, SignInEvent)

    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=NOON + timedelta(hours=23))
    assert await count(desk, SignInAttempt) == 1
    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=NOON + timedelta(hours=25))
    assert await count(desk, SignInAttempt) == 0
    assert await count(desk, SignInEvent) == lines


async def test_sessions_long_over_are_forgotten_with_their_tokens(desk):
    await desk.account()
    over, live = await desk.sign_in(), await desk.sign_in()
    await desk(sign_out, SignOut(refresh_token=over.refresh_token))

    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=NOON + timedelta(days=2))
    assert (await count(desk, SignedIn), await count(desk, RefreshToken)) == (1, 1)
    assert await desk(refresh_tokens, RefreshTokens(refresh_token=live.refresh_token), at=NOON + timedelta(days=2))
    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=NOON + timedelta(days=32))
    assert (await count(desk, SignedIn), await count(desk, RefreshToken)) == (0, 0)


async def test_the_first_key_is_made_before_anyone_signs_in(desk):
    for _ in range(2):
        await desk(rotate_signing_key, RotateSigningKey())

    assert len(await keys(desk, NOON)) == 1


async def test_a_new_key_is_shown_before_it_signs_and_the_old_one_until_its_tokens_ended(desk):
    await desk.account()
    await desk.sign_in()
    [old] = await keys(desk, NOON)

    await desk(rotate_signing_key, RotateSigningKey(), at=MONTHS)
    before, after = await desk.sign_in(at=MONTHS + timedelta(seconds=30)), await desk.sign_in(at=AHEAD)

    assert len(await keys(desk, MONTHS)) == 2
    assert old in await keys(desk, AHEAD + timedelta(seconds=630))
    assert old not in await keys(desk, AHEAD + timedelta(seconds=661))

    async def fetch():
        return await desk(get_signing_keys, GetSigningKeys(), at=AHEAD)

    callers = Callers("courtier", "courtier", fetch)
    with clock.stopped(AHEAD):
        for pair in (before, after):
            assert await callers.actor(pair.access_token)
    assert before.access_token.split(".")[0] != after.access_token.split(".")[0]


async def test_a_key_changes_only_when_it_is_due(desk):
    for day in (0, 1, 89):
        await desk(rotate_signing_key, RotateSigningKey(), at=NOON + timedelta(days=day))
    assert await count(desk, SigningKey) == 1

    for _ in range(2):
        await desk(rotate_signing_key, RotateSigningKey(), at=MONTHS)
    assert await count(desk, SigningKey) == 2


async def test_a_key_that_verifies_nothing_any_more_is_forgotten(desk):
    await desk(rotate_signing_key, RotateSigningKey())
    await desk(rotate_signing_key, RotateSigningKey(), at=MONTHS)

    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=MONTHS + timedelta(minutes=5))
    assert await count(desk, SigningKey) == 2
    await desk(forget_old_sign_ins, ForgetOldSignIns(), at=MONTHS + timedelta(minutes=15))
    assert await count(desk, SigningKey) == 1
