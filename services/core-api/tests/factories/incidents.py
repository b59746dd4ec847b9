"""What the watchdog sees and what people get, for tests."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from core_api.modules.incidents.public import IncidentRead
from core_api.modules.watchdog.public import WatchLoop, watch_loop
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession


class Watch:
    """A watchdog of one process, with a clock that the test moves."""

    def __init__(self, sessionmaker: SessionFactory, clock: FakeClock, **options: Any) -> None:
        self.loop: WatchLoop = watch_loop(sessionmaker, clock, **options)
        self._sessionmaker = sessionmaker
        self._clock = clock

    async def look(self, *, after: float = 0, every: float = 5) -> list[IncidentRead]:
        """Looks every few seconds for `after` seconds, and once at their end; returns everything that was ever open."""
        until = self._clock.now() + timedelta(seconds=after)
        while self._clock.now() < until:
            self._clock.set(min(self._clock.now() + timedelta(seconds=every), until))
            await self.loop.step()
        if not after:
            await self.loop.step()
        return await self.incidents()

    async def incidents(self, *kinds: str) -> list[IncidentRead]:
        async with self._sessionmaker() as session:
            rows = await session.execute(text("SELECT * FROM core.incidents ORDER BY id"))
            found = [IncidentRead.model_validate(row) for row in rows]
        return [incident for incident in found if not kinds or incident.kind in kinds]


async def scheduler_seen(session: WriteSession, clock: FakeClock, name: str = "scheduler-1") -> None:
    """A scheduler says that it is there."""
    await session.execute(
        text(
            "INSERT INTO core.scheduler_instances (id, host, pid, started_at, last_seen_at) VALUES (:id, 'h', 1, :at, :at)"
            " ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at"
        ),
        {"id": name, "at": clock.now()},
    )
    await session.commit()


async def loaded(session: WriteSession, clock: FakeClock, day: Any) -> None:
    """A day that was loaded."""
    await session.execute(
        text(
            "INSERT INTO core.daily_loads (id, business_date, trigger, started_at, finished_at, created, already_there,"
            " routines) VALUES (uuidv7(), :day, 'schedule', :at, :at, 0, 0, 0)"
        ),
        {"day": day, "at": clock.now()},
    )
    await session.commit()
