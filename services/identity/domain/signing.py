"""Signing keys and the access tokens they sign: Ed25519, kept encrypted, shown to others as public JWKs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

ALGORITHM = "EdDSA"
NONCE = 12  # bytes, AES-GCM
# A new key is published this long before it signs: whoever read the keys just before may not ask again at once.
PUBLISHED_AHEAD = timedelta(minutes=1)
# An old key is shown this much longer than its last token lives, for clocks that differ.
SHOWN_AFTER = timedelta(minutes=1)


class _EdDSA(JWSRegistry):
    """Signs as EdDSA, the name every verifier knows, without the library's advice to say Ed25519 (RFC 9864)."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[ALGORITHM]


class SigningKeyUnreadable(Exception):
    """The kept signing key cannot be decrypted."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its id, its public half (RFC 7517), its private half encrypted."""

    kid: str
    public: dict[str, Any]
    sealed: bytes


def new_key(secret: str) -> NewKey:
    """Return a fresh key pair whose private half only `secret` opens."""
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    kid = str(key.kid)
    public = {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}
    nonce = os.urandom(NONCE)
    seed = key.as_der(private=True)
    return NewKey(kid, public, nonce + AESGCM(_derived(secret)).encrypt(nonce, seed, kid.encode()))


@lru_cache(maxsize=8)
def opened(kid: str, sealed: bytes, secret: str) -> OKPKey:
    """Return a kept key. Raises SigningKeyUnreadable when `secret` is not the one it was made with."""
    try:
        seed = AESGCM(_derived(secret)).decrypt(sealed[:NONCE], sealed[NONCE:], kid.encode())
    except InvalidTag as error:
        raise SigningKeyUnreadable(
            f"the signing key {kid} was made with another COURTIER_SIGNING_KEY_SECRET: restore that secret, or delete "
            "the rows of signing_keys, after which people refresh their sessions and go on"
        ) from error
    return OKPKey.import_key(seed)


def access_token(claims: Mapping[str, Any], kid: str, key: OKPKey) -> str:
    """Return a signed access token (RFC 9068)."""
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": kid}
    return jwt.encode(header, dict(claims), key, registry=_EdDSA(), default_type=None)


def due(signs_from: datetime, days: int, at: datetime) -> bool:
    """Tell whether a key has signed for `days`, so that another one should."""
    return at - signs_from >= timedelta(days=days)


def shown_until(signs_to: datetime, token_seconds: int) -> datetime:
    """Return how long a key that signs until `signs_to` must stay among the public ones."""
    return signs_to + timedelta(seconds=token_seconds) + SHOWN_AFTER


@lru_cache(maxsize=2)
def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"courtier identity signing keys").derive(secret.encode())
