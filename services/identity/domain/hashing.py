"""Argon2id at the least strength OWASP names, two at a time, beside the event loop.

One takes about 20 ms of a core and 19 MiB: more at once would only starve the requests that need no password.
"""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.identity.domain.passwords import normal

AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobodys = _hasher.hash(secrets.token_urlsafe(16))
_lanes = asyncio.Semaphore(AT_ONCE)


async def hashed(password: str) -> str:
    """Return what is kept of a password: an argon2id hash with its salt and parameters."""
    async with _lanes:
        return await asyncio.to_thread(_hasher.hash, normal(password))


async def matches(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one kept; where none is kept, say no after the same work."""
    async with _lanes:
        return await asyncio.to_thread(_matches, kept, normal(password))


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than today's, so that it should be made anew."""
    return _hasher.check_needs_rehash(kept)


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobodys, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
