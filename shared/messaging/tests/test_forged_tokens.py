"""Forged tokens: none becomes an actor."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from shared.kernel import clock
from shared.kernel.problems import Unauthorized
from shared.messaging.callers import Callers, TokenExpired, TokenInvalid
from shared.testing.tokens import OURS, Issuer, claims, token

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
STRANGERS = OKPKey.generate_key("Ed25519", auto_kid=True)
SPKI = OURS.as_pem()


@pytest.fixture(autouse=True)
def noon():
    with clock.stopped(NOW):
        yield


def b64(value: bytes | dict[str, Any]) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def by_hand(header: Any, body: Any, signature: bytes | None = None) -> str:
    signing = f"{b64(header)}.{b64(body)}"
    if signature is None:
        raw: Any = OURS.private_key
        signature = raw.sign(signing.encode())
    return f"{signing}.{b64(signature)}"


def hs256_with_the_public_key() -> str:
    signing = f"{b64({'alg': 'HS256', 'typ': 'at+jwt', 'kid': OURS.kid})}.{b64(claims())}"
    return f"{signing}.{b64(hmac.new(SPKI, signing.encode(), hashlib.sha256).digest())}"


def tampered() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{b64(claims(permissions=['operate']))}.{signature}"


def header(**changes: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": "at+jwt", "kid": OURS.kid} | changes


RSA = RSAKey.generate_key(2048, auto_kid=True)
P256 = ECKey.generate_key("P-256", auto_kid=True)
LATER = int((NOW + timedelta(minutes=5)).timestamp())
PAST = int((NOW - timedelta(seconds=1)).timestamp())

FORGERIES = {
    "no signature, alg none": lambda: by_hand(header(alg="none"), claims(), b""),
    "alg none with other letters": lambda: by_hand(header(alg="nOnE"), claims(), b""),
    "a signature cut off": lambda: token().rsplit(".", 1)[0] + ".",
    "HS256 keyed with the public key": hs256_with_the_public_key,
    "HS256 keyed with the key id": lambda: token(OctKey.import_key("x" * 32), {"alg": "HS256"}),
    "a stranger's key under our id": lambda: token(STRANGERS),
    "a stranger's key under its own id": lambda: token(STRANGERS, {"kid": STRANGERS.kid}),
    "no key id": lambda: token(header={"kid": None}),
    "a key id that is no text": lambda: by_hand(header(kid=["a"]), claims()),
    "a key in the header": lambda: token(STRANGERS, {"jwk": STRANGERS.as_dict(private=False)}),
    "our own key in the header": lambda: token(header={"jwk": OURS.as_dict(private=False)}),
    "keys from a URL": lambda: token(header={"jku": "https://evil.example/keys"}),
    "a certificate from a URL": lambda: token(header={"x5u": "https://evil.example/cert"}),
    "a certificate in the header": lambda: token(header={"x5c": ["AAAA"]}),
    "an unknown critical header": lambda: by_hand(header(crit=["exp"], exp=1), claims()),
    "an unencoded payload": lambda: by_hand(header(crit=["b64"], b64=False), claims()),
    "a foreign audience": lambda: token(aud="another-shop"),
    "foreign audiences": lambda: token(aud=["a", "b"]),
    "no audience": lambda: token(aud=None),
    "a foreign issuer": lambda: token(iss="https://evil.example"),
    "no issuer": lambda: token(iss=None),
    "an end in the past": lambda: token(exp=PAST),
    "no end": lambda: token(exp=None),
    "an end that is text": lambda: token(exp="tomorrow"),
    "an end that is not a number": lambda: by_hand(header(), claims(exp=float("nan"))),
    "not yet valid": lambda: token(nbf=LATER),
    "issued in the future": lambda: token(iat=LATER),
    "an id token": lambda: token(header={"typ": "JWT"}),
    "no type": lambda: token(header={"typ": None}),
    "a type that is no text": lambda: by_hand(header(typ=7), claims()),
    "a tampered payload": tampered,
    "RS256 where only our own issuer signs": lambda: token(RSA, {"alg": "RS256", "kid": RSA.kid}),
    "a key of another kind": lambda: token(P256, {"alg": "ES256"}),
    "no subject": lambda: token(sub=None),
    "a subject that is no account": lambda: token(sub="root"),
    "an actor that is a service": lambda: token(actor_type="service"),
    "an actor that is a visitor": lambda: token(actor_type="visitor"),
    "no actor": lambda: token(actor_type=None),
    "no permissions": lambda: token(permissions=None),
    "claims that are no object": lambda: by_hand(header(), b"[1]"),
    "a payload that is no JSON": lambda: by_hand(header(), b"\xff"),
    "a header that is a list": lambda: by_hand(b'["alg"]', claims()),
    "a header that is a text": lambda: by_hand(b'"alg"', claims()),
    "a header that is nested deep": lambda: by_hand(b"[" * 100_000, claims()),
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "nothing": lambda: "",
    "letters beyond ASCII": lambda: "é.è.ê",
    "half a surrogate": lambda: "\ud800.a.b",
    "too long": lambda: token(name="x" * 20_000),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_is_refused(forged):
    callers = Callers("courtier", "courtier", Issuer(OURS, RSA))

    with pytest.raises(Unauthorized) as refusal:
        await callers.actor(forged())

    assert refusal.value.status == 401
    assert isinstance(refusal.value, TokenExpired if forged is FORGERIES["an end in the past"] else TokenInvalid)
