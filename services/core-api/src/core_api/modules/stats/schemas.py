"""Shapes of statistics."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class Numbers(Output):
    """Executions that are over. `runs` are the ones that ran to an end: succeeded and failed; rates are shares of them.

    A duration is that of the last attempt, a start delay the time from due to start of a first attempt; both in
    seconds. The 95th percentile of several days is made from histograms and right within 2.5 %.
    """

    runs: int
    succeeded: int
    failed: int
    skipped: int
    cancelled: int
    with_warnings: int
    recoveries: int
    success_rate: float | None
    error_rate: float | None
    mean_duration_seconds: float | None
    p95_duration_seconds: float | None
    mean_start_delay_seconds: float | None
    p95_start_delay_seconds: float | None


class DayStats(Output):
    """One business date; today's numbers are counted as it is read."""

    business_date: date
    numbers: Numbers


class DaysRead(Output):
    """Business dates on which something ended, and all of them together."""

    start: date
    end: date
    total: Numbers
    days: list[DayStats]


class RoutineStats(Output):
    """One routine, all dates together. `name` is `?` for executions of a routine that never was."""

    routine_id: UUID
    name: str
    title: str
    numbers: Numbers


class RoutinesRead(Output):
    """Routines in the order that was asked for, and all routines together, also those beyond the limit."""

    start: date
    end: date
    total: Numbers
    routines: list[RoutineStats]


class RoutineOrder(StrEnum):
    """By what routines are ordered: the largest first, by name in alphabetical order."""

    NAME = "name"
    RUNS = "runs"
    FAILED = "failed"
    ERROR_RATE = "error_rate"
    MEAN_DURATION = "mean_duration"
    P95_DURATION = "p95_duration"
    P95_DELAY = "p95_delay"
