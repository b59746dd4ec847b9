"""GET /api/v1/ai/episodes: newest first, page by page, for whoever may look."""

from datetime import timedelta
from typing import Any

import ai_events
import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.memory import consumers
from ai_svc.memory.repository import EpisodeReader
from shared_utils.db.engine import create_engine
from shared_utils.db.session import WriteSession, sessionmaker_for, transaction
from shared_utils.testing.sessions import savepoint_session

URL = "/api/v1/ai/episodes"


async def remember(database: Any, count: int) -> None:
    """`count` episodes, two per minute: failures and loads in turns, so that equal instants need the id to be told apart."""
    engine = create_engine(database.runtime_url, application_name="test-ai")
    async with transaction(sessionmaker_for(engine)) as session:
        for number in range(count):
            payload = ai_events.failed(attempt=number) if number % 2 else ai_events.loaded(rows=number)
            at = ai_events.NOON + timedelta(minutes=number // 2)
            await consumers.remember(session, ai_events.message(payload, occurred_at=at))
    await engine.dispose()


async def read_all(client: httpx.AsyncClient, **params: Any) -> list[list[dict[str, Any]]]:
    pages: list[list[dict[str, Any]]] = []
    cursor = None
    while True:
        answer = await client.get(URL, params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        body = answer.json()
        pages.append(body["data"])
        assert body["meta"]["has_more"] == (body["meta"]["next_cursor"] is not None)
        cursor = body["meta"]["next_cursor"]
        if cursor is None:
            return pages


async def test_pages_cover_everything_once_newest_first(client: httpx.AsyncClient, database: Any) -> None:
    await remember(database, 11)
    pages = await read_all(client, limit=4)
    assert [len(page) for page in pages] == [4, 4, 3]
    rows = [row for page in pages for row in page]
    keys = [(row["occurred_at"], row["event_id"]) for row in rows]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == 11
    assert rows[0]["summary"]["rows"] == 10


async def test_one_type_can_be_asked_for(client: httpx.AsyncClient, database: Any) -> None:
    await remember(database, 7)
    rows = [row for page in await read_all(client, limit=2, event_type="execution.failed") for row in page]
    assert [row["summary"]["attempt"] for row in rows] == [5, 3, 1]


async def test_nothing_remembered_is_an_empty_page(client: httpx.AsyncClient) -> None:
    answer = await client.get(URL)
    body = answer.json()
    assert (answer.status_code, body["status"], body["data"]) == (200, "success", [])
    assert body["meta"] == {"limit": 50, "has_more": False, "next_cursor": None}
    assert body["request_id"] == answer.headers["X-Request-ID"]


async def test_the_alias_without_a_version_answers_the_same(client: httpx.AsyncClient, database: Any) -> None:
    await remember(database, 1)
    assert (await client.get("/api/ai/episodes")).json()["data"] == (await client.get(URL)).json()["data"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"cursor": "nonsense"}, "INVALID_CURSOR"),
        ({"cursor": "eyJhdCI6ICJ5ZXN0ZXJkYXkifQ"}, "INVALID_CURSOR"),
        ({"limit": 0}, "INVALID"),
        ({"limit": 201}, "INVALID"),
        ({"event_type": "execution.succeeded"}, "INVALID"),
    ],
)
async def test_bad_questions_are_answered_with_a_code(client: httpx.AsyncClient, params: Any, code: str) -> None:
    answer = await client.get(URL, params=params)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (422, "error", code)


async def test_without_a_token_it_is_401_with_a_challenge(client: httpx.AsyncClient) -> None:
    answer = await client.get(URL, headers={"Authorization": ""})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_token_without_a_role_is_403(client: httpx.AsyncClient, oidc_issuer: Any) -> None:
    stranger = oidc_issuer.token(sub="stranger", roles=["accounting"])
    answer = await client.get(URL, headers={"Authorization": f"Bearer {stranger}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_REQUIRED")


@pytest.mark.parametrize(
    ("event_type", "index"),
    [
        (None, "ix_episodes_occurred_at_event_id"),
        ("worker.lost", "ix_episodes_event_type_occurred_at_event_id"),
    ],
)
async def test_pages_are_read_through_an_index(engine: AsyncEngine, event_type: str | None, index: str) -> None:
    async with savepoint_session(engine) as session:
        await session.execute(
            text(
                "INSERT INTO ai.episodes (event_id, event_type, occurred_at, source_service, correlation_id, summary) "
                "SELECT gen_random_uuid(), CASE WHEN n % 50 = 0 THEN 'worker.lost' ELSE 'execution.failed' END, "
                "now() - n * interval '1 minute', 'core-api', 'c', '{}' FROM generate_series(1, 20000) n"
            )
        )
        # Fresh rows have no statistics: without these the planner may guess that sorting a handful is cheaper. It still
        # sorts when no index gives the order, which is what this test is about.
        await session.execute(
            text("SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)")
        )
        plan = await explained(session, engine, event_type)
    assert index in plan
    assert "Sort" not in plan


async def explained(session: WriteSession, engine: AsyncEngine, event_type: str | None) -> str:
    """The plan of the repository's own query."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        await EpisodeReader(session).newest(limit=50, event_type=event_type, before=None)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = sent[-1]
    connection = await session.connection()
    return "\n".join((await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)).scalars())
