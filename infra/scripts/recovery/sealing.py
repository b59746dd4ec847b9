"""Encryption at rest: AES-256 by openssl with a key file, and a signature over the manifest with the same key.

The key is a file of at least 32 bytes that `ROTINA_BACKUP_KEY_FILE` names, made once with `openssl rand -base64 48`, and kept
where the backups are not. openssl's `enc` does not notice a changed byte by itself: the manifest holds the checksum of each file,
and its signature keeps anybody without the key from writing a manifest that fits. A team that prefers `age`, `gpg` or the
encryption of its object store leaves the variable empty and encrypts the finished folder in its own upload step.
"""

import hashlib
import hmac
import os
from pathlib import Path

from recovery.errors import RecoveryError
from recovery.processes import Program

VARIABLE = "ROTINA_BACKUP_KEY_FILE"
SUFFIX = ".enc"
_MIN_BYTES = 32
_OPTIONS = ("-aes-256-cbc", "-pbkdf2", "-iter", "200000", "-md", "sha256")


def key_file() -> Path | None:
    """The configured key. Raises RecoveryError when it is not usable: a backup must not be plain by accident."""
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    path = Path(name)
    try:
        content = path.read_bytes().strip()
    except OSError as error:
        raise RecoveryError(f"{VARIABLE}: {error}") from error
    if len(content) < _MIN_BYTES:
        raise RecoveryError(
            f"{VARIABLE}: {path} holds {len(content)} bytes. Make a key: openssl rand -base64 48 > {path}"
        )
    return path


def encrypting(key: Path) -> Program:
    return Program(["openssl", "enc", "-e", *_OPTIONS, "-salt", "-pass", f"file:{key}"])


def decrypting(key: Path) -> Program:
    return Program(["openssl", "enc", "-d", *_OPTIONS, "-pass", f"file:{key}"])


def signature(content: bytes, key: Path) -> str:
    """HMAC-SHA-256 of the manifest."""
    return hmac.new(key.read_bytes().strip(), content, hashlib.sha256).hexdigest()
