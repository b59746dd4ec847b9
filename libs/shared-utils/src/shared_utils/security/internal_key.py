"""The keys with which Rotina's services recognise each other."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from pydantic import SecretStr


class InternalKeyring:
    """Who holds which key; two keys of one caller are valid while they are rotated."""

    def __init__(self, keys: Mapping[str, Sequence[SecretStr]]) -> None:
        self._digests = [
            (_digest(key.get_secret_value()), caller)
            for caller, held in keys.items()
            for key in held
            if key.get_secret_value()
        ]

    def caller_for(self, key: str) -> str | None:
        """The caller whose key this is. Compares with all keys, so that time does not tell which was close."""
        presented = _digest(key)
        found: str | None = None
        for digest, caller in self._digests:
            if hmac.compare_digest(digest, presented):
                found = caller
        return found


def _digest(key: str) -> bytes:
    # Digests have one length, so that the comparison does not reveal the key's.
    return hashlib.sha256(key.encode()).digest()
