"""Access tokens for tests: an issuer with a key of its own, and tokens as it would sign them."""

import warnings
from typing import Any

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import Key, OKPKey

from shared.contracts.identity import SigningKeys
from shared.kernel import clock
from shared.kernel.ids import new_id

OURS = OKPKey.generate_key("Ed25519", auto_kid=True)
ACCOUNT, AGENT = new_id(), new_id()


class Issuer:
    """Whoever publishes keys: counts how often it was asked, and may be away."""

    def __init__(self, *keys: Key) -> None:
        self.keys, self.asked, self.away = list(keys), 0, False

    async def __call__(self) -> SigningKeys:
        """Return the public keys, as GetSigningKeys does. Raises ConnectionError while away."""
        self.asked += 1
        if self.away:
            raise ConnectionError
        return SigningKeys(keys=[key.as_dict(private=False) for key in self.keys])


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of an agent's access token, with changes; a claim changed to None is left out."""
    moment = int(clock.now().timestamp())
    wanted = {
        "iss": "courtier",
        "aud": "courtier",
        "sub": str(ACCOUNT),
        "iat": moment,
        "nbf": moment,
        "exp": moment + 600,
        "jti": str(new_id()),
        "actor_type": "agent",
        "actor_id": str(AGENT),
        "name": "Nora",
        "permissions": ["orders:place_own"],
    } | changes
    return {name: value for name, value in wanted.items() if value is not None}


def token(key: Any = OURS, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """Return a signed token; `header` and the claims in `changes` differ from those of a good one."""
    written = {"alg": "EdDSA", "typ": "at+jwt", "kid": OURS.kid} | (header or {})
    written = {name: value for name, value in written.items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode(written, claims(**changes), key, algorithms=[written["alg"]], default_type=None)
