"""Shapes of plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from core_api.modules.routines.public import RoutineSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A routine of which nobody can say whether it runs on a date, and why not."""

    routine_id: UUID
    routine_name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Edges:
    """What a routine waits for on one business date. The tuples are parallel."""

    depends_on: tuple[UUID, ...] = ()
    dates: tuple[date, ...] = ()
    rules: tuple[str, ...] = ()
    missing: tuple[tuple[UUID, date], ...] = ()
    """Upstreams that do not run on their date although this routine says to skip itself then."""


@dataclass(frozen=True, slots=True)
class RoutineDay:
    """A routine on a business date, with its slots (aware, UTC, ascending).

    `routine` depends on what counts that day: an upstream that does not run on its date is left out of it when the
    routine says so (`on_skip` run). `missing` names those for which it is to be skipped (UPSTREAM_NOT_PLANNED).
    """

    routine: RoutineSnapshot
    slots: Sequence[datetime]
    upstream_dates: tuple[date, ...] = ()
    missing: tuple[tuple[UUID, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """All that runs on a business date, and what cannot be said."""

    business_date: date
    routines: list[RoutineDay]
    unplanned: list[Unplanned]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessDates:
    """The dates of a range on which a routine runs; or why they are not known."""

    dates: Sequence[date]
    problem: Unplanned | None


class ReasonAgainst(StrEnum):
    """Why a routine has no slot on a date, for programs. `preview.reason.*` of the texts says it in words."""

    MANUAL_ONLY = "MANUAL_ONLY"
    EVENT_DRIVEN = "EVENT_DRIVEN"
    PAUSED = "PAUSED"
    NOT_COVERED = "NOT_COVERED"
    NOT_A_BUSINESS_DAY = "NOT_A_BUSINESS_DAY"
    DAY_GROUP = "DAY_GROUP"
    TRIGGER = "TRIGGER"
    UPSTREAM_NOT_PLANNED = "UPSTREAM_NOT_PLANNED"
