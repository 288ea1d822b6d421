"""Ids: time-ordered for what the owner makes, derived for what a caller may repeat."""

import os
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1c2d0e-7a34-5b55-9f0e-c0a7d1e70001")


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def derived_id(*parts: str) -> UUID:
    """Return the same UUIDv5 for the same parts, so that a repeated command makes one thing."""
    return uuid5(NAMESPACE, "\x1f".join(parts))
