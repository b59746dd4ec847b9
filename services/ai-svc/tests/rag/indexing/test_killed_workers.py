"""Indexing workers are killed with SIGKILL, others take over, people go on writing: nothing stale, nothing twice.

Workers are processes of their own on one database and one Redis. They die at random moments, before any statement, in
the midst of a swap's transaction, in the moment of its commit, and while the parser's child runs. What should be there
is known to a model that never asks the service. ROTINA_DOCUMENT_OPS=10000 runs the long version.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from libraries import Library
from random_documents import ANA, WORDS, People, expected
from wholeness import BROKEN, INDEXED, MISCOUNTED, ORPHANS, SHOWN

from ai_svc.embeddings.texts import passage_text
from ai_svc.rag.documents.public import documents_for
from ai_svc.rag.indexing.building import indexed_heading
from ai_svc.rag.lexicon.tokens import term_id, terms
from ai_svc.rag.search.public import principals_of, search
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import read_transaction, transaction
from shared_utils.testing.waiting import until

OPERATIONS = int(os.environ.get("ROTINA_DOCUMENT_OPS", "150"))
MEASURED = 10 if OPERATIONS < 1000 else 100
BETWEEN_LOOKS = 8 if OPERATIONS < 1000 else 20
"""So many changes at the most come between two looks at everything."""
WORKERS = 3
NURSERY = Path(__file__).parents[2] / "factories/indexing_nursery.py"
PENDING = "SELECT count(*) FROM ai.documents WHERE status = 'INDEXING'"


class Workers:
    """Processes that index, and the ways in which they ended."""

    def __init__(self, nursery: asyncio.subprocess.Process, rng: random.Random, plan: dict[str, Any]) -> None:
        self.nursery, self.rng, self.plan = nursery, rng, plan
        self.alive: set[int] = set()
        self.asked = 0
        self.broke = False
        self.deaths: Counter[str] = Counter()
        self.changed = asyncio.Event()
        self.hearing = asyncio.create_task(self.hear())

    async def hear(self) -> None:
        dying: dict[int, str] = {}
        while line := await self.nursery.stdout.readline():
            number, what = line.decode().strip().split(" ", 1)
            if what == "began":
                self.alive.add(int(number))
            elif what == "broke":
                self.broke = True
            elif what == "ended":
                self.asked -= 1
                self.alive.discard(int(number))
                self.deaths[dying.pop(int(number), "from outside")] += 1
            else:
                dying[int(number)] = what
            self.changed.set()

    def fill(self, *, lasting: bool = False) -> None:
        """As many as there should be; each has its own way to die, or lasts."""
        while self.asked < WORKERS:
            self.asked += 1
            at, after = ("never", 0) if lasting else self.fate()
            plan = self.plan | {"at": at, "after": after, "seed": self.rng.random()}
            self.nursery.stdin.write(json.dumps(plan).encode() + b"\n")

    def fate(self) -> tuple[str, int]:
        match self.rng.random():
            case chance if chance < 0.35:
                return "statement", self.rng.randint(5, 60)
            case chance if chance < 0.7:
                return "swap", self.rng.randint(1, 14)
            case chance if chance < 0.8:
                return "commit", 0
            case chance if chance < 0.88:
                return "parser", self.rng.randint(1, 3)
            case _:
                return "never", 0

    def kill_one(self) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.rng.choice(sorted(self.alive)), signal.SIGKILL)

    async def end(self) -> None:
        self.nursery.stdin.close()
        await self.nursery.wait()
        await self.hearing

    @property
    def killed(self) -> int:
        return self.deaths.total()


class World:
    def __init__(self, library: Library, workers: Workers, rng: random.Random) -> None:
        self.library, self.workers, self.rng = library, workers, rng
        self.people = People(library, rng, documents=24)
        self.searches = self.hits = self.looks = 0

    @property
    def operations(self) -> int:
        return self.people.operations + self.workers.killed

    async def acts(self) -> None:
        for _ in range(self.rng.randint(1, BETWEEN_LOOKS)):
            await self.people.act()
        if self.rng.random() < 0.15:
            self.workers.kill_one()

    async def look(self) -> None:
        """What holds at every moment: no mixture, no passage without its words and vector, no wrong count."""
        assert await self.library.rows(BROKEN) == []
        assert await self.library.rows(ORPHANS) == [(0, 0, 0, 0)]
        assert await self.library.rows(MISCOUNTED) == []
        self.looks += 1

    async def search(self) -> None:
        """A search answers from the version before or the one after, and from nothing that was deleted before it."""
        gone = set(self.people.gone)
        before = {row.id: row.version for row in await self.library.rows("SELECT id, version FROM ai.documents")}
        question = " ".join(self.rng.sample(WORDS[:-2], k=3))
        async with read_transaction(self.library.sessions) as session:
            found = await search(session, question=question, principals=principals_of(ANA), limit=40)
        by_document = defaultdict(list)
        for hit in found.hits:
            by_document[hit.document_id].append(hit)
        for document_id, hits in by_document.items():
            assert document_id not in gone
            versions = {hit.version for hit in hits}
            assert len(versions) == 1
            assert versions.pop() >= before.get(document_id, 0)
            passages = [[hit.heading, hit.text] for hit in hits]
            assert len({hit.chunk_id for hit in hits}) == len({(hit.start, hit.end) for hit in hits}) == len(hits)
            assert any(all(one in expected(text)[1] for one in passages) for text in self.people.ever[hits[0].title]), (
                f"{hits[0].title} was found as nobody wrote it"
            )
        self.searches += 1
        self.hits += len(found.hits)

    async def step(self) -> None:
        assert not self.workers.broke
        self.workers.fill()
        self.workers.changed.clear()
        await asyncio.gather(self.acts(), self.look(), self.search())
        self.people.judge(await self.library.rows(SHOWN))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await self.workers.changed.wait()

    async def settle(self) -> None:
        """Everything that is wanted is there at last; what was given up is asked for again."""
        while True:
            await until(self._quiet, timeout=120, what="every document is indexed")
            failed = await self.library.rows("SELECT id FROM ai.documents WHERE error_code IS NOT NULL")
            if not failed:
                return
            async with transaction(self.library.sessions) as session:
                documents = documents_for(session, clock=self.library.clock)
                for row in failed:
                    await documents.reindex(row.id, by=ANA)

    async def _quiet(self) -> bool:
        self.workers.fill(lasting=True)  # each time: those that are left have a death ahead of them, too
        return (await self.library.rows(PENDING))[0][0] == 0

    async def seconds_to_be_found(self) -> float:
        """From an edit to the search that finds it, with workers that live."""
        key = self.rng.choice(sorted(self.people.model))
        word = "prova" + "".join(self.rng.choices("bcdfghjklm", k=10))
        text = f"{self.people.model[key].wanted}\n\nA palavra é {word}."
        began = time.perf_counter()
        await self.people.put(key, text)

        async def is_found() -> bool:
            self.workers.fill(lasting=True)
            async with read_transaction(self.library.sessions) as session:
                found = await search(session, question=word, principals=principals_of(ANA), limit=3)
            return any(word in hit.text for hit in found.hits)

        await until(is_found, timeout=60, what="an edit is found")
        return time.perf_counter() - began


@pytest.fixture
async def world(database: Any, redis_streams_url: str, streams_redis: Any) -> AsyncIterator[World]:
    engine = create_engine(database.runtime_url, application_name="test")
    library = await Library.open(engine)
    library.clock = SystemClock()
    rng = random.Random(20261121)
    plan = {
        "database": database.runtime_url,
        "streams": redis_streams_url,
        "space": library.embedder.space_id,
        "lease": 0.5,
    }
    pipe = asyncio.subprocess.PIPE
    nursery = await asyncio.create_subprocess_exec(sys.executable, str(NURSERY), stdin=pipe, stdout=pipe)
    workers = Workers(nursery, rng, plan)
    yield World(library, workers, rng)
    await workers.end()
    await engine.dispose()


@pytest.mark.timeout(1800)
async def test_killed_workers_leave_nothing_stale_and_nothing_twice(world: World, streams_redis: Any) -> None:
    while world.operations < OPERATIONS:
        await world.step()
        if world.looks % 200 == 0:
            print(f"{world.operations} operations, {world.workers.killed} workers killed", flush=True)
    await world.settle()
    await world.look()
    rows = await world.library.rows(SHOWN)
    world.people.judge(rows)
    for row in rows:
        assert (row.text, row.chunks) == expected(world.people.model[row.source_key].wanted)
    await indexes_say_what_passages_say(world.library)
    await each_version_was_announced_once(world.library, streams_redis)
    seconds = sorted([await world.seconds_to_be_found() for _ in range(MEASURED)])
    died = world.workers.deaths
    assert died["swap"] + died["commit"] > 0
    if OPERATIONS >= 1000:  # of a few dozen deaths a kind may be missing
        assert died["swap"] > OPERATIONS / 200
        assert died["commit"] > 0
        assert died["parser runs"] > 0
    assert world.hits > 0
    print(
        f"{world.operations} operations, {world.workers.killed} workers killed ({dict(died)}), {world.looks} looks and"
        f" {world.searches} searches beside them; edit to searchable p50 {seconds[len(seconds) // 2]:.3f} s,"
        f" p95 {seconds[int(len(seconds) * 0.95)]:.3f} s"
    )


async def indexes_say_what_passages_say(library: Library) -> None:
    """The words and the vector of each passage, made anew from its text."""
    rows = await library.rows(INDEXED)
    assert rows
    texts = [passage_text(row.heading, row.text) for row in rows]
    vectors = (await library.embedder.passages([(row.heading, row.text) for row in rows])).vectors
    for row, text, vector in zip(rows, texts, vectors, strict=True):
        heading = indexed_heading(row.title, row.heading)
        words = {term_id(term) for term in terms(f"{heading}\n{row.text}")}
        assert set(row.terms) == words, text
        assert json.loads(row.vector) == pytest.approx(vector, abs=0.002), text


async def each_version_was_announced_once(library: Library, streams: Any) -> None:
    """An event may come twice, with one id; no version has two events, and none is missing."""
    await until(lambda: _is_empty(library), what="everything is announced")
    announced: dict[tuple[str, int], set[str]] = defaultdict(set)
    for _, fields in await streams.xrange("events:document.indexed"):
        envelope = json.loads(fields[b"data"] if b"data" in fields else fields["data"])
        said = envelope["payload"]
        announced[said["document_id"], said["document_version"]].add(envelope["event_id"])
    assert {len(ids) for ids in announced.values()} == {1}
    for row in await library.rows("SELECT id, version FROM ai.documents"):
        assert all((str(row.id), version) in announced for version in range(1, row.version + 1))


async def _is_empty(library: Library) -> bool:
    return (await library.rows("SELECT count(*) FROM ai.outbox"))[0][0] == 0
