"""When a lease says something: only while it can be renewed (E7: no healthy run is ever declared dead)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from factories.executions import add_one, force, row_of
from factories.workers import LEASE_SECONDS, register
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core_api.modules.dispatch.public import SweepLoop
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession


@pytest.fixture
async def running(session: WriteSession, clock: FakeClock) -> UUID:
    """A run whose worker fell silent this moment."""
    await register(session, clock)
    execution = await add_one(session)
    lease = clock.now() + timedelta(seconds=LEASE_SECONDS)
    await force(session, execution, status="RUNNING", attempt=1, worker_id="worker-one", lease_until=lease)
    await session.commit()
    return execution


class Engine:
    """The sweep, an API process that may come and go, and seconds that pass."""

    def __init__(self, session: WriteSession, sessionmaker: Any, clock: FakeClock, *, steady: bool) -> None:
        self._session = session
        self._clock = clock
        self.loop = SweepLoop(sessionmaker, clock, lease_seconds=LEASE_SECONDS, requeue_after_seconds=5, steady=steady)
        self.api_since: datetime | None = clock.now() - timedelta(hours=1)

    async def pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            self._clock.advance(timedelta(seconds=1))
            await self._session.execute(text("DELETE FROM core.scheduler_instances WHERE kind = 'api'"))
            if self.api_since is not None:
                await self._session.execute(
                    text("INSERT INTO core.scheduler_instances VALUES ('a', 'h', 1, :since, :now, 'api')"),
                    {"since": self.api_since, "now": self._clock.now()},
                )
            await self._session.commit()
            await self.loop.step()


@pytest.fixture
def engine(session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock) -> Engine:
    return Engine(session, sessionmaker, clock, steady=True)


async def status(session: WriteSession, execution: UUID) -> str:
    return str((await row_of(session, execution)).status)


async def test_e07_a_silent_worker_is_noticed_after_its_lease(
    engine: Engine, running: UUID, session: WriteSession
) -> None:
    await engine.pass_seconds(9)
    assert await status(session, running) == "RUNNING"
    await engine.pass_seconds(1)
    assert await status(session, running) == "RECOVERY"


async def test_e07_while_no_api_is_there_to_beat_to_nothing_is_lost(
    engine: Engine, running: UUID, session: WriteSession, clock: FakeClock
) -> None:
    engine.api_since = None
    await engine.pass_seconds(60)
    assert await status(session, running) == "RUNNING"
    engine.api_since = clock.now()
    await engine.pass_seconds(8)
    assert await status(session, running) == "RUNNING"
    await engine.pass_seconds(2)
    assert await status(session, running) == "RECOVERY"


async def test_e07_after_a_start_workers_get_a_whole_lease(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, running: UUID
) -> None:
    clock.advance(timedelta(minutes=10))
    fresh = Engine(session, sessionmaker, clock, steady=False)
    await fresh.pass_seconds(9)
    assert await status(session, running) == "RUNNING"
    await fresh.pass_seconds(1)
    assert await status(session, running) == "RECOVERY"


async def test_e07_after_an_outage_of_postgresql_workers_get_a_whole_lease(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, running: UUID
) -> None:
    away = False

    def sessions() -> Any:
        if away:
            raise OperationalError("connect", None, OSError("connection refused"))
        return sessionmaker()

    sessions.kw = sessionmaker.kw  # type: ignore[attr-defined]
    engine = Engine(session, sessions, clock, steady=True)
    await engine.pass_seconds(3)
    away = True
    with pytest.raises(OperationalError):
        await engine.pass_seconds(1)
    clock.advance(timedelta(seconds=30))
    away = False
    await engine.pass_seconds(9)
    assert await status(session, running) == "RUNNING"
    await engine.pass_seconds(1)
    assert await status(session, running) == "RECOVERY"


async def test_e07_a_run_that_heartbeats_for_hours_is_never_lost(
    engine: Engine, running: UUID, session: WriteSession, clock: FakeClock
) -> None:
    for _ in range(120):
        until = clock.now() + timedelta(seconds=LEASE_SECONDS)
        await force(session, running, lease_until=until)
        await session.execute(text("UPDATE core.workers SET lease_until = :until"), {"until": until})
        await engine.pass_seconds(3)
    assert await status(session, running) == "RUNNING"
    assert await session.scalar(text("SELECT lost_at FROM core.workers")) is None
