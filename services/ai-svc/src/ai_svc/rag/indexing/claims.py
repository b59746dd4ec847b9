"""Who indexes which document.

A row that is INDEXING and due is free. A claim moves `due_at` to when its lease ends, so a crash anywhere needs no
clean-up: the row is due again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from ai_svc.rag.indexing.work import Unchanged, Work
from shared_utils.db.session import ReadSession, WriteSession

MAX_ATTEMPTS: Final = 5
"""A document that fails, or takes its indexer down, so often is left alone until somebody asks again."""

_CLAIM: Final = text("""
    WITH due AS MATERIALIZED (
        SELECT id FROM ai.documents WHERE status = 'INDEXING' AND due_at <= :now
        ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE ai.documents AS d SET lease = uuidv7(), attempts = d.attempts + 1, due_at = :until
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.lease, d.revision, d.version, d.attempts, d.source_kind, d.source_uri, d.source_key, d.owner,
        d.source_config, d.title, d.chunking, d.forced, d.content_sha256, d.recipe, d.etag, d.last_modified
""")

_RENEW: Final = text("""
    UPDATE ai.documents SET due_at = :until
    WHERE id = ANY(CAST(:ids AS uuid[])) AND lease = ANY(CAST(:leases AS uuid[])) AND status = 'INDEXING'
    RETURNING lease
""")

_RELEASE: Final = text("""
    UPDATE ai.documents SET lease = NULL, due_at = :now, attempts = greatest(attempts - 1, 0)
    WHERE lease = ANY(CAST(:leases AS uuid[])) AND id = ANY(CAST(:ids AS uuid[]))
""")

# A newer wish starts with a clean slate, whatever became of this one.
_UNCHANGED: Final = text("""
    UPDATE ai.documents SET
        status = CASE WHEN revision = :revision THEN 'READY' ELSE 'INDEXING' END,
        lease = NULL, attempts = 0, due_at = :now, checked_at = :now, error_code = NULL, error_message = NULL,
        etag = :etag, last_modified = :last_modified
    WHERE id = :id AND lease = :lease
""")

_FAIL: Final = text("""
    UPDATE ai.documents AS d SET
        status = CASE WHEN d.revision <> tried.revision OR tried.again THEN 'INDEXING'
            WHEN d.version > 0 THEN 'READY' ELSE 'FAILED' END,
        attempts = CASE WHEN d.revision <> tried.revision THEN 0 ELSE d.attempts END,
        due_at = CASE WHEN d.revision <> tried.revision THEN tried.now ELSE tried.due_at END,
        forced = d.forced AND (d.revision <> tried.revision OR tried.again),
        lease = NULL, checked_at = tried.now, error_code = :code, error_message = :message
    FROM (SELECT CAST(:revision AS integer) AS revision, CAST(:again AS boolean) AS again,
        CAST(:now AS timestamptz) AS now, CAST(:due_at AS timestamptz) AS due_at) AS tried
    WHERE d.id = :id AND d.lease = :lease
""")

_NEXT: Final = text("SELECT min(due_at) FROM ai.documents WHERE status = 'INDEXING'")


class Claims:
    """The claims within one transaction."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def take(self, *, most: int, now: datetime, lease: timedelta) -> list[Work]:
        """Claims at most `most` documents that are due, the longest due first."""
        rows = await self._session.execute(_CLAIM, {"most": most, "now": now, "until": now + lease})
        return [_work(row) for row in rows]

    async def renew(self, held: Sequence[Work], *, until: datetime) -> set[UUID]:
        """Keeps leases; returns those that are still held."""
        rows = await self._session.execute(_RENEW, _keys(held) | {"until": until})
        return set(rows.scalars())

    async def release(self, held: Sequence[Work], *, now: datetime) -> None:
        """Gives documents back at once, as if they had not been claimed."""
        await self._session.execute(_RELEASE, _keys(held) | {"now": now})

    async def unchanged(self, work: Work, found: Unchanged, *, now: datetime) -> None:
        """Notes that the source was asked and has nothing new."""
        values = {"etag": found.etag, "last_modified": found.last_modified, "revision": work.revision}
        await self._session.execute(_UNCHANGED, values | {"id": work.document_id, "lease": work.lease, "now": now})

    async def fail(self, work: Work, *, code: str, message: str, now: datetime, again_in: timedelta | None) -> None:
        """Notes why there is no new version. Without `again_in` it stays so until somebody asks again."""
        again = again_in is not None
        values = {"id": work.document_id, "lease": work.lease, "revision": work.revision, "again": again}
        values |= {"code": code, "message": message, "now": now, "due_at": now + (again_in or timedelta())}
        await self._session.execute(_FAIL, values)


async def next_due(session: ReadSession) -> datetime | None:
    """When the next document is due, if any is to be indexed."""
    due: datetime | None = await session.scalar(_NEXT)
    return due


def _keys(held: Sequence[Work]) -> dict[str, Any]:
    return {"ids": [work.document_id for work in held], "leases": [work.lease for work in held]}


def _work(row: Row[Any]) -> Work:
    return Work(
        document_id=row.id,
        lease=row.lease,
        revision=row.revision,
        version=row.version,
        attempts=row.attempts,
        kind=row.source_kind,
        uri=row.source_uri,
        key=row.source_key,
        owner=row.owner,
        config=row.source_config,
        title=row.title,
        chunking=row.chunking,
        forced=row.forced,
        content_sha256=row.content_sha256,
        recipe=row.recipe,
        etag=row.etag,
        last_modified=row.last_modified,
    )
