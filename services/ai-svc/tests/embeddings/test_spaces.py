"""One model after another: filled beside the live one, live at once, back at once, and never two in one search."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vectors import add_chunks, add_list, unit

from ai_svc.brain.exceptions import ModelUnavailable
from ai_svc.brain.ledger import NullLedger
from ai_svc.embeddings.dense import Dense
from ai_svc.embeddings.embedders import Embedders
from ai_svc.embeddings.exceptions import EmbedderUnavailable, SpaceConflict, SpaceNotFound
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import NewSpace, SpaceReader, SpaceWriter
from ai_svc.embeddings.texts import Preparation
from ai_svc.embeddings.upkeep import Upkeep
from ai_svc.settings import Settings
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, read_transaction, sessionmaker_for, transaction

NEW = NewSpace("openai", "second", 4, Preparation().dump(), 0.4)


class Model:
    """A stand-in for a provider: the vector of a text is its model's alone."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size, self.fails = name, size, False
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.fails:
            raise ModelUnavailable
        self.asked += texts
        return [unit(hash((self.name, one)), self.size) for one in texts]


class World:
    """A database of its own, two models, a clock that the test moves."""

    def __init__(self, engine: AsyncEngine, settings: Settings) -> None:
        self.sessions: SessionFactory = sessionmaker_for(engine)
        self.clock = FakeClock(datetime(2026, 11, 21, tzinfo=UTC))
        self.models: dict[str, Model] = {}
        values = {"embeddings_provider": "openai", "embeddings_model": "first", "embeddings_dimensions": 8}
        self.embedders = Embedders(settings.model_copy(update=values), ledger=NullLedger(), connect=self._connect)
        self.dense = Dense(self.sessions, embedders=self.embedders, clock=self.clock)
        self.upkeep = self.another_process()

    def another_process(self) -> Upkeep:
        return Upkeep(self.sessions, embedders=self.embedders, clock=self.clock, fill_per_second=1e9)

    def _connect(self, _settings: Settings, _provider: str, model: str, size: int) -> Model:
        return self.models.setdefault(model, Model(model, size))

    async def turn(self) -> None:
        await self.upkeep.turn(asyncio.Event())

    async def chunks(self, count: int, words: str = "") -> list[int]:
        async with transaction(self.sessions) as session:
            return await add_chunks(session, access_id=await add_list(session, "*"), count=count, words=words)

    async def start(self) -> int:
        async with transaction(self.sessions) as session:
            return (await SpaceWriter(session, self.clock).start(NEW)).id

    async def go_live(self, space_id: int) -> None:
        async with transaction(self.sessions) as session:
            await SpaceWriter(session, self.clock).go_live(space_id)
        self.clock.advance(timedelta(seconds=1))

    async def missing(self) -> dict[int, int]:
        async with read_transaction(self.sessions) as session:
            return {one: done.missing for one, done in (await SpaceReader(session).progress()).items()}

    async def search(self) -> tuple[Space, list[int]]:
        query = await self.dense.question("qualquer", user="ana")
        assert query is not None
        async with read_transaction(self.sessions) as session:
            scope = list((await session.execute(text("SELECT id FROM ai.access_lists"))).scalars())
            near = await self.dense.nearest(session, query=query, scope=scope, limit=50)
        return query.space, [one.chunk_id for one in near]


@pytest.fixture
async def world(database: Any, settings: Settings) -> AsyncIterator[World]:
    engine = create_engine(database.runtime_url, application_name="test-spaces")
    world = World(engine, settings)
    yield world
    await world.embedders.aclose()
    await engine.dispose()


async def test_the_first_space_is_live_and_whatever_has_no_vector_gets_one(world: World) -> None:
    ids = await world.chunks(70)
    await world.turn()
    space, found = await world.search()
    assert (space.model, space.dimensions, space.dense_weight) == ("first", 8, 0.4)
    assert set(found) < set(ids)
    assert len(found) == 50
    later = await world.chunks(3, words=" novo")
    await world.turn()
    assert await world.missing() == {space.id: 0}
    assert len(world.models["first"].asked) == 70 + len(later) + 1


async def test_a_new_model_is_filled_beside_goes_live_and_comes_back(world: World) -> None:
    await world.chunks(10)
    await world.turn()
    old = (await world.search())[0]
    new = await world.start()
    assert (await world.search())[0] == old
    await world.turn()
    assert await world.missing() == {old.id: 0, new: 0}
    await world.go_live(new)
    assert (await world.search())[0].id == new
    added = await world.chunks(2, words=" depois")
    await world.turn()
    assert set(added) <= set((await world.search())[1])
    await world.go_live(old.id)
    space, found = await world.search()
    assert (space.id, len(found)) == (old.id, 10), "back at once, the gap is filled afterwards"
    await world.turn()
    assert len((await world.search())[1]) == 12


async def test_an_unfilled_space_does_not_go_live(world: World) -> None:
    await world.chunks(101)
    await world.turn()
    new = await world.start()
    with pytest.raises(SpaceConflict, match="101 passages have no vector"):
        await world.go_live(new)
    with pytest.raises(SpaceConflict, match="of this model already"):
        await world.start()


