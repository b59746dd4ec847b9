"""The engine's gauges: what they say, and what they say when something is away."""

from datetime import timedelta

import pytest
from factories.executions import DAY, add_one
from factories.workers import register
from prometheus_client import REGISTRY, CollectorRegistry
from redis.asyncio import Redis
from sqlalchemy import text

from core_api.lifespan import State
from core_api.modules.gauges.events import EngineGauges
from core_api.modules.gauges.public import GaugeLoop
from core_api.modules.schedulers.public import Instance
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import LoopState
from shared_schemas.events.envelope import event_stream
from shared_schemas.jobs import work_stream
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.messaging.streams import create_redis
from shared_utils.observability.metrics import metrics_bytes
from shared_utils.testing.ports import free_port


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def told_by(registry: CollectorRegistry) -> dict[str, float]:
    lines = metrics_bytes(registry).decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[0] != "#"}


async def test_the_metrics_tell_how_deep_and_how_late_the_engine_is(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, app_state: State
) -> None:
    await register(session, clock)
    for minutes in (2, 4):
        await add_one(session, slot=clock.now() - timedelta(minutes=minutes), priority=15)
    late = clock.now() - timedelta(seconds=30)
    states = [
        LoopState(name="relay", started_at=late, failing=True),
        LoopState(name="x", started_at=late, next_run_at=late),
    ]
    await SchedulerRepository(session).seen(Instance("h", 1, id="s-1"), now=clock.now(), loops=states)
    await session.execute(
        text(
            "INSERT INTO core.daily_loads (id, business_date, trigger, started_at, finished_at, created, already_there,"
            " routines) VALUES (gen_random_uuid(), :day, 'schedule', :at, :at, 1, 0, 1)"
        ),
        {"day": DAY, "at": clock.now() - timedelta(hours=11)},
    )
    await session.commit()
    registry = CollectorRegistry()
    loop = GaugeLoop(sessionmaker, app_state["streams"], clock, cache_answers=yes, gauges=EngineGauges(registry))
    assert await loop.step() == 10.0
    told = told_by(registry)
    assert told['queue_due_executions{band="2"}'] == told['queue_executions{band="2",status="due"}'] == 2
    assert told['queue_oldest_due_seconds{band="2"}'] == told['queue_oldest_seconds{band="2",status="due"}'] == 240
    assert (told['queue_due_executions{band="1"}'], told['queue_running_executions{band="3"}']) == (0, 0)
    alive = (told["schedulers_alive"], told["scheduler_loops_failing"], told["scheduler_loop_late_seconds"])
    assert alive == (1, 1, 30)
    assert (told["streams_redis_up"], told["cache_redis_up"], REGISTRY.get_sample_value("database_up")) == (1, 1, 1)
    slots = (told["workers_slots"], told["workers_free_slots"])
    assert (told['workers{state="alive"}'], slots[0] > 0, slots[0] == slots[1]) == (1, True, True)
    assert (told['queue_day_executions{status="PENDING"}'], told['incidents_open{kind="FAILED"}']) == (2, 0)
    assert told["daily_load_finished_timestamp_seconds"] == (clock.now() - timedelta(hours=11)).timestamp()
    assert 0 < told["daily_load_due_timestamp_seconds"] - told["daily_load_last_date_timestamp_seconds"] < 86_400
    assert told["database_size_bytes"] > 1_000_000
    assert 0 < told["database_connections"] <= told["database_max_connections"]


async def test_running_work_has_an_age_and_a_lease(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, app_state: State
) -> None:
    await add_one(session, slot=clock.now() - timedelta(minutes=4), priority=5)
    await session.execute(
        text(
            "UPDATE core.executions SET status = 'RUNNING', attempt = 1, worker_id = 'w', queued_at = :at,"
            " started_at = :at, lease_until = :until"
        ),
        {"at": clock.now() - timedelta(seconds=90), "until": clock.now() - timedelta(seconds=1)},
    )
    await session.commit()
    registry = CollectorRegistry()
    gauges = EngineGauges(registry)
    await GaugeLoop(sessionmaker, app_state["streams"], clock, cache_answers=yes, gauges=gauges).step()
    told = told_by(registry)
    assert told['queue_oldest_seconds{band="1",status="running"}'] == 90
    assert (told["leases_expired_executions"], told["workers_slots"]) == (1, 0)


async def test_streams_are_told_with_their_groups(
    sessionmaker: SessionFactory, clock: FakeClock, streams_redis: Redis, session: WriteSession
) -> None:
    await register(session, clock)
    await session.commit()
    registry = CollectorRegistry()
    stream = event_stream("worker.lost")
    for _ in range(5):
        await streams_redis.xadd(stream, {"data": "{}"})
    await streams_redis.xadd(f"{stream}.dead", {"data": "{}"})
    await streams_redis.xgroup_create(stream, "g", id="0")
    await streams_redis.xreadgroup("g", "c", {stream: ">"}, count=2)
    await streams_redis.xadd(work_stream("default", 2), {"execution_id": "x"})
    await streams_redis.xgroup_create(work_stream("default", 2), "workers", id="0")
    await GaugeLoop(sessionmaker, streams_redis, clock, cache_answers=yes, gauges=EngineGauges(registry)).step()
    told = told_by(registry)
    labels = '{group="g",stream="worker.lost"}'
    assert (told[f"event_stream_lag_entries{labels}"], told[f"event_stream_pending_entries{labels}"]) == (3, 2)
    lost = '{stream="worker.lost"}'
    assert (told[f"event_stream_entries{lost}"], told[f"event_stream_dead_entries{lost}"]) == (5, 1)
    assert told['work_stream_lag_entries{band="2"}'] == 1
    assert told["streams_redis_memory_used_bytes"] > 0


async def test_what_is_away_is_told_and_the_rest_goes_on(
    sessionmaker: SessionFactory, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = CollectorRegistry()
    away = create_redis(f"redis://127.0.0.1:{free_port()}/0", name="away")
    loop = GaugeLoop(sessionmaker, away, clock, cache_answers=no, gauges=EngineGauges(registry))
    await loop.step()
    told = told_by(registry)
    assert (told["streams_redis_up"], told["cache_redis_up"], told["workers_slots"]) == (0, 0, 0)
    before = REGISTRY.get_sample_value("metrics_refreshed_timestamp_seconds")

    def broken(_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("core_api.modules.gauges.service.read_transaction", broken)
    with pytest.raises(ConnectionRefusedError):
        await loop.step()
    assert REGISTRY.get_sample_value("database_up") == 0
    assert REGISTRY.get_sample_value("metrics_refreshed_timestamp_seconds") == before
    await away.aclose()
