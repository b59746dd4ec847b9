"""One attempt that this worker holds, from its claim until core-api has taken its result."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from rotina import Artifact
from rotina.context import MAX_WARNINGS
from rotina.running import RunEnd
from shared_schemas.jobs import (
    AttemptRef,
    AttemptResult,
    ClaimedRun,
    LogLevel,
    LogLine,
    Outcome,
    RunError,
    RunningAttempt,
    RunResult,
    RunWarning,
)
from shared_utils.clock import Clock
from worker_svc.runtime.bounds import bounded_fields
from worker_svc.runtime.masking import SecretMask
from worker_svc.runtime.reader import Entry

MAX_LINE: Final = 20_000
MAX_PROGRESS_MESSAGE: Final = 500
MAX_CODE: Final = 100
LONGEST_ETA: Final = 10 * 365 * 24 * 3600.0


class StopReason(StrEnum):
    """Why a run is stopped before its end."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    REVOKED = "revoked"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class RunFolders:
    """Folders of one attempt: the job's own, and copies of the artifacts that are on their way."""

    temp: Path
    spool: Path


class ActiveRun:
    """Facts and counters of one attempt. It is also the channel of light jobs."""

    def __init__(
        self,
        run: ClaimedRun,
        entry: Entry,
        *,
        clock: Clock,
        ship: Callable[[LogLine], None],
        upload: Callable[["ActiveRun", Artifact, Path], Coroutine[Any, Any, None]],
        mask: SecretMask | None = None,
    ) -> None:
        self.run = run
        self.key = f"{run.execution_id}-{run.attempt}"
        self.entry = entry
        self.started_at = clock.now()
        self.stop_reason: StopReason | None = None
        self.over = asyncio.Event()
        self.urgent = asyncio.Event()
        self._clock = clock
        self._ship = ship
        self._mask = mask or SecretMask()
        self._seq = 0
        self._progress: float | None = None
        self._message: str | None = None
        self._ends_at: float | None = None
        self.folders: RunFolders | None = None
        self.sending = asyncio.Lock()
        self.uploads: list[asyncio.Task[None]] = []
        self.warnings: list[RunWarning] = []
        self._upload = upload

    @property
    def ref(self) -> AttemptRef:
        return AttemptRef(execution_id=self.run.execution_id, attempt=self.run.attempt)

    def log(self, level: LogLevel, message: str, fields: dict[str, Any], *, at: datetime | None = None) -> None:
        """Numbers a line and sends it on its way, secrets masked."""
        self._seq += 1
        self._ship(
            LogLine(
                execution_id=self.run.execution_id,
                attempt=self.run.attempt,
                seq=self._seq,
                at=at or self._clock.now(),
                level=level,
                message=self._mask.text(_writable(message))[:MAX_LINE],
                fields=self._mask.value(fields) if fields else fields,
            )
        )

    def progress(self, fraction: float | None, message: str | None, eta_seconds: float | None = None) -> None:
        """Remembered for the next heartbeat; a run may report far more often than anybody looks."""
        if fraction is not None:
            self._progress = fraction
        if message is not None:
            self._message = self._mask.text(_writable(message))[:MAX_PROGRESS_MESSAGE]
        self._ends_at = None if eta_seconds is None else time.monotonic() + min(eta_seconds, LONGEST_ETA)

    def artifact(self, artifact: Artifact, path: Path) -> None:
        """Sends a spooled file on its way; the run is reported when it has arrived."""
        self.uploads.append(asyncio.create_task(self._upload(self, artifact, path), name=f"artifact-{self.key}"))

    def running(self) -> RunningAttempt:
        return RunningAttempt(
            execution_id=self.run.execution_id,
            attempt=self.run.attempt,
            progress=self._progress,
            progress_message=self._message,
            eta_seconds=None if self._ends_at is None else max(0.0, self._ends_at - time.monotonic()),
        )

    def result_of(self, end: RunEnd) -> AttemptResult:
        """The report of how the attempt ended. A run that was faster than the order to stop it has its own end."""
        outcome, error = self._outcome(end)
        return AttemptResult(
            execution_id=self.run.execution_id,
            attempt=self.run.attempt,
            outcome=outcome,
            started_at=self.started_at,
            finished_at=self._clock.now(),
            result=self._masked_result(end.result) if end.result and outcome is Outcome.SUCCEEDED else None,
            error=self._masked_error(error) if error else None,
        )

    def _masked_result(self, result: RunResult) -> RunResult:
        if not result.data and not result.warnings and not self.warnings:
            return result
        warned = result.model_copy(update={"warnings": [*result.warnings, *self.warnings][:MAX_WARNINGS]})
        return RunResult.model_validate(self._mask.value(warned.model_dump(mode="json")))

    def _masked_error(self, error: RunError) -> RunError:
        return RunError(
            code=self._mask.text(_writable(error.code))[:MAX_CODE],
            message=self._mask.text(_writable(error.message)),
            transient=error.transient,
            detail=self._mask.value(bounded_fields(error.detail)),
            traceback=None if error.traceback is None else self._mask.text(_writable(error.traceback)),
        )

    def _outcome(self, end: RunEnd) -> tuple[Outcome, RunError | None]:
        if end.result is not None:
            return Outcome.SUCCEEDED, None
        if self.stop_reason is StopReason.TIMED_OUT:
            message = f"The run took longer than its time limit of {self.run.timeout_seconds} seconds and was stopped."
            return Outcome.TIMED_OUT, RunError(code="TIMED_OUT", message=message, transient=True)
        if self.stop_reason is StopReason.CANCELLED:
            return Outcome.CANCELLED, None
        if self.stop_reason in (StopReason.SHUTDOWN, StopReason.REVOKED):
            return Outcome.HANDED_BACK, None
        if end.error is not None:
            return Outcome.FAILED, end.error
        message = "The job stopped itself although nobody asked it to."
        return Outcome.FAILED, RunError(code="STOPPED_BY_ITSELF", message=message, transient=False)


def _writable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate (of a file name in Latin-1) would make a report unsendable."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
