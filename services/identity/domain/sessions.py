"""The life of a session: one refresh token at a time, each used once (RFC 9700)."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum

LIFETIME = timedelta(days=30)  # absolute: no refresh prolongs it (ASVS 10.4.8)


class Verdict(Enum):
    """What showing a refresh token means."""

    GOOD = "it is the one to exchange"
    ENDED = "its session is over"
    TWIN = "another request exchanged it while this one was on its way"
    REUSED = "it was exchanged before: somebody has a copy"


def new_token() -> str:
    """Return an opaque refresh token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of a refresh token; random as it is, a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(token.encode()).digest()


def judge(used_at: datetime | None, ended_at: datetime | None, expires_at: datetime, as_of: datetime) -> Verdict:
    """Return what a refresh token shown at `as_of` means.

    A twin is refused but ends nothing: two tabs that refresh at once are no theft. Its request began before the
    other's exchange, which a thief who comes after it cannot claim.
    """
    if ended_at is not None or expires_at <= as_of:
        return Verdict.ENDED
    if used_at is None:
        return Verdict.GOOD
    return Verdict.TWIN if as_of < used_at else Verdict.REUSED
