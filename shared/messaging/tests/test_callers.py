"""What is verified once is remembered, until it must not be; an issuer may be slow, away, or another one."""

from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from shared.contracts.actor import VISITOR, Actor, ActorType
from shared.contracts.identity import SigningKeys
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.kernel.problems import Unavailable
from shared.messaging.callers import AccountClosed, Callers, TokenExpired, TokenInvalid, bearer
from shared.testing import eventually
from shared.testing.tokens import ACCOUNT, AGENT, OURS, Issuer, token

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
STRANGERS = OKPKey.generate_key("Ed25519", auto_kid=True)
RSA = RSAKey.generate_key(2048, auto_kid=True)
P256 = ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture(autouse=True)
def noon():
    with clock.stopped(NOW):
        yield


class Ticks:
    """A clock of seconds that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_token_of_identity_names_its_actor():
    actor = await Callers("courtier", "courtier", Issuer(OURS)).actor(token())

    assert actor == Actor(
        type=ActorType.AGENT,
        id=AGENT,
        account_id=ACCOUNT,
        name="Nora",
        permissions=frozenset({"orders:place_own"}),
    )


@pytest.mark.parametrize(("key", "alg"), [(OURS, "EdDSA"), (OURS, "Ed25519"), (P256, "ES256")])
async def test_each_allowed_algorithm_is_read(key, alg):
    callers = Callers("courtier", "courtier", Issuer(key))

    assert (await callers.actor(token(key, {"alg": alg, "kid": key.kid}))).id == AGENT


async def test_no_token_is_the_visitor_and_asks_nobody():
    issuer = Issuer(OURS)

    assert await Callers("courtier", "courtier", issuer).actor(None) is VISITOR
    assert issuer.asked == 0


async def test_a_token_is_verified_once_until_it_ends():
    callers, shown = Callers("courtier", "courtier", Issuer(OURS)), token()

    for _ in range(5):
        await callers.actor(shown)
    assert callers.verified == 1

    with clock.stopped(NOW + timedelta(seconds=600)), pytest.raises(TokenExpired):
        await callers.actor(shown)
    assert callers.verified == 2


async def test_memory_is_bounded_and_forgets_the_oldest():
    callers = Callers("courtier", "courtier", Issuer(OURS), remember=2)
    first, second, third = token(), token(), token()

    for shown in (first, second, third, third, second, first):
        await callers.actor(shown)

    assert callers.verified == 4


async def test_an_issuer_clock_slightly_ahead_is_forgiven():
    soon = int(NOW.timestamp()) + 4

    assert await Callers("courtier", "courtier", Issuer(OURS)).actor(token(iat=soon, nbf=soon))


async def test_a_blocked_account_is_refused_at_once_with_old_and_new_tokens():
    callers, shown = Callers("courtier", "courtier", Issuer(OURS)), token()
    await callers.actor(shown)

    callers.block(ACCOUNT)

    for refused in (shown, token()):
        with pytest.raises(AccountClosed):
            await callers.actor(refused)
    assert (await callers.actor(token(sub=str(new_id())))).id == AGENT

    callers.unblock(ACCOUNT)
    assert (await callers.actor(shown)).account_id == ACCOUNT


async def test_an_unknown_key_is_fetched_at_most_once_in_five_seconds():
    issuer, ticks = Issuer(OURS), Ticks()
    callers = Callers("courtier", "courtier", issuer, ticks=ticks)
    for _ in range(10):
        with pytest.raises(TokenInvalid):
            await callers.actor(token(STRANGERS, {"kid": STRANGERS.kid}))
    assert issuer.asked == 1

    issuer.keys.append(STRANGERS)
    ticks.now += 5
    assert await callers.actor(token(STRANGERS, {"kid": STRANGERS.kid}))
    assert issuer.asked == 2


@pytest.mark.parametrize("changed", [{"alg": "HS256"}, {"jku": "https://evil.example/keys"}, {"typ": "JWT"}])
async def test_a_header_that_is_refused_anyway_makes_nobody_fetch_keys(changed):
    issuer, secret = Issuer(OURS), OctKey.import_key("x" * 32)
    header = {"kid": "unknown"} | changed

    with pytest.raises(TokenInvalid):
        await Callers("courtier", "courtier", issuer).actor(token(secret if "alg" in changed else OURS, header))

    assert issuer.asked == 0


async def test_an_issuer_that_is_away_is_our_fault_not_the_callers():
    issuer, ticks = Issuer(OURS), Ticks()
    issuer.away = True
    callers, shown = Callers("courtier", "courtier", issuer, ticks=ticks), token()

    for _ in range(3):
        with pytest.raises(Unavailable) as refusal:
            await callers.actor(shown)
        assert refusal.value.retry_after
    assert issuer.asked == 1

    issuer.away = False
    ticks.now += 5
    assert await callers.actor(shown)


async def test_known_keys_serve_on_while_the_issuer_is_away():
    issuer, ticks = Issuer(OURS), Ticks()
    callers = Callers("courtier", "courtier", issuer, ticks=ticks)
    await callers.actor(token())
    issuer.away = True
    ticks.now += 3600

    assert await callers.actor(token())


async def test_a_withdrawn_key_is_forgotten_after_a_while():
    issuer, ticks = Issuer(OURS, P256), Ticks()
    callers = Callers("courtier", "courtier", issuer, ticks=ticks)
    await callers.actor(token())
    issuer.keys.remove(OURS)
    ticks.now += 600

    async def the_key_is_refused():
        try:
            await callers.actor(token())
        except TokenInvalid:
            return
        raise AssertionError("still believed")

    await eventually(the_key_is_refused)


async def test_shared_secrets_in_a_key_set_are_never_used():
    secret = OctKey.import_key("x" * 32, {"kid": "s"})

    async def keys() -> SigningKeys:
        return SigningKeys(keys=[{"kty": "oct", "k": secret.as_dict(private=True)["k"], "kid": "s"}, {"kty": "OKP"}])

    with pytest.raises(TokenInvalid):
        await Callers("courtier", "courtier", keys).actor(token(secret, {"alg": "HS256", "kid": "s"}))


@pytest.mark.parametrize(
    ("said", "heard"),
    [(None, None), ("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("BEARER abc", "abc")],
)
def test_the_authorization_header_is_read(said, heard):
    assert bearer(said) == heard


@pytest.mark.parametrize("said", ["", "abc", "Basic abc", "Bearer", "Bearer "])
def test_another_authorization_scheme_is_refused(said):
    with pytest.raises(TokenInvalid, match="Bearer"):
        bearer(said)
