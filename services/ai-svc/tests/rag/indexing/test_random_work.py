"""Random edits, deletes, changes of readers and crashes against a model: nothing stale, nothing twice, never a mixture.

ROTINA_DOCUMENT_OPS=10000 runs the long version.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from libraries import Library
from random_documents import People, expected
from sqlalchemy import event
from wholeness import BROKEN, MISCOUNTED, ORPHANS, SHOWN

from shared_utils.db.engine import create_engine

OPERATIONS = int(os.environ.get("ROTINA_DOCUMENT_OPS", "200"))


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


class World:
    def __init__(self, library: Library, indexing: Library, crashes: Crashes, admin_url: str, seed: int) -> None:
        self.library, self.indexing, self.crashes, self.admin_url = library, indexing, crashes, admin_url
        self.rng = random.Random(seed)
        self.people = People(library, self.rng, documents=10)
        self.runs = self.died = self.cut = self.looks = self.in_a_row = 0

    @property
    def operations(self) -> int:
        return self.people.operations + self.runs

    async def index(self) -> None:
        """The indexer runs: to the end, until its process dies, until its connections are cut, or beside more changes."""
        self.runs += 1
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
            await self.people.act()
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
        self.people.judge(await self.library.rows(SHOWN))

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
            await world.people.act()
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
            assert (row.text, row.chunks) == expected(world.people.model[row.source_key].wanted)
    assert await world.library.rows(MISCOUNTED) == []
    assert world.died > OPERATIONS / 50
    assert world.cut > 0
    assert world.looks > 0
    print(f"{world.operations} operations, {world.died} crashes, {world.cut} cuts, {world.looks} looks beside them")
