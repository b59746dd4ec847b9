"""Identifiers that sort by time of creation, so that indexes grow at one end."""

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 74
_RAND_B_BITS = 62


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(_RANDOM_BITS)
    high = (milliseconds << 16) | (0x7 << 12) | (random >> _RAND_B_BITS)
    low = (0b10 << 62) | (random & ((1 << _RAND_B_BITS) - 1))
    return UUID(int=(high << 64) | low)
