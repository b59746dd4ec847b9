"""Params of the built-in jobs: what a routine may set, and what the web app shows as a form."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from rotina import Params
from worker_svc.sources.cotahist_layout import Granularity

B3_CALENDAR = "B3"


class OnMissing(StrEnum):
    """When the file is not there: `fail` tries again later and then fails, `warn` succeeds with a warning."""

    FAIL = "fail"
    WARN = "warn"


Reference = Annotated[
    Literal["business_date", "previous_session"] | date,
    Field(
        description="Which session: the run's business date, the session before it, or a fixed date.",
        examples=["business_date", "previous_session", "2024-11-08"],
    ),
]


class NoParams(Params):
    """Nothing to set."""


class NoopParams(Params):
    """A run that does nothing, for measuring and for trying out routines."""

    sleep_ms: Annotated[int, Field(ge=0, le=86_400_000, description="How long to wait, in milliseconds.")] = 0


class CleanLogsParams(Params):
    """Removing old history."""

    dry_run: Annotated[bool, Field(description="Só mostra o que sairia.")] = False


class CotahistParams(Params):
    """One COTAHIST file."""

    reference: Reference = "business_date"
    on_missing: OnMissing = OnMissing.FAIL
    file: Annotated[Granularity, Field(description="The session's own file, or the month's or year's to date.")] = (
        Granularity.DAILY
    )


class RecentFilesParams(Params):
    """The last sessions' files."""

    n_dias: Annotated[int, Field(ge=1, le=60, description="Quantos pregões, até a data de negócio.")] = 3


class SummaryParams(Params):
    """Which session to sum up."""

    reference: Reference = "business_date"
    on_missing: OnMissing = OnMissing.FAIL
    top: Annotated[int, Field(ge=1, le=100, description="How many tickers to list.")] = 10
