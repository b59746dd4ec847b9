"""Files that runs leave: taken from the worker that holds the attempt, kept whole, given to whoever may look (E15)."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from core_api.modules.artifacts.exceptions import (
    ArtifactBroken,
    ArtifactFenced,
    ArtifactNotFound,
    ArtifactStorageMissing,
    ArtifactTooLarge,
    TooManyArtifacts,
)
from core_api.modules.artifacts.repository import ArtifactRepository
from core_api.modules.artifacts.schemas import Announced, ArtifactRead
from core_api.modules.attempts.public import RunRepository
from core_api.modules.executions.public import ActionRepository, ExecutionNotFound, Status
from core_api.storage import ObjectStore
from shared_schemas.jobs import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, read_transaction, transaction

_MILLISECOND_BITS: Final = 80
_LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of an artifact, ready to be sent. `partial` when it was asked for by a range."""

    artifact: ArtifactRead
    start: int
    length: int
    partial: bool
    chunks: AsyncIterator[bytes]


class ArtifactService:
    """Bytes travel outside of transactions: an upload or a download holds no connection while it lasts."""

    def __init__(self, sessionmaker: SessionFactory, store: ObjectStore | None, clock: Clock) -> None:
        self._sessionmaker = sessionmaker
        self._store = store
        self._clock = clock

    async def take(self, announced: Announced, chunks: AsyncIterable[bytes]) -> ArtifactRead:
        """Stores what a worker sends, if the attempt is still its own at the end; the same again changes nothing."""
        if announced.size_bytes > MAX_ARTIFACT_BYTES:
            raise ArtifactTooLarge
        store = self._opened()
        await self._check(announced)
        await store.put(_key(announced.execution_id, announced.sha256), _checked(chunks, announced))
        now = self._clock.now()
        async with transaction(self._sessionmaker) as session:
            await _fence(RunRepository(session), announced)
            await ArtifactRepository(session).put(announced, now=now)
        return ArtifactRead(
            name=announced.name,
            attempt=announced.attempt,
            content_type=announced.content_type,
            size_bytes=announced.size_bytes,
            sha256=announced.sha256,
            stored_at=now,
        )

    async def listing(self, execution_id: UUID) -> list[ArtifactRead]:
        """The artifacts of an execution: of its newest attempt first, by name."""
        async with read_transaction(self._sessionmaker) as session:
            if not await ActionRepository(session).exists(execution_id):
                raise ExecutionNotFound(execution_id)
            return [ArtifactRead.model_validate(row) for row in await ArtifactRepository(session).listing(execution_id)]

    async def open(self, execution_id: UUID, name: str, *, attempt: int | None, wanted: str | None) -> Part:
        """An artifact of an attempt, or of the newest one that has it; `wanted` is a Range header."""
        async with read_transaction(self._sessionmaker) as session:
            row = await ArtifactRepository(session).find(execution_id, name, attempt=attempt)
        if row is None:
            raise ArtifactNotFound
        artifact = ArtifactRead.model_validate(row)
        start, length, partial = byte_range(wanted, artifact.size_bytes)
        chunks = self._opened().read(_key(execution_id, artifact.sha256), start=start, length=length)
        return Part(artifact=artifact, start=start, length=length, partial=partial, chunks=chunks)

    async def _check(self, announced: Announced) -> None:
        async with transaction(self._sessionmaker) as session:
            await _fence(RunRepository(session), announced)
            others = await ArtifactRepository(session).count(
                announced.execution_id, announced.attempt, but=announced.name
            )
        if others >= MAX_ARTIFACTS:
            raise TooManyArtifacts

    def _opened(self) -> ObjectStore:
        if self._store is None:
            raise ArtifactStorageMissing
        return self._store


async def drop_month(sessionmaker: SessionFactory, store: ObjectStore | None, *, month: date) -> int:
    """Deletes all artifacts of a month's executions, rows first; returns how many there were."""
    async with transaction(sessionmaker) as session:
        dropped = await ArtifactRepository(session).drop_month(month)
    if store is not None:
        await store.delete_below(_month(month))
    return dropped


def byte_range(wanted: str | None, size: int) -> tuple[int, int, bool]:
    """Start and length of what a Range header asks for, and whether that is a part (RFC 9110, section 14).

    Anything but one range of bytes that are there is answered with everything, as the RFC allows.
    """
    unit, _, spec = (wanted or "").partition("=")
    first, dash, last = spec.strip().partition("-")
    if (
        unit.strip() != "bytes"
        or not dash
        or "," in spec
        or not all(_is_number(part) for part in (first, last) if part)
    ):
        return 0, size, False
    if not first and not last:
        return 0, size, False
    if not first:
        length = min(int(last), size)
        start, end = size - length, size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end - start, True) if start < end else (0, size, False)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


async def _fence(runs: RunRepository, announced: Announced) -> None:
    held = await runs.hold([announced.execution_id])
    mine = (Status.RUNNING, announced.worker_id, announced.attempt)
    if not any((row.status, row.worker_id, row.attempt) == mine for row in held):
        raise ArtifactFenced


async def _checked(chunks: AsyncIterable[bytes], announced: Announced) -> AsyncIterator[bytes]:
    digest, size = hashlib.sha256(), 0
    async for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        if size > announced.size_bytes:
            raise ArtifactBroken
        yield chunk
    if size != announced.size_bytes or digest.hexdigest() != announced.sha256:
        raise ArtifactBroken


def _key(execution_id: UUID, sha256: str) -> str:
    # The id begins with its instant in milliseconds: objects lie together by the month in which they go.
    at = datetime.fromtimestamp((execution_id.int >> _MILLISECOND_BITS) / 1000, UTC)
    return f"{_month(at.date())}/{execution_id}/{sha256}"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
