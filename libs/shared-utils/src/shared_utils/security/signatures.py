"""Signed webhooks: the receiver can tell that a request is ours, whole and fresh.

The header is `t=<seconds since 1970>,v1=<hex>`, where the hex is HMAC-SHA256 of `<t>.<body>` under the shared secret. A
receiver computes the same over the raw body, compares in constant time, and refuses a `t` that is too far from now.
"""

import hmac
import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from pydantic import SecretStr

TOLERANCE_SECONDS: Final = 300
_HEADER: Final = re.compile(r"^t=(?P<at>[0-9]{1,12}),v1=(?P<digest>[0-9a-f]{64})$")


def sign(secret: SecretStr, body: bytes, *, at: datetime) -> str:
    """The signature header of `body`, sent at `at`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_digest(secret, stamp, body)}"


def verify(
    secret: SecretStr, body: bytes, header: str, *, now: datetime, tolerance_seconds: float = TOLERANCE_SECONDS
) -> bool:
    """Whether `header` signs exactly this body under this secret and is at most `tolerance_seconds` old or ahead."""
    match = _HEADER.match(header)
    if match is None:
        return False
    genuine = hmac.compare_digest(_digest(secret, match["at"], body), match["digest"])
    return genuine and abs(now.timestamp() - int(match["at"])) <= tolerance_seconds


def _digest(secret: SecretStr, stamp: str, body: bytes) -> str:
    return hmac.new(secret.get_secret_value().encode(), stamp.encode() + b"." + body, sha256).hexdigest()