async def test_filling_goes_on_where_it_was_left(world: World) -> None:
    """A provider that fails, a process that dies: what was made is kept, what is missing is made."""
    await world.chunks(130)
    await world.turn()
    new = await world.start()
    await world.embedders.of(Space(new, "openai", "second", 4, Preparation().dump(), 0.4))
    world.models["second"].fails = True
    with pytest.raises(ModelUnavailable):
        await world.turn()
    async with read_transaction(world.sessions) as session:
        assert (await SpaceReader(session).get(new)).error_code == "MODEL_UNAVAILABLE"
    world.models["second"].fails = False
    world.clock.advance(timedelta(minutes=5))
    await world.another_process().turn(asyncio.Event())
    assert set((await world.missing()).values()) == {0}
    assert len(world.models["second"].asked) == 130
    async with read_transaction(world.sessions) as session:
        assert (await SpaceReader(session).get(new)).error_code is None


async def test_the_same_words_are_embedded_once(world: World) -> None:
    await world.chunks(5)
    await world.chunks(5)
    await world.turn()
    assert len(world.models["first"].asked) == 5
    made = await world.dense.passages([("", "texto 1"), ("", "texto inédito")])
    assert made is not None
    assert len(world.models["first"].asked) == 6
    assert len(made.vectors) == 2


async def test_one_process_fills_a_space_at_a_time(world: World) -> None:
    await world.chunks(3)
    await world.another_process().turn(asyncio.Event())
    async with transaction(world.sessions) as session:
        spaces = await SpaceReader(session).filled()
        assert not await SpaceWriter(session, world.clock).claim(spaces[0].id, filler=world.upkeep._me)
    world.clock.advance(timedelta(minutes=4))
    async with transaction(world.sessions) as session:
        assert await SpaceWriter(session, world.clock).claim(spaces[0].id, filler=world.upkeep._me)


async def test_removal_takes_the_table_along_but_never_the_live_one(world: World) -> None:
    await world.chunks(3)
    await world.turn()
    old = (await world.search())[0]
    new = await world.start()
    await world.turn()
    async with transaction(world.sessions) as session:
        with pytest.raises(SpaceConflict, match="is live"):
            await SpaceWriter(session, world.clock).remove(old.id)
    await world.go_live(new)
    async with transaction(world.sessions) as session:
        with pytest.raises(SpaceConflict, match="in a minute"):
            await SpaceWriter(session, world.clock).remove(old.id)
    world.clock.advance(timedelta(minutes=2))
    async with transaction(world.sessions) as session:
        await SpaceWriter(session, world.clock).remove(old.id)
    async with read_transaction(world.sessions) as session:
        with pytest.raises(SpaceNotFound):
            await SpaceReader(session).get(old.id)
        assert (await session.execute(text("SELECT count(DISTINCT space_id) FROM ai.chunk_vectors"))).scalar_one() == 1
    assert len((await world.search())[1]) == 3


@hypothesis_settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(["chunks", "turn", "swap", "delete"]), min_size=3, max_size=10))
async def test_a_search_never_mixes_two_spaces(world: World, steps: list[str]) -> None:
    """Whatever happens in between, all of a search's distances are of one space, which was live."""
    async with transaction(world.sessions) as session:
        await session.execute(text("DELETE FROM ai.documents"))
    await world.turn()
    async with read_transaction(world.sessions) as session:
        spaces = [row.id for row in await SpaceReader(session).all()]
    if len(spaces) == 1:
        spaces.append(await world.start())
    for step in steps:
        if step == "chunks":
            await world.chunks(4, words=f" {len(steps)}")
        elif step == "turn":
            await world.turn()
        elif step == "swap":
            live = (await world.search())[0].id
            await world.go_live(next(one for one in spaces if one != live))
        else:
            async with transaction(world.sessions) as session:
                await session.execute(text("DELETE FROM ai.chunks WHERE id IN (SELECT id FROM ai.chunks LIMIT 2)"))
        space, found = await world.search()
        async with read_transaction(world.sessions) as session:
            of_it = text("SELECT chunk_id FROM ai.chunk_vectors WHERE space_id = :space")
            assert set(found) == set((await session.execute(of_it, {"space": space.id})).scalars())
            live_now = await SpaceReader(session).live()
        assert space == live_now


async def test_a_provider_that_is_not_there_is_told(settings: Settings) -> None:
    space = Space(1, "openai", "text-embedding-3-small", 1536, Preparation().dump(), 0.4)
    with pytest.raises(EmbedderUnavailable, match="openai is not configured"):
        await Embedders(settings, ledger=NullLedger()).of(space)


async def test_spaces_over_the_api(client: httpx.AsyncClient, oidc_issuer: Any, settings: Settings) -> None:
    assert (await client.get("/api/v1/rag/spaces")).status_code == 403
    client.headers["Authorization"] = f"Bearer {oidc_issuer.token(sub='root', roles=['admin'])}"
    body = {"provider": "openai_compatible", "model": "e5", "dimensions": 4, "query_prefix": "query: "}
    made = (await client.post("/api/v1/rag/spaces", json=body)).json()["data"]
    assert (made["state"], made["query_prefix"], made["dense_weight"]) == ("building", "query: ", 0.4)
    assert made["progress"] == {"passages": 0, "vectors": 0, "missing": 0, "unindexed": 0}
    again = await client.post("/api/v1/rag/spaces", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "SPACE_CONFLICT")
    live = await client.post(f"/api/v1/rag/spaces/{made['id']}/live")
    assert live.json()["data"]["state"] == "live"
    assert [one["id"] for one in (await client.get("/api/v1/rag/spaces")).json()["data"]] == [made["id"]]
    assert (await client.delete(f"/api/v1/rag/spaces/{made['id']}")).status_code == 409
    assert (await client.get("/api/v1/rag/spaces/999")).status_code == 404
    second = (await client.post("/api/v1/rag/spaces", json=body | {"model": "other"})).json()["data"]
    assert (await client.delete(f"/api/v1/rag/spaces/{second['id']}")).status_code == 204
