"""What other modules may ask of schedulers and tell their log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from core_api.modules.schedulers.events import LoopCollector, expose_loops
from core_api.modules.schedulers.models import LoopRestart, SchedulerInstance, SchedulerLog
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import (
    PRESENCE_SECONDS,
    Instance,
    LogEvent,
    Loop,
    LoopRead,
    LoopState,
    Note,
    SchedulerRead,
)
from core_api.modules.schedulers.service import (
    ControlLoop,
    LoopRunner,
    PresenceLoop,
    SchedulerReads,
    Spaced,
    Supervisor,
    present,
    silent_since,
)
from shared_utils.clock import Clock
from shared_utils.db.retention import Retention
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "RETENTIONS",
    "ControlLoop",
    "Instance",
    "LogEvent",
    "Loop",
    "LoopCollector",
    "LoopRead",
    "LoopRunner",
    "LoopState",
    "Note",
    "PresenceLoop",
    "SchedulerRead",
    "Spaced",
    "Supervisor",
    "alive_count",
    "api_is_steady",
    "expose_loops",
    "gone",
    "instances",
    "note",
    "present",
    "seen",
]

RETENTIONS: Final = (
    Retention(table=SchedulerLog.__table__, at="at", days=90),
    Retention(table=SchedulerInstance.__table__, at="last_seen_at", days=1),
    Retention(table=LoopRestart.__table__, at="requested_at", days=30),
)
"""How long the scheduler's log is kept, and processes and requests of which nothing more will be heard."""


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
