"""Who is calling: an access token becomes an actor, in every service by itself."""

import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from shared.contracts.actor import VISITOR, Actor, ActorType
from shared.contracts.identity import GetSigningKeys, ResolveSubject, SigningKeys
from shared.kernel import clock
from shared.kernel.problems import NotFound, Unauthorized
from shared.messaging.keyring import FetchKeys, Headers, KeyRing, keys_at
from shared.settings import BusSettings

Resolve = Callable[[str, str], Awaitable[Actor]]
"""Given an issuer and a subject of it, the actor whose account is linked to them; NotFound where none is."""

OWN_ALGORITHMS = frozenset({"EdDSA", "Ed25519", "ES256"})
EXTERNAL_ALGORITHMS = OWN_ALGORITHMS | {"RS256"}
OWN_TYPES = frozenset({"at+jwt", "application/at+jwt"})
EXTERNAL_TYPES = OWN_TYPES | {"jwt", ""}  # other issuers seldom name the type of RFC 9068
PEOPLE = frozenset({ActorType.CUSTOMER, ActorType.AGENT, ActorType.STAFF})
LONGEST_TOKEN = 16_384  # characters; a longer one is not read at all
OWN_KEPT_FOR = 600  # seconds a verified token is believed without another look at its signature
EXTERNAL_KEPT_FOR = 60  # seconds the account behind a foreign subject is believed: its tokens do not carry our roles
SKEW = 5  # seconds that the issuer's clock may be ahead of ours
log = logging.getLogger(__name__)


class TokenExpired(Unauthorized):
    """This access token has ended; refresh it, or sign in again."""


class TokenInvalid(Unauthorized):
    """This is not a valid access token of this shop; sign in again."""


class AccountClosed(Unauthorized):
    """This account is closed; ask the merchant to open it again."""


def bearer(authorization: str | None) -> str | None:
    """Return the token of an Authorization header, none for no header. Raises TokenInvalid for another scheme."""
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenInvalid("The Authorization header must be the word Bearer, a space and an access token.")
    return token.strip()


@dataclass(frozen=True, slots=True)
class Known:
    """An actor already verified, and until when (Unix seconds) the token stands for them."""

    actor: Actor
    until: float


class Callers:
    """Turns access tokens into actors. One per process; it remembers whom it verified until the token ends.

    `resolve` is given where another OIDC issuer stands in for identity: it finds the account by (issuer, subject).
    `remember`: how many tokens at most; `verified` counts signatures checked.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        fetch_keys: FetchKeys,
        resolve: Resolve | None = None,
        remember: int = 10_000,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.verified = 0
        self._issuer = issuer
        self._audience = audience
        self._resolve = resolve
        self._remember = remember
        self._ring = KeyRing(fetch_keys, ticks)
        self._headers = Headers(algorithms=EXTERNAL_ALGORITHMS if resolve else OWN_ALGORITHMS)
        self._types = EXTERNAL_TYPES if resolve else OWN_TYPES
        self._known: OrderedDict[bytes, Known] = OrderedDict()
        self._blocked: set[UUID] = set()

    @classmethod
    def from_settings(cls, settings: BusSettings, ask: Callable[[Any], Awaitable[Any]]) -> "Callers":
        """Return the callers of a process: identity's keys are asked for, or read at `jwks_url` where that is set."""

        async def keys() -> SigningKeys:
            answer: SigningKeys = await ask(GetSigningKeys())
            return answer

        async def resolve(issuer: str, subject: str) -> Actor:
            answer: Actor = await ask(ResolveSubject(issuer=issuer, external_subject=subject))
            return answer

        if settings.jwks_url is None:
            return cls(settings.issuer, settings.audience, keys)
        return cls(settings.issuer, settings.audience, keys_at(settings.jwks_url), resolve)

    async def actor(self, token: str | None) -> Actor:
        """Return who a token stands for; no token stands for the visitor.

        Raises TokenExpired, TokenInvalid or AccountClosed (401), Unavailable (503) when that cannot be checked now.
        """
        if token is None:
            return VISITOR
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        known = self._known.get(digest)
        if known is None or known.until <= clock.now().timestamp():
            known = await self._verify(token)
            self._keep(digest, known)
        if known.actor.account_id in self._blocked:
            raise AccountClosed
        return known.actor

    def block(self, account_id: UUID) -> None:
        """Refuse an account from now on, whatever token it shows (AccountDisabled was heard)."""
        self._blocked.add(account_id)

    def unblock(self, account_id: UUID) -> None:
        """Let an account in again (AccountEnabled was heard)."""
        self._blocked.discard(account_id)

    def _keep(self, digest: bytes, known: Known) -> None:
        self._known[digest] = known
        self._known.move_to_end(digest)
        while len(self._known) > self._remember:
            self._known.popitem(last=False)

    async def _verify(self, token: str) -> Known:
        now = clock.now().timestamp()
        claims: dict[str, Any] = {}
        try:
            claims = await self._claims(token, int(now))
            actor = _named_in(claims) if self._resolve is None else None
        except ExpiredTokenError as error:
            raise TokenExpired from error
        except (JoseError, ValueError, TypeError, LookupError, AttributeError) as error:
            # One answer for every forgery: which of the checks failed is nobody's business but the operator's.
            log.debug("an access token is refused: %s: %s", type(error).__name__, error)
            raise TokenInvalid from error
        actor = actor or await self._resolved(claims["sub"])
        if actor.type not in PEOPLE or actor.id is None or actor.account_id is None:
            raise TokenInvalid
        return Known(actor, min(claims["exp"], now + (EXTERNAL_KEPT_FOR if self._resolve else OWN_KEPT_FOR)))

    async def _claims(self, token: str, now: int) -> dict[str, Any]:
        """Return a token's claims once its header, signature, issuer, audience and times are found good."""
        if len(token) > LONGEST_TOKEN:
            raise TokenInvalid
        signed = jws.extract_compact(token.encode("ascii"), registry=self._headers)
        header = signed.headers()
        self._headers.check_header(header)
        self._headers.get_alg(header["alg"])
        if header.get("typ", "").lower() not in self._types:
            raise TokenInvalid
        key = await self._ring.key(header["kid"])
        if key is None:
            raise TokenInvalid
        self.verified += 1
        if not jws.validate_compact(signed, key, registry=self._headers):
            raise TokenInvalid
        claims: dict[str, Any] = json.loads(signed.payload or b"")
        self._check(claims, now)
        return claims

    def _check(self, claims: dict[str, Any], now: int) -> None:
        JWTClaimsRegistry(
            now=now,
            leeway=SKEW,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        ).validate(claims)
        if claims["exp"] <= now:  # the leeway is for a clock ahead of ours, never for a token past its end
            raise ExpiredTokenError("exp")

    async def _resolved(self, subject: str) -> Actor:
        assert self._resolve is not None
        try:
            return await self._resolve(self._issuer, subject)
        except NotFound as problem:
            raise AccountClosed("No open account is linked to this sign-in; ask the merchant for one.") from problem


def _named_in(claims: dict[str, Any]) -> Actor:
    """Return the actor that a token of our own spells out. Raises ValueError where it does not."""
    return Actor(
        type=claims["actor_type"],
        id=claims["actor_id"],
        account_id=claims["sub"],
        name=claims.get("name"),
        permissions=claims["permissions"],
    )
