"""Shapes of retention: what goes when it is old, and what went."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core_api.inputs import Input


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class MaintenanceRequest(Input):
    """What to do: everything that is past its time goes, or with `dry_run` is only shown."""

    dry_run: bool = Field(default=False)


class KeptBecause(StrEnum):
    """Why a month that is past its time stays for now."""

    UNFINISHED = "UNFINISHED"
    RECENT = "RECENT"
    STATS_BEHIND = "STATS_BEHIND"
    BUSY = "BUSY"


class TableRetention(Output):
    """A table whose old rows go. `rows` are those past their time, or those that went; counted up to 100,000."""

    table: str
    keep_days: int
    rows: int


class MonthRetention(Output):
    """A month of executions with attempts and logs that is past its time. `executions` is PostgreSQL's estimate.

    It stays while executions are not finished (UNFINISHED), one ended lately, as after a backfill (RECENT), the
    statistics have not caught up (STATS_BEHIND), or somebody reads it at this moment (BUSY).
    """

    month: date
    executions: int
    bytes: int
    kept_because: KeptBecause | None


class MaintenanceRead(Output):
    """What would go, or went. `more` says that there was too much for one go: call it again."""

    dry_run: bool
    keep_executions_months: int
    tables: list[TableRetention]
    months: list[MonthRetention]
    more: bool


@dataclass(frozen=True, slots=True)
class OldMonth:
    """A month past its time, with what may speak against letting it go."""

    month: date
    executions: int
    bytes: int
    unfinished: bool
    recent: bool
