"""Releases: which contents of which published file were seen, and when."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared_schemas.events.operations import FileArrived
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import ReadSession, WriteSession
from worker_svc.database import OUTBOX, SERVICE
from worker_svc.market.models import Release

GOT, BROKEN = "got", "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenContent:
    """What a download found at an address."""

    dataset: str
    reference_date: date
    url: str
    sha256: str
    size_bytes: int
    storage_path: str
    outcome: str
    etag: str | None = None
    last_modified: str | None = None
    member_name: str | None = None
    records: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def record_release(session: WriteSession, seen: SeenContent, *, at: datetime) -> tuple[UUID, bool]:
    """Remember a content; the same bytes again only renew `last_checked_at`. Returns the id and whether it is new."""
    values = {name: getattr(seen, name) for name in SeenContent.__dataclass_fields__}
    fresh_id = uuid7()
    statement = (
        insert(Release)
        .values(id=fresh_id, seen_at=at, last_checked_at=at, **values)
        .on_conflict_do_update(
            index_elements=[Release.dataset, Release.reference_date, Release.sha256],
            # The outcome is judged anew, since what counts as sound may have changed with the code.
            set_={
                "last_checked_at": at,
                **{
                    name: values[name] for name in ("url", "etag", "last_modified", "storage_path", "outcome", "detail")
                },
                **{name: values[name] for name in ("records", "member_name")},
            },
        )
        .returning(Release.id)
    )
    release_id = (await session.execute(statement)).scalar_one()
    return release_id, release_id == fresh_id


async def announce_file(session: WriteSession, seen: SeenContent, *, correlation_id: str, clock: Clock) -> None:
    """`file.arrived`: new content of a published file lies in the raw store."""
    outbox = Outbox(session, source_service=SERVICE, clock=clock, table=OUTBOX)
    outbox.add(
        FileArrived(
            name=PurePosixPath(urlsplit(seen.url).path).name,
            source=seen.dataset,
            reference_date=seen.reference_date,
            address=seen.storage_path,
            sha256=seen.sha256,
            size_bytes=seen.size_bytes,
        ),
        correlation_id=correlation_id,
    )
    await outbox.flush()


async def touch_release(session: WriteSession, release_id: UUID, *, at: datetime) -> None:
    """The exchange said that this content is still the current one."""
    await session.execute(update(Release).where(Release.id == release_id).values(last_checked_at=at))


async def mark_broken(session: WriteSession, release_id: UUID, *, detail: dict[str, Any]) -> None:
    """A content that looked whole could not be loaded: it is not offered for loading again."""
    values = {"outcome": BROKEN, "detail": Release.detail.concat(detail)}
    await session.execute(update(Release).where(Release.id == release_id).values(values))


async def current_release(
    session: ReadSession, *, dataset: str, reference_date: date, outcome: str | None = GOT
) -> Release | None:
    """The content that was confirmed last; `outcome=None` takes broken ones too."""
    query = select(Release).where(Release.dataset == dataset, Release.reference_date == reference_date)
    if outcome is not None:
        query = query.where(Release.outcome == outcome)
    query = query.order_by(Release.last_checked_at.desc(), Release.id.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()
