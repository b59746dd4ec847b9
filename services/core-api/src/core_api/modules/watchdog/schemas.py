"""What the watchdog reads of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from core_api.modules.incidents.public import Condition, IncidentRead, Kind
from shared_utils.db.session import WriteSession

DEFAULT_START_LIMIT: Final = timedelta(minutes=5)
LONGEST_BLINK: Final = timedelta(seconds=30)


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


class Patience:
    """Since when each thing has been seen without a break; a break of the looking counts as one."""

    def __init__(self) -> None:
        self._since: dict[Kind, dict[str, datetime]] = {}
        self._looked_at: dict[Kind, datetime] = {}

    def forget(self) -> None:
        """Everything starts anew."""
        self._since.clear()

    def lasting(self, kind: Kind, seen: Iterable[str], *, now: datetime) -> dict[str, timedelta]:
        """How long each of `seen` has lasted under these eyes; what is not among them starts anew."""
        known = self._since.get(kind, {})
        if not timedelta(0) <= now - self._looked_at.get(kind, now) <= LONGEST_BLINK:
            known = {}
        self._looked_at[kind] = now
        self._since[kind] = {key: known.get(key, now) for key in seen}
        return {key: now - since for key, since in self._since[kind].items()}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at everything, in one transaction."""

    session: WriteSession
    now: datetime
    open: list[IncidentRead]
    patience: Patience

    def lasting(self, kind: Kind, seen: Iterable[str]) -> dict[str, timedelta]:
        """How long each of `seen` has been seen without a break."""
        return self.patience.lasting(kind, seen, now=self.now)


class Rule(Protocol):
    """Looks for one kind of trouble."""

    async def __call__(self, look: Look) -> Findings: ...
