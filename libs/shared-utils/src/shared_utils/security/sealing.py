"""Secrets at rest: sealed with a key of the settings before they are stored, opened only where they are used."""

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from shared_utils.errors import AppError

_PURPOSE: Final = b"rotina secrets at rest, version 1: "


class SealBroken(AppError):
    """A stored secret cannot be opened with the configured keys: enter it again, or bring its key back."""

    code = "SEAL_BROKEN"


class Sealer:
    """Encrypts and authenticates (Fernet: AES-128-CBC with HMAC-SHA256) small sets of named secrets.

    The first key seals, every key opens: to rotate, put a new key in front and drop the old one when everything was
    sealed anew. Keys are long random strings; whatever their form, 256 bits are derived from them.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        if not keys:
            raise ValueError("a sealer needs at least one key")
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, secrets: Mapping[str, str]) -> str:
        """`secrets` as one token of URL-safe characters; the same secrets give another token each time."""
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, token: str) -> dict[str, SecretStr]:
        """What was sealed. Raises `SealBroken` when no key fits or the token was changed."""
        try:
            opened = json.loads(self._fernet.decrypt(token.encode()))
        except InvalidToken as error:
            raise SealBroken from error
        return {name: SecretStr(value) for name, value in opened.items()}

    def renew(self, token: str) -> str:
        """The same secrets sealed with the first key, whichever key sealed them. Raises `SealBroken`."""
        try:
            return self._fernet.rotate(token).decode()
        except InvalidToken as error:
            raise SealBroken from error


def _derived(key: SecretStr) -> bytes:
    return base64.urlsafe_b64encode(sha256(_PURPOSE + key.get_secret_value().encode()).digest())
