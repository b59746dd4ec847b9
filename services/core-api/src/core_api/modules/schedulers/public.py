"""What other modules may ask of schedulers and tell their log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import PRESENCE_SECONDS, Instance, LogEvent, Note, SchedulerRead
from core_api.modules.schedulers.service import (
    Loop,
    LoopRunner,
    PresenceLoop,
    SchedulerReads,
    Spaced,
    present,
    silent_since,
)
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "Instance",
    "LogEvent",
    "Loop",
    "LoopRunner",
    "Note",
    "PresenceLoop",
    "SchedulerRead",
    "Spaced",
    "alive_count",
    "api_is_steady",
    "forget_old",
    "gone",
    "instances",
    "note",
    "present",
    "seen",
]

_KEEP_LOG: Final = timedelta(days=30)
_KEEP_INSTANCES: Final = timedelta(days=1)
_BATCH: Final = 10_000


async def note(session: WriteSession, notes: Sequence[Note], *, now: datetime) -> None:
    """Writes lines into the scheduler's log, in the transaction of what they tell."""
    if notes:
        await SchedulerRepository(session).note(notes, now=now)


async def seen(session: WriteSession, instance: Instance, *, now: datetime) -> None:
    """Notes that a scheduler is alive."""
    await SchedulerRepository(session).seen(instance, now=now)


async def gone(session: WriteSession, instance: Instance) -> None:
    """Notes that a scheduler stops."""
    await SchedulerRepository(session).gone(instance.id)


async def alive_count(session: ReadSession, *, now: datetime) -> int:
    """How many schedulers were seen lately."""
    return await SchedulerRepository(session).alive(since=silent_since(now))


async def api_is_steady(session: ReadSession, *, now: datetime, for_seconds: float) -> bool:
    """Whether some API process has been there for so long, so that every live worker could reach one."""
    return await SchedulerRepository(session).api_steady(
        started_before=now - timedelta(seconds=for_seconds), seen_after=now - timedelta(seconds=3 * PRESENCE_SECONDS)
    )


async def instances(session: ReadSession, *, clock: Clock) -> list[SchedulerRead]:
    """All schedulers that were seen within a day."""
    return await SchedulerReads(SchedulerRepository(session), clock).instances()


async def forget_old(session: WriteSession, *, now: datetime) -> int:
    """Removes schedulers not seen for a day and a batch of log lines older than 30 days; returns how many lines."""
    repository = SchedulerRepository(session)
    await repository.forget(before=now - _KEEP_INSTANCES)
    return await repository.forget_log(before=now - _KEEP_LOG, limit=_BATCH)
