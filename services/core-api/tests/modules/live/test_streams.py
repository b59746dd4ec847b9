"""Live streams: an execution's log until it ends, and everything that happens (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.executions import add_one, force
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import text

from core_api.main import create_app
from core_api.migrate import MIGRATIONS
from core_api.modules.attempts.public import LogPosition
from core_api.modules.live.public import EventFeed, LogFollower, running_feed
from core_api.modules.live.schemas import Announced
from core_api.modules.live.service import WAITING_EVENTS, Subscriber, watch_events
from core_api.modules.upkeep.public import event_types
from core_api.settings import Settings
from shared_schemas.auth import Role
from shared_schemas.events.envelope import event_stream
from shared_utils.clock import FakeClock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener
from shared_utils.db.session import WriteSession, sessionmaker_for, transaction
from shared_utils.http.server import embedded_server
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.oidc_issuer import OidcIssuer
from shared_utils.testing.ports import free_port
from shared_utils.testing.waiting import until

STARTED = event_stream("execution.started")


def parse(body: str) -> list[dict[str, str]]:
    """The events of a stream, as a browser would read them."""
    events = []
    for block in body.split("\n\n"):
        fields = [line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":")]
        if any(name in ("event", "data") for name, _ in fields):
            events.append(dict(fields))
    return events


async def add_lines(session: WriteSession, execution: UUID, first: int, last: int, *, attempt: int = 1) -> None:
    await session.execute(
        text("""
            INSERT INTO core.execution_logs (execution_id, attempt, seq, at, level, message)
            SELECT :id, :attempt, seq, now(), 'INFO', 'line ' || seq FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS seq
        """),
        {"id": execution, "attempt": attempt, "first": first, "last": last},
    )


# --- logs ------------------------------------------------------------------------------------------------------------


async def test_a_finished_log_is_sent_whole_and_ends(session: WriteSession, as_viewer: httpx.AsyncClient) -> None:
    execution = await add_one(session)
    await force(session, execution, status="SUCCEEDED", attempt=2)
    await add_lines(session, execution, 1, 3)
    await add_lines(session, execution, 1, 1200, attempt=2)
    await session.commit()
    answer = await as_viewer.get(f"/api/v1/executions/{execution}/logs/stream")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache"
    events = parse(answer.text)
    assert [event["event"] for event in events] == ["line"] * 1203 + ["status", "end"]
    assert [event["id"] for event in events[:4]] == ["1:1", "1:2", "1:3", "2:1"]
    assert json.loads(events[1202]["data"])["message"] == "line 1200"
    assert json.loads(events[1203]["data"])["status"] == "SUCCEEDED"


async def test_a_reader_goes_on_where_it_was(session: WriteSession, as_viewer: httpx.AsyncClient) -> None:
    execution = await add_one(session)
    await force(session, execution, status="FAILED", attempt=2)
    await add_lines(session, execution, 1, 5)
    await add_lines(session, execution, 1, 2, attempt=2)
    await session.commit()
    answer = await as_viewer.get(f"/api/v1/executions/{execution}/logs/stream", headers={"Last-Event-ID": "1:4"})
    assert [event.get("id") for event in parse(answer.text)] == ["1:5", "2:1", "2:2", None, None]


@pytest.mark.parametrize("position", ["x", "1", "1:", ":1", "1:-1", "-1:1", "1:99999999999", "１:１"])
async def test_a_position_that_is_none_is_refused(
    position: str, session: WriteSession, as_viewer: httpx.AsyncClient
) -> None:
    execution = await add_one(session)
    await session.commit()
    headers = {"Last-Event-ID": position.encode()}
    answer = await as_viewer.get(f"/api/v1/executions/{execution}/logs/stream", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "LOG_POSITION_INVALID")


async def test_a_stream_of_nothing_is_a_404(as_viewer: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    url = f"/api/v1/executions/{UUID(int=1)}/logs/stream"
    assert (await as_viewer.get(url)).json()["code"] == "EXECUTION_NOT_FOUND"
    assert (await anonymous.get(url)).status_code == 401
    assert (await anonymous.get("/api/v1/events/stream")).status_code == 401


async def test_a_log_is_followed_live_until_its_end(fresh_database: Callable[..., ServiceDatabase]) -> None:
    """On committed data: each piece comes when its notification does, long before the next look by the clock."""
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    sessions = sessionmaker_for(engine)
    async with transaction(sessions) as session:
        execution = await add_one(session)
        await force(session, execution, status="RUNNING", attempt=1, worker_id="w")

    async def write(first: int, last: int, **columns: Any) -> None:
        async with transaction(sessions) as session:
            await add_lines(session, execution, first, last)
            await force(session, execution, **columns)
            await session.execute(text("SELECT pg_notify('core_logs', :id)"), {"id": str(execution)})

    async with Listener(database.runtime_url) as listener:
        follower = LogFollower(sessions, listener, SystemClock(), stop=asyncio.Event())
        news = follower.follow(execution, after=LogPosition())
        async with asyncio.timeout(20):
            first = await anext(news)
            assert (first.kind, first.data.status) == ("status", "RUNNING")
            await listener.wait_connected()
            await write(1, 2)
            assert [(await anext(news)).position for _ in range(2)] == ["1:1", "1:2"]
            await write(3, 3, progress=0.5)
            assert (await anext(news)).position == "1:3"
            told = await anext(news)
            assert (told.kind, told.data.progress) == ("status", 0.5)
            await write(4, 4, status="SUCCEEDED")
            assert [(await anext(news)).kind for _ in range(3)] == ["line", "status", "end"]
            with pytest.raises(StopAsyncIteration):
                await anext(news)
    await engine.dispose()


async def test_a_followed_log_ends_when_the_process_stops(
    session: WriteSession, sessionmaker: Any, app_state: Any, clock: FakeClock
) -> None:
    execution = await add_one(session)
    await session.commit()
    stop = asyncio.Event()
    follower = LogFollower(sessionmaker, app_state["listener"], clock, stop=stop)
    news = follower.follow(execution, after=LogPosition())
    assert (await anext(news)).kind == "status"
    stop.set()
    async with asyncio.timeout(5):
        with pytest.raises(StopAsyncIteration):
            await anext(news)


# --- everything ------------------------------------------------------------------------------------------------------


def envelope(number: int) -> dict[str, str]:
    return {
        "data": json.dumps(
            {"event_id": f"e-{number}", "event_type": "execution.started", "payload": {"execution_id": f"x-{number}"}}
        )
    }


async def test_every_reader_gets_what_happens_from_now_on(streams_redis: Redis, redis_streams_url: str) -> None:
    await streams_redis.xadd(STARTED, envelope(0))
    reader = create_redis(redis_streams_url, name="feed", blocking=True)
    async with running_feed(EventFeed(reader, event_types())) as feed:
        with feed.subscribe() as one, feed.subscribe() as other:
            seen: list[list[str]] = [[], []]

            async def first() -> bool:
                # The feed finds its place first; what came before is not sent.
                await streams_redis.xadd(STARTED, envelope(1))
                async with asyncio.timeout(0.2):
                    seen[0].append((await one.next()).event_id or "")
                return True

            async def came() -> bool:
                try:
                    return await first()
                except TimeoutError:
                    return False

            await until(came, what="an event")
            await streams_redis.xadd("events:routine.updated", {**envelope(2)})
            await streams_redis.xadd("events:document.indexed", {**envelope(9)})
            await streams_redis.xadd(STARTED, {"no": "event"})
            await streams_redis.xadd(STARTED, envelope(3))
            async with asyncio.timeout(5):
                while "e-3" not in seen[1]:
                    seen[1].append((await other.next()).event_id or "")
            assert set(seen[1]) == {"e-1", "e-2", "e-3"}
    await reader.aclose()


async def test_a_reader_that_falls_behind_is_told_to_load_again() -> None:
    subscriber = Subscriber()
    for number in range(WAITING_EVENTS + 3):
        subscriber.put(Announced(str(number), "execution.started", "{}"))
    assert (await subscriber.next()).event_type == "resync"
    assert [(await subscriber.next()).event_id for _ in range(3)] == [str(WAITING_EVENTS + n) for n in range(3)]


async def test_a_stream_ends_after_its_longest_time_so_that_withdrawn_access_ends(
    redis_streams_url: str, clock: FakeClock
) -> None:
    feed = EventFeed(create_redis(redis_streams_url, name="feed"), event_types())
    events = watch_events(feed, stop=asyncio.Event(), clock=clock)
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    feed.announce(envelope(1))
    assert (await first).event_id == "e-1"
    clock.advance(timedelta(minutes=15))
    with pytest.raises(StopAsyncIteration):
        await anext(events)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    port = free_port()
    server = embedded_server(app, host="127.0.0.1", port=port)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, what="the server")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def test_events_over_a_real_connection(settings: Settings, streams_redis: Redis, oidc_issuer: OidcIssuer) -> None:
    token = oidc_issuer.token("viewer-1", roles=[Role.VIEWER])
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        served(create_app(settings)) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as client,
        client.stream("GET", "/api/v1/events/stream") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["x-accel-buffering"] == "no"
        lines = answer.aiter_lines()
        async with asyncio.timeout(10):
            assert await anext(lines) == ": connected"
            await streams_redis.xadd(STARTED, envelope(7))
            received = await _next_event(lines)
    assert received["event"] == "execution.started"
    assert received["id"] == "e-7"
    assert json.loads(received["data"]) == {"execution_id": "x-7"}


async def _next_event(lines: AsyncIterator[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    async for line in lines:
        if not line and "event" in fields:
            return fields
        name, _, value = line.partition(": ")
        fields[name] = value
    raise AssertionError("the stream ended")
