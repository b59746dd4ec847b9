"""What the watchdog reads of the rest."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from core_api.modules.incidents.public import Condition, IncidentRead
from shared_utils.db.session import WriteSession

DEFAULT_START_LIMIT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RunTrouble:
    """What is wrong with runs of one routine on one business date. `newest` is the execution that shows it best."""

    routine_id: UUID
    routine_name: str
    title: str
    business_date: date
    newest: UUID
    tags: list[str]
    runs: int
    at: datetime
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unserved:
    """Due work of a queue for which no live worker is there. `last_capable_at` is when one was last heard of."""

    queue: str
    jobs: list[str]
    runs: int
    oldest_due_at: datetime
    last_capable_at: datetime | None


@dataclass(slots=True)
class Findings:
    """What one look found: what is wrong, and which open incidents are over."""

    conditions: list[Condition] = field(default_factory=list)
    over: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at everything, in one transaction."""

    session: WriteSession
    now: datetime
    open: list[IncidentRead]


class Rule(Protocol):
    """Looks for one kind of trouble."""

    async def __call__(self, look: Look) -> Findings: ...
