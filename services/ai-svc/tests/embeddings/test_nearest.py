"""The nearest chunks in scope: the right ones, all of them, whatever the way; and never anybody else's."""

import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from vectors import add_chunks, add_list, add_space, add_vectors, cosine, unit

from ai_svc.embeddings import nearest as module
from ai_svc.embeddings.nearest import Nearest, QueryVector
from ai_svc.embeddings.policy import Exact, Walk, Way, choose
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.upkeep import settle
from ai_svc.embeddings.vectors import vectors_for
from shared_utils.clock import SystemClock
from shared_utils.db.session import sessionmaker_for, undone

# More of them with, for example, DENSE_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("DENSE_EXAMPLES", "25"))
WALK = Walk(candidates=40, ef=200, scanned=20_000)


@pytest.fixture
async def session(engine: Any) -> Any:
    """One transaction that is never committed."""
    async with sessionmaker_for(engine)() as session:
        yield session
        await session.rollback()


@pytest.fixture(params=[Exact(), WALK], ids=["exact", "walk"])
def way(request: Any, monkeypatch: pytest.MonkeyPatch) -> Way:
    """Takes this way, whatever the counts say."""
    monkeypatch.setattr(module, "choose", lambda **_: request.param)
    return request.param


async def find(
    session: Any, space: Any, question: list[float], scope: list[int], limit: int = 10, **more: Any
) -> list[int]:
    query = QueryVector(space=space, values=question)
    found = await Nearest(SystemClock()).find(session, query=query, scope=scope, limit=limit, **more)
    assert [near.similarity for near in found] == sorted((near.similarity for near in found), reverse=True)
    return [near.chunk_id for near in found]


async def test_the_nearest_of_the_scope_in_order_settled_or_not(session: Any, way: Way) -> None:
    space = await add_space(session)
    mine, other = await add_list(session, "user:ana"), await add_list(session, "user:bia")
    vectors = [unit(seed) for seed in range(300)]
    ids = await add_vectors(session, space, mine, vectors)
    await add_vectors(session, space, other, vectors)
    assert await settle(session, space.id, rows=400) == 400
    question = unit(7)
    best = sorted(range(300), key=lambda place: -cosine(vectors[place], question))[:10]
    assert await find(session, space, question, [mine]) == [ids[place] for place in best]


async def test_similarity_is_the_cosine(session: Any, way: Way) -> None:
    space = await add_space(session)
    mine = await add_list(session, "*")
    await add_vectors(session, space, mine, [unit(1), unit(2)])
    await settle(session, space.id, rows=1)
    query = QueryVector(space=space, values=unit(1))
    first, second = await Nearest(SystemClock()).find(session, query=query, scope=[mine], limit=2)
    assert first.similarity == pytest.approx(1, abs=1e-3)
    assert second.similarity == pytest.approx(cosine(unit(1), unit(2)), abs=1e-3)


async def test_a_walk_that_finds_too_few_gives_way_to_comparing_all(session: Any, monkeypatch: Any) -> None:
    """Everything near the question belongs to somebody else: the index alone would find nothing."""
    monkeypatch.setattr(module, "choose", lambda **_: Walk(candidates=40, ef=1, scanned=1))
    space = await add_space(session)
    mine, other = await add_list(session, "user:ana"), await add_list(session, "user:bia")
    near, far = unit(1), [-number for number in unit(1)]
    await add_vectors(session, space, other, [near] * 200)
    ids = await add_vectors(session, space, mine, [far] * 3)
    await settle(session, space.id, rows=1000)
    assert await find(session, space, near, [mine]) == ids


async def test_chosen_documents_only(session: Any) -> None:
    space = await add_space(session)
    mine, other = await add_list(session, "user:ana"), await add_list(session, "user:bia")
    wanted = await add_vectors(session, space, mine, [unit(1), unit(2)])
    await add_vectors(session, space, mine, [unit(1)])
    hidden = await add_vectors(session, space, other, [unit(1)])
    documents = (
        await session.execute(
            text("SELECT DISTINCT document_id FROM ai.chunks WHERE id = ANY(:ids)"), {"ids": wanted + hidden}
        )
    ).scalars()
    assert await find(session, space, unit(1), [mine], documents=list(documents)) == wanted
    assert await find(session, space, unit(1), [mine], documents=[]) == []


async def test_nothing_without_a_scope(session: Any) -> None:
    space = await add_space(session)
    mine = await add_list(session, "user:ana")
    await add_vectors(session, space, mine, [unit(1)])
    assert await find(session, space, unit(1), []) == []
    assert await find(session, space, unit(1), [mine + 1000]) == []


@pytest.fixture
async def space(session: Any) -> Space:
    return await add_space(session)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_nobody_ever_finds_what_they_may_not_read(
    session: Any, space: Space, way: Way, data: st.DataObject
) -> None:
    """Random lists, users and roles; chunks that move between lists and are deleted; both ways, settled or not."""
    people = [f"user:{name}" for name in "abcde"] + ["role:viewer", "role:operator", "*"]
    lists = data.draw(
        st.lists(st.frozensets(st.sampled_from(people), min_size=1, max_size=4), min_size=1, max_size=6, unique=True)
    )
    principals = data.draw(st.frozensets(st.sampled_from(people), min_size=1, max_size=3))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    async with undone(session):
        readable: dict[int, bool] = {}
        ids: list[int] = []
        for readers in lists:
            one = await add_list(session, *sorted(readers))
            readable[one] = bool(readers & principals)
            ids += await add_vectors(
                session, space, one, [unit(chance.randrange(50)) for _ in range(chance.randrange(1, 12))]
            )
        await settle(session, space.id, rows=chance.randrange(0, len(ids) + 1))
        await _disturb(session, chance, list(readable), ids)
        scope = [one for one, may in readable.items() if may]
        truth = await session.execute(text("SELECT id FROM ai.chunks WHERE access_id = ANY(:scope)"), {"scope": scope})
        allowed = set(truth.scalars())
        found = await find(session, space, unit(chance.randrange(50)), scope, limit=20)
    assert set(found) <= allowed
    assert len(found) == min(20, len(allowed)), "nothing that may be read is kept back either"


