"""Whom connections to providers trust."""

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """The system's certificates, read once: that takes longer than everything else of a client."""
    return ssl.create_default_context()
