"""What a running job sees of its run: dates, params, log, progress, warnings, cancellation, a folder to work in."""

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from rotina.artifacts import Artifact, Source
from rotina.errors import JobCancelled
from shared_schemas.jobs import ClaimedRun, LogLevel, RunWarning

MAX_WARNINGS = 1000


class RunChannel(Protocol):
    """Where a run's log lines and progress go. The worker provides it; `rotina.testing` has one for tests."""

    def log(self, level: LogLevel, message: str, fields: dict[str, Any]) -> None: ...

    def progress(self, fraction: float | None, message: str | None, eta_seconds: float | None = None) -> None: ...

    def artifact(self, name: str, source: Source, content_type: str | None) -> Artifact: ...


class RunInfo(BaseModel):
    """The facts of one attempt, as the job may read them."""

    model_config = ConfigDict(frozen=True)

    execution_id: UUID
    attempt: int
    max_attempts: int
    routine_name: str
    job: str
    business_date: date
    slot: datetime
    origin: str
    correlation_id: str

    @classmethod
    def of(cls, run: ClaimedRun) -> "RunInfo":
        """The part of a claimed run that a job may see."""
        return cls.model_validate(run, from_attributes=True)


class JobLog:
    """Structured log of an attempt: `ctx.log.info("file stored", path=..., size_bytes=...)`."""

    def __init__(self, channel: RunChannel) -> None:
        self._channel = channel

    def debug(self, message: str, **fields: Any) -> None:
        self._channel.log(LogLevel.DEBUG, message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._channel.log(LogLevel.INFO, message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        self._channel.log(LogLevel.WARNING, message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._channel.log(LogLevel.ERROR, message, fields)


class JobContext[ParamsT: BaseModel]:
    """Handed to every job as its only argument."""

    def __init__(
        self,
        *,
        run: RunInfo,
        params: ParamsT,
        channel: RunChannel,
        temp_dir: Path,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.run = run
        self.params = params
        self.log = JobLog(channel)
        self.warnings: list[RunWarning] = []
        self._channel = channel
        self._temp_dir = temp_dir
        self._is_cancelled = is_cancelled

    @property
    def business_date(self) -> date:
        """The business date that this run is for."""
        return self.run.business_date

    @property
    def slot(self) -> datetime:
        """The instant for which the run was planned."""
        return self.run.slot

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        return self.run.attempt

    @property
    def execution_id(self) -> UUID:
        return self.run.execution_id

    @property
    def temp_dir(self) -> Path:
        """A folder of this attempt alone; the worker deletes it afterwards, however the attempt ends."""
        self._temp_dir.mkdir(parents=True, exist_ok=True)
        return self._temp_dir

    @property
    def cancelled(self) -> bool:
        """Whether the run was told to stop. Long loops look at it, or call `raise_if_cancelled`."""
        return self._is_cancelled()

    def raise_if_cancelled(self) -> None:
        """Raise `JobCancelled` when the run was told to stop."""
        if self._is_cancelled():
            raise JobCancelled

    def progress(
        self, fraction: float | None, message: str | None = None, *, eta: timedelta | float | None = None
    ) -> None:
        """Report how far the run is: `fraction` from 0 to 1 (values outside are clipped), and a line for people.

        `eta` is how long it still needs, as a timedelta or in seconds. Call it as often as you like: what nobody would
        see is not sent. Going back is allowed.
        """
        known = fraction is not None and not math.isnan(fraction)
        clipped = min(1.0, max(0.0, float(fraction))) if fraction is not None and known else None
        seconds = eta.total_seconds() if isinstance(eta, timedelta) else eta
        remaining = None if seconds is None or not math.isfinite(seconds) else max(0.0, float(seconds))
        self._channel.progress(clipped, None if message is None else message[:500], remaining)

    def artifact(self, name: str, source: Path | str | bytes, *, content_type: str | None = None) -> Artifact:
        """Leave a file for people to download: `ctx.artifact("resumo.csv", path)`, or its content as bytes.

        It is copied at once (you may delete yours), sent while the job goes on, and there when the run is over; the
        same name again replaces it. The content type is guessed from the name when it is not given. At most 256 MB.
        """
        return self._channel.artifact(name, source, content_type)

    def warn(self, code: str, message: str, **context: Any) -> None:
        """Attach a warning to the result: a success that a person should look at ("Concluída com avisos")."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(RunWarning(code=code, message=message, context=context))
        self.log.warning(message, code=code, **{k: v for k, v in context.items() if k != "code"})
