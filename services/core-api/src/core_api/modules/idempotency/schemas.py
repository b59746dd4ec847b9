"""Values of idempotency keys."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What a key stands for: the request that came with it, and what that created."""

    body_hash: str
    ids: tuple[UUID, ...]
