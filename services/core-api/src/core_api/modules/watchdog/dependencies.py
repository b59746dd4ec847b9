"""Wiring of the watchdog, the same for schedulers and for API processes that stand in for them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from core_api.modules.daily_loads import public as daily_loads
from core_api.modules.day_groups import public as day_groups
from core_api.modules.deadlines import public as deadlines
from core_api.modules.incidents import public as incidents
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from core_api.modules.watchdog.schemas import DEFAULT_START_LIMIT
from core_api.modules.watchdog.service import (
    EndingCalendars,
    MissedDeadlines,
    MissingLoads,
    NotStarted,
    SilentSchedulers,
    Standby,
    WatchLoop,
    failed,
    gone_workers,
    recovered_often,
    stuck_queue,
)
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession


async def _unloaded(session: ReadSession, days: Iterable[date], *, by: datetime) -> set[date]:
    wanted = daily_loads.days_begun(await routines.zones_in_use(session), by) | set(days)
    return wanted - await daily_loads.loaded_days(session, from_day=min(wanted))


async def _ending(session: ReadSession, *, today: date, within: timedelta) -> Mapping[str, date]:
    ending = await day_groups.ending_coverage(session, today, within_days=within.days)
    return {item.code: item.coverage_end for item in ending}


def watch_loop(
    sessionmaker: SessionFactory, clock: Clock, *, start_limit: timedelta = DEFAULT_START_LIMIT
) -> WatchLoop:
    """A watchdog with every rule."""

    def ledger_for(session: WriteSession) -> incidents.Ledger:
        return incidents.ledger(session, clock=clock)

    return WatchLoop(
        sessionmaker,
        clock,
        rules=[
            failed,
            gone_workers,
            recovered_often,
            NotStarted(start_limit),
            MissedDeadlines(deadlines.deadlines_of),
            MissingLoads(_unloaded),
            SilentSchedulers(schedulers.alive_count),
            gone_workers,
            stuck_queue,
            EndingCalendars(_ending),
        ],
        ledger_for=ledger_for,
    )


def standby(
    sessionmaker: SessionFactory,
    clock: Clock,
    step: Callable[[], Awaitable[float]],
    *,
    rest: Callable[[], None] = lambda: None,
) -> Standby:
    """`step`, done only while no scheduler is there; `rest` is called whenever one is."""
    return Standby(sessionmaker, clock, alive=schedulers.alive_count, step=step, rest=rest)
