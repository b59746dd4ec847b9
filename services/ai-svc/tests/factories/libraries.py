"""A shelf of documents with an indexer of its own: what the service does, without its network and its child processes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.embeddings.texts import passage_text
from ai_svc.embeddings.vectors import vectors_for
from ai_svc.rag.documents.public import DocumentAdded, SourceKind, Wanted, documents_for, in_parts, outbox_of
from ai_svc.rag.indexing.building import Builder
from ai_svc.rag.indexing.originals import Originals
from ai_svc.rag.indexing.swapping import Swap
from ai_svc.rag.indexing.worker import Indexer
from ai_svc.rag.parsing import ParsedText, parse
from ai_svc.rag.search.public import index_for
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession, read_transaction, sessionmaker_for, transaction

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPEN_SPACE = "INSERT INTO ai.embedding_spaces (provider, model, dimensions, preparation, dense_weight, state) VALUES ('stub', 'stub', 4, '{}', 0.1, 'live') RETURNING id"


@dataclass
class Made:
    space_id: int
    vectors: list[list[float]]


class StubEmbedder:
    """Four numbers from a text's digest; a text that has a vector is not embedded again."""

    def __init__(self, space_id: int) -> None:
        self.space_id = space_id
        self.known: dict[str, list[float]] = {}

    async def passages(self, passages: Sequence[tuple[str, str]]) -> Made:
        texts = [passage_text(heading, body) for heading, body in passages]
        new = {one: [(byte - 128) / 128 for byte in hashlib.sha256(one.encode()).digest()[:4]] for one in texts}
        self.known |= new
        return Made(self.space_id, [self.known[one] for one in texts])


class InProcess:
    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
        data = content.read_bytes() if isinstance(content, Path) else content
        return parse(data, media_type=media_type, name=name)


class Library:
    def __init__(self, engine: AsyncEngine, embedder: StubEmbedder | None) -> None:
        self.engine, self.embedder, self.clock = engine, embedder, FakeClock(START)
        self.sessions = sessionmaker_for(engine)

    @classmethod
    async def open(cls, engine: AsyncEngine) -> "Library":
        async with transaction(sessionmaker_for(engine)) as session:
            space_id = (await session.execute(text(OPEN_SPACE))).scalar_one()
            await session.execute(text("SELECT ai.open_vector_space(:id)"), {"id": space_id})
        return cls(engine, StubEmbedder(space_id))

    def indexer(self, *, concurrency: int = 4, lease: float = 60, **replaced: Any) -> Indexer:
        builder = Builder(
            replaced.get("fetcher") or Originals(self.sessions), replaced.get("reader") or InProcess(),
            embedding=self.embedder, max_chars=200,
        )  # fmt: skip
        return Indexer(
            self.sessions, self.clock, builder, self.swapping, concurrency=concurrency, lease=timedelta(seconds=lease)
        )

    def swapping(self, session: WriteSession) -> Swap:
        return Swap(
            session,
            self.clock,
            outbox_of(session, clock=self.clock),
            words=index_for(session),
            vectors=vectors_for(session),
        )

    async def put(self, content: str, *, key: str = "ata.md", owner: str = "ana", **said: Any) -> DocumentAdded:
        data = content.encode()
        wanted = Wanted(
            kind=SourceKind.UPLOAD, key=key, owner=owner, title=said.pop("title", key), name=key, titled=said.pop("titled", True),
            sha256=hashlib.sha256(data).digest(), size_bytes=len(data), **said,
        )  # fmt: skip
        async with transaction(self.sessions) as session:
            return await documents_for(session, clock=self.clock).put(wanted, parts=in_parts(data))

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with read_transaction(self.sessions) as session:
            return list((await session.execute(text(query), values)).all())

    async def row(self, document_id: UUID) -> Any:
        return (await self.rows("SELECT * FROM ai.documents WHERE id = :id", id=document_id))[0]
