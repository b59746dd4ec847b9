"""Random edits, deletes, changes of readers and crashes against a model: nothing stale, nothing twice, never a mixture.

ROTINA_DOCUMENT_OPS=10000 runs the long version.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from libraries import Library
from sqlalchemy import event
from wholeness import BROKEN, MISCOUNTED, ORPHANS, SHOWN

from ai_svc.rag.chunking import chunk
from ai_svc.rag.documents.public import documents_for
from ai_svc.rag.parsing import parse
from shared_schemas.auth import AuthContext, Role
from shared_utils.db.engine import create_engine
from shared_utils.db.session import transaction

OPERATIONS = int(os.environ.get("ROTINA_DOCUMENT_OPS", "400"))
ANA = AuthContext(subject="ana", issuer="test", roles=frozenset({Role.OPERATOR}))
WORDS = [
    "pregão",
    "fundo",
    "cota",
    "câmbio",
    "leilão",
    "opção",
    "ajuste",
    "margem",
    "título",
    "saldo",
    "juros",
    "prazo",
    "índice",
    "ação",
    "rendimento",
    "😀",
    "ﬁm",
]
KEYS = [f"{number}.md" for number in range(10)]


class Died(BaseException):
    """The process ends here."""


class Crashes:
    """Ends the indexer's process before the statement whose turn it is; between its statements a reader looks."""

    def __init__(self, engine: Any) -> None:
        self.left: int | None = None
        self.statements = 0
        self.beat = asyncio.Event()
        self.died = asyncio.Event()
        event.listen(engine.sync_engine, "before_cursor_execute", self._before)

    def _before(self, *_: Any) -> None:
        self.statements += 1
        if self.statements % 4 == 0:
            self.beat.set()
        if self.died.is_set():
            raise Died
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.died.set()
                raise Died

    def arm(self, statements: int | None) -> None:
        self.left = statements
        self.died.clear()


@dataclass
class Kept:
    """What the model knows of one document."""

    document_id: UUID
    wanted: str
    shown: str | None = None
    """The text that readers see."""
    before: list[str] = field(default_factory=list)
    """Texts that were wanted since the last look: a crash may come after the swap of any of them."""


def paragraph(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(3, 30))) + "."


def written(rng: random.Random) -> str:
    parts = [
        f"## {paragraph(rng)[:20]}\n\n{paragraph(rng)}" if rng.random() < 0.4 else paragraph(rng)
        for _ in range(rng.randint(1, 8))
    ]
    return "\n\n".join(parts)


def edited(rng: random.Random, text: str) -> str:
    parts = text.split("\n\n")
    place = rng.randrange(len(parts))
    match rng.randrange(4):
        case 0:
            parts.insert(place, paragraph(rng))
        case 1 if len(parts) > 1:
            parts.pop(place)
        case 2:
            parts[place] = paragraph(rng)
        case _:
            parts.append(parts[place])  # the same passage twice in one document
    return "\n\n".join(parts)


def expected(text: str) -> tuple[str, list[list[str]]]:
    parsed = parse(text.encode(), media_type="text/markdown", name="a.md")
    return parsed.text, [[piece.heading, piece.text] for piece in chunk(parsed, mode="heading", max_chars=200)]


