"""Statistics: made in the background as runs end, read at once, kept when the runs have gone."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.engine import Row

from core_api.modules.stats.exceptions import RangeInvalid
from core_api.modules.stats.repository import StatsRepository
from core_api.modules.stats.schemas import DaysRead, DayStats, Numbers, RoutineOrder, RoutinesRead, RoutineStats
from shared_utils.clock import Clock, home_date
from shared_utils.db.session import SessionFactory, WriteSession, transaction

AGGREGATE_SECONDS: Final = 60.0
ANOTHERS_TURN_SECONDS: Final = 5.0
OVERLAP: Final = timedelta(seconds=60)
"""A change is stamped when its transaction begins and seen when it commits; none lasts longer than this."""
MOST_AT_ONCE: Final = timedelta(days=4)
DEFAULT_DAYS: Final = 30
MOST_DAYS: Final = 400


async def aggregate(session: WriteSession, clock: Clock) -> datetime | None:
    """Makes anew what changed since the last time, some days at most; returns until when (None: another's turn)."""
    stats = StatsRepository(session)
    known = await stats.take_turn()
    if known is None:
        return None
    until = max(min(known + MOST_AT_ONCE, clock.now()), known)
    days = await stats.aggregate(since=known - OVERLAP, until=until)
    if days:
        await stats.sum_days(days)
    await stats.set_progress(until)
    return until


class StatsLoop:
    """Keeps the numbers up to date."""

    def __init__(self, sessionmaker: SessionFactory, clock: Clock) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            until = await aggregate(session, self._clock)
        if until is None:
            return ANOTHERS_TURN_SECONDS
        return AGGREGATE_SECONDS if until >= self._clock.now() - OVERLAP else 0.0


class StatsReads:
    """Numbers by day and by routine. Years of days cost no more than their rows."""

    def __init__(self, stats: StatsRepository, clock: Clock) -> None:
        self._stats = stats
        self._clock = clock

    async def days(self, *, start: date | None, end: date | None, routine_id: UUID | None = None) -> DaysRead:
        """Day by day, of one routine or of all."""
        first, last, today = self._range(start, end)
        rows = await self._stats.days(start=first, end=last, today=today, routine_id=routine_id)
        total = await self._stats.total(start=first, end=last, today=today, routine_id=routine_id)
        days = [DayStats(business_date=row.business_date, numbers=_numbers(row)) for row in rows]
        return DaysRead(start=first, end=last, total=_numbers(total), days=days)

    async def routines(self, *, start: date | None, end: date | None, order: RoutineOrder, limit: int) -> RoutinesRead:
        """Routine by routine."""
        first, last, today = self._range(start, end)
        rows = await self._stats.routines(start=first, end=last, today=today, order=order, limit=limit)
        total = await self._stats.total(start=first, end=last, today=today, routine_id=None)
        routines = [
            RoutineStats(routine_id=row.routine_id, name=row.name, title=row.title, numbers=_numbers(row))
            for row in rows
        ]
        return RoutinesRead(start=first, end=last, total=_numbers(total), routines=routines)

    def _range(self, start: date | None, end: date | None) -> tuple[date, date, date]:
        today = home_date(self._clock.now())
        last = end or max(today, start or today)
        first = start or last - timedelta(days=DEFAULT_DAYS - 1)
        if first > last:
            raise RangeInvalid(f"{first} is after {last}: give `start` the earlier date.")
        if (last - first).days >= MOST_DAYS:
            raise RangeInvalid(f"{first} to {last} is longer than {MOST_DAYS} days: ask for one part after the other.")
        return first, last, today


def _numbers(row: Row[Any]) -> Numbers:
    runs = row.succeeded + row.failed
    return Numbers(
        runs=runs,
        succeeded=row.succeeded,
        failed=row.failed,
        skipped=row.skipped,
        cancelled=row.cancelled,
        with_warnings=row.with_warnings,
        recoveries=row.recoveries,
        success_rate=row.succeeded / runs if runs else None,
        error_rate=row.failed / runs if runs else None,
        mean_duration_seconds=row.duration_sum / row.durations if row.durations else None,
        p95_duration_seconds=row.duration_p95,
        mean_start_delay_seconds=row.delay_sum / row.delays if row.delays else None,
        p95_start_delay_seconds=row.delay_p95,
    )
