"""The public keys that access tokens are verified with: where they come from, how long they are believed."""

import asyncio
import logging
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.error import URLError

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import JWKRegistry, Key

from shared.contracts.identity import SigningKeys
from shared.kernel.problems import Unavailable

FetchKeys = Callable[[], Awaitable[SigningKeys]]

REFETCH_AFTER = 5.0  # seconds between two fetches, however many unknown keys are named
KEYS_KEPT_FOR = 600.0  # seconds after which the keys are read again, so that a withdrawn one is forgotten
KEY_SET_SIZE = 1 << 20  # bytes of an issuer's answer that are read
log = logging.getLogger(__name__)


class OnlyToHttps(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to https only: whoever sits on the way could put keys of their own into anything else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the request that follows a redirect. Raises URLError for one that leaves https."""
        if not newurl.lower().startswith("https://"):
            raise URLError(f"it redirects to {newurl}; name an address in COURTIER_JWKS_URL that stays on https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def keys_at(url: str) -> FetchKeys:
    """Return how to read another issuer's key set (RFC 7517) over HTTP, from a URL the settings have let pass."""
    opener = urllib.request.build_opener(OnlyToHttps)

    def read() -> SigningKeys:
        with opener.open(url, timeout=3) as answer:
            return SigningKeys.model_validate_json(answer.read(KEY_SET_SIZE))

    return lambda: asyncio.to_thread(read)


class Headers(jws.JWSRegistry):
    """What a token's header may say: nothing that brings a key of its own (jwk, jku, x5u, x5c) or changes the rules."""

    default_header_registry = {  # noqa: RUF012 - overrides a plain attribute
        name: jws.JWSRegistry.default_header_registry[name] for name in ("alg", "kid", "typ", "cty", "x5t", "x5t#S256")
    }

    def get_alg(self, name: str) -> Any:
        """Return an allowed algorithm, without the library's advice to write EdDSA as Ed25519 (RFC 9864)."""
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"the algorithm {name!r} is not allowed")
        return self.algorithms[name]


class KeyRing:
    """An issuer's public keys by id: fetched when first needed, and again for one not known or after a while.

    `ticks` tells the seconds of a clock that never goes back.
    """

    def __init__(self, fetch: FetchKeys, ticks: Callable[[], float]) -> None:
        self._fetch = fetch
        self._ticks = ticks
        self._keys: dict[str, Key] = {}
        self._tried = self._read = -KEYS_KEPT_FOR
        self._fetching = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> Key | None:
        """Return the key of this id, None where the issuer has none. Raises Unavailable when the issuer cannot say."""
        if kid not in self._keys:
            await self._refresh()
        elif self._ticks() - self._read >= KEYS_KEPT_FOR and not self._fetching.locked():
            # A known key serves on while the set is read again: no request waits for an issuer that is away.
            self._refreshing = asyncio.create_task(self._refresh())
        if kid not in self._keys and self._read < self._tried:
            raise Unavailable("The keys that sign-ins are checked with cannot be read now; repeat this shortly.")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        async with self._fetching:
            now = self._ticks()
            if now - self._tried < REFETCH_AFTER:
                return
            self._tried = now
            try:
                self._keys = usable(await self._fetch())
                self._read = now
            except Exception as error:
                # Whatever stops the fetch, keys known before stay good; `key` says what an unknown one means.
                log.warning("the issuer's keys cannot be read: %s: %s", type(error).__name__, error)


def usable(keys: SigningKeys) -> dict[str, Key]:
    """Return the public signing keys that have an id; shared secrets and kinds unknown here are left out."""
    found: dict[str, Key] = {}
    for document in keys.keys:
        if document.get("kty") in ("OKP", "EC", "RSA") and document.get("kid"):
            with suppress(JoseError, ValueError):
                found[document["kid"]] = JWKRegistry.import_key(document)
    return found