class World:
    def __init__(self, library: Library, indexing: Library, crashes: Crashes, admin_url: str, seed: int) -> None:
        self.library, self.indexing, self.crashes, self.admin_url = library, indexing, crashes, admin_url
        self.rng = random.Random(seed)
        self.model: dict[str, Kept] = {}
        self.operations = self.died = self.cut = self.looks = self.in_a_row = 0

    async def act(self) -> None:
        """One change by a person."""
        key = self.rng.choice(KEYS)
        known = self.model.get(key)
        self.operations += 1
        match self.rng.random():
            case chance if known is None or chance < 0.55:
                text = edited(self.rng, known.wanted) if known and self.rng.random() < 0.8 else written(self.rng)
                if known and self.rng.random() < 0.1:
                    text = known.wanted
                added = await self.library.put(text, key=key)
                kept = self.model.setdefault(key, Kept(added.document.id, text))
                kept.before.append(kept.wanted)
                kept.wanted = text
            case chance if chance < 0.7:
                async with transaction(self.library.sessions) as session:
                    await documents_for(session, clock=self.library.clock).delete(known.document_id, by=ANA)
                del self.model[key]
            case chance if chance < 0.9:
                readers = self.rng.sample(["user:bia", "user:caio", "role:viewer"], k=self.rng.randint(0, 2))
                async with transaction(self.library.sessions) as session:
                    await documents_for(session, clock=self.library.clock).give(
                        known.document_id, readers=readers, by=ANA
                    )
            case _:
                async with transaction(self.library.sessions) as session:
                    await documents_for(session, clock=self.library.clock).reindex(known.document_id, by=ANA)

    async def index(self) -> None:
        """The indexer runs: to the end, until its process dies, until its connections are cut, or beside more changes."""
        self.operations += 1
        chance = self.rng.random() if self.in_a_row < 3 else 1.0
        self.in_a_row = self.in_a_row + 1 if chance < 0.6 else 0
        self.crashes.arm(self.rng.randint(0, 25) if chance < 0.45 else None)
        indexer = self.indexing.indexer(concurrency=self.rng.randint(1, 4))
        running = asyncio.create_task(indexer.run_once())
        died = asyncio.create_task(self.crashes.died.wait())
        if 0.45 <= chance < 0.6:
            self.cut += 1
            await self._cut()
        elif chance >= 0.8:
            await self.act()
        await asyncio.wait([running, died], return_when=asyncio.FIRST_COMPLETED)
        if self.crashes.died.is_set():
            self.died += 1
            running.cancel()
            await indexer.crash()
        died.cancel()
        await asyncio.gather(running, died, return_exceptions=True)
        self.crashes.arm(None)
        for one in (self.library, self.indexing):
            one.clock.advance(timedelta(hours=1))

    async def _cut(self) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            for _ in range(self.rng.randrange(3)):
                await connection.fetchval("SELECT 1")
            await connection.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'indexer'"
                " AND datname = current_database()"
            )
        finally:
            await connection.close()

    async def check(self) -> None:
        """What is shown is one of the texts that were wanted, whole; what was deleted is gone; nothing is left over."""
        assert await self.library.rows(BROKEN) == []
        assert await self.library.rows(ORPHANS) == [(0, 0, 0, 0)]
        rows = {row.source_key: row for row in await self.library.rows(SHOWN)}
        assert rows.keys() == self.model.keys()
        for key, row in rows.items():
            kept = self.model[key]
            assert row.id == kept.document_id
            possible = (
                [kept.wanted]
                if row.status == "READY" and row.error_code is None
                else [kept.wanted, *kept.before, kept.shown]
            )
            shown = [text for text in possible if text is not None and (row.text, row.chunks) == expected(text)]
            assert shown or row.version == 0, f"{key} shows what nobody wanted"
            kept.shown = shown[0] if shown else None
            if row.status == "READY":
                kept.before.clear()

    async def watch(self, stop: asyncio.Event) -> None:
        """A reader beside all of it."""
        while not stop.is_set():
            self.crashes.beat.clear()
            assert await self.library.rows(BROKEN) == []
            self.looks += 1
            await self.crashes.beat.wait()


@pytest.fixture
async def world(database: Any) -> AsyncIterator[World]:
    engine = create_engine(database.runtime_url, application_name="test")
    indexing = create_engine(database.runtime_url, application_name="indexer")
    library = await Library.open(engine)
    yield World(library, Library(indexing, library.embedder), Crashes(indexing), database.admin_url, seed=20261121)
    await engine.dispose()
    await indexing.dispose()


@pytest.mark.timeout(1800)
async def test_random_work_leaves_nothing_stale_and_nothing_twice(world: World) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(world.watch(stop))
    while world.operations < OPERATIONS and not watching.done():
        for _ in range(world.rng.randint(1, 5)):
            await world.act()
        await world.index()
        await world.check()
    stop.set()
    world.crashes.beat.set()
    await watching
    world.crashes.arm(None)
    await world.indexing.indexer().run_once()
    await world.check()
    rows = await world.library.rows(SHOWN)
    for row in rows:
        if row.status == "READY" and row.error_code is None:
            assert (row.text, row.chunks) == expected(world.model[row.source_key].wanted)
    assert await world.library.rows(MISCOUNTED) == []
    assert world.died > OPERATIONS / 50
    assert world.cut > 0
    assert world.looks > 0
    print(f"{world.operations} operations, {world.died} crashes, {world.cut} cuts, {world.looks} looks beside them")
