"""What every module may ask: has this request, by its Idempotency-Key, been answered before?"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from core_api.modules.idempotency.exceptions import IdempotencyKeyReused
from core_api.modules.idempotency.models import IdempotencyKey
from core_api.modules.idempotency.repository import IdempotencyRepository
from shared_utils.db.retention import Retention
from shared_utils.db.session import WriteSession

__all__ = ["RETENTIONS", "IdempotencyKeyReused", "body_hash", "remember"]

RETENTIONS: Final = (Retention(table=IdempotencyKey.__table__, at="created_at", days=1),)


async def remember(
    session: WriteSession,
    *,
    subject: str,
    route: str,
    key: str,
    body: Mapping[str, Any],
    ids: Sequence[UUID],
    now: datetime,
) -> tuple[UUID, ...] | None:
    """Keeps a request's key with the ids of what it creates. None: it is new, go on.

    Otherwise the ids of what the first request created, which is the answer to this one, too. Raises
    `IdempotencyKeyReused` when the key came with another body.
    """
    digest = body_hash(body)
    stored = await IdempotencyRepository(session).store(
        subject=subject, route=route, key=key, body_hash=digest, ids=ids, now=now
    )
    if stored is None:
        return None
    if stored.body_hash != digest:
        raise IdempotencyKeyReused
    return stored.ids


def body_hash(body: Mapping[str, Any]) -> str:
    """A hash of a JSON object that does not depend on the order of its keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