async def _disturb(session: Any, chance: random.Random, lists: list[int], ids: list[int]) -> None:
    moved = chance.sample(ids, k=len(ids) // 3)
    statement = text("UPDATE ai.chunks SET access_id = :list WHERE id = ANY(:ids)")
    await session.execute(statement, {"list": chance.choice(lists), "ids": moved})
    gone = chance.sample(ids, k=len(ids) // 4)
    await session.execute(text("DELETE FROM ai.chunks WHERE id = ANY(:ids)"), {"ids": gone})


async def test_vectors_go_and_move_with_their_chunks(session: Any) -> None:
    space = await add_space(session)
    mine, other = await add_list(session, "user:ana"), await add_list(session, "user:bia")
    gone, moved = await add_vectors(session, space, mine, [unit(1), unit(2)])
    await session.execute(text("DELETE FROM ai.chunks WHERE id = :id"), {"id": gone})
    await session.execute(text("UPDATE ai.chunks SET access_id = :list WHERE id = :id"), {"list": other, "id": moved})
    rows = (await session.execute(text("SELECT chunk_id, access_id FROM ai.chunk_vectors"))).all()
    assert [tuple(row) for row in rows] == [(moved, other)]


async def test_a_vector_of_another_space_is_refused(session: Any) -> None:
    """A space's table holds vectors of its own length only, and a question is compared in its own space's table."""
    eight, four = await add_space(session), await add_space(session, model="small", dimensions=4, live=False)
    mine = await add_list(session, "*")
    in_eight = await add_vectors(session, eight, mine, [unit(1)])
    in_four = await add_vectors(session, four, mine, [unit(1, 4)])
    assert await find(session, eight, unit(1), [mine]) == in_eight
    assert await find(session, four, unit(1, 4), [mine]) == in_four
    (chunk,) = await add_chunks(session, access_id=mine, count=1)
    with pytest.raises(Exception, match="chunk_vectors_s"):
        await vectors_for(session).add(eight.id, [(chunk, mine, b"x", unit(1, 4))])


async def test_plans_walk_the_index_or_read_the_scope(session: Any) -> None:
    """Also when the statement has been run so often that PostgreSQL would plan it without knowing the question."""
    space = await add_space(session)
    lists = [await add_list(session, f"user:{name}") for name in "abcdefghij"]
    for one in lists:
        await add_vectors(session, space, one, [unit(seed) for seed in range(200)])
    await settle(session, space.id, rows=1900)
    walk = await _plan(session, module._walk(space.id, 8, 40, 10), lists[:5], walked=True)
    assert f"ix_chunk_vectors_s{space.id}_hnsw" in walk
    assert "Seq Scan" not in walk
    exact = await _plan(session, module._exact(space.id, 10), lists[:1], walked=False)
    assert "access_id_idx" in exact
    assert "hnsw" not in exact


async def _plan(session: Any, statement: Any, scope: list[int], *, walked: bool) -> str:
    """The plan of a prepared statement that PostgreSQL makes without knowing the values."""
    if walked:
        await session.execute(module._SETTINGS, {"ef": "120", "scanned": "20000"})
    await session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    values = {"question": "[" + ",".join(["0.5"] * 8) + "]", "scope": scope}
    options = {"render_postcompile": True}
    compiled = statement.params(**values).compile(session.bind.sync_engine, compile_kwargs=options)
    literals = {"question": f"'{values['question']}'", "scope": f"'{{{','.join(map(str, scope))}}}'"}
    arguments = ", ".join(literals[name] for name in compiled.positiontup)
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    await connection.execute(f"PREPARE found AS {compiled}")
    rows = await connection.fetch(f"EXPLAIN EXECUTE found ({arguments})")
    await connection.execute("DEALLOCATE found")
    await session.execute(module._UNSET)
    return "\n".join(row[0] for row in rows)


def test_small_scopes_are_read_whole_and_wide_ones_walked() -> None:
    assert choose(rows_in_scope=100, rows_in_space=100_000, limit=10) == Exact()
    assert choose(rows_in_scope=10_000, rows_in_space=100_000, limit=10) == Exact()
    assert choose(rows_in_scope=30_000, rows_in_space=10_000_000, limit=10) == Exact()
    assert choose(rows_in_scope=100_000, rows_in_space=100_000, limit=10) == Walk(candidates=30, ef=220, scanned=20_000)
    narrow = choose(rows_in_scope=100_000, rows_in_space=1_000_000, limit=20)
    assert narrow == Walk(candidates=40, ef=695, scanned=20_000)
    assert choose(rows_in_scope=30_000, rows_in_space=100_000, limit=10) == Exact()
    assert choose(rows_in_scope=200_000, rows_in_space=10_000_000, limit=10) == Walk(100, ef=1000, scanned=20_000)
