"""What processes of core-api count, by `.docs/metrics.md`. Labels come from closed sets."""

from collections.abc import Mapping, Sequence
from typing import Final

from prometheus_client import Counter, Histogram

from shared_schemas.events.envelope import EventPayload
from shared_schemas.events.executions import (
    ExecutionCancelled,
    ExecutionFailed,
    ExecutionRecovered,
    ExecutionRetrying,
    ExecutionSkipped,
    ExecutionSucceeded,
)
from shared_schemas.events.incidents import DeadlineMissed
from shared_schemas.events.operations import WorkerLost

REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "SUCCEEDED": ("ok", "warnings"),
    "FAILED": ("error", "timeout", "worker_lost"),
    "CANCELLED": ("cancelled",),
    "SKIPPED": (
        *("misfired", "superseded", "coalesced"),
        *("upstream_failed", "upstream_skipped", "upstream_not_planned", "other"),
    ),
}
_FAILURES: Final = {"TIMED_OUT": "timeout", "WORKER_LOST": "worker_lost"}

START_DELAY: Final = Histogram(
    "execution_start_delay_seconds",
    "From due to claimed, first attempts only.",
    ("band",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800),
)
FINISHED: Final = Counter("executions_finished", "Executions that ended.", ("status", "reason"))
RETRIED: Final = Counter("executions_retried", "Attempts that failed and are tried again.")
RECOVERED: Final = Counter("executions_recovered", "Runs taken up again because their worker was lost.")
WORKERS_LOST: Final = Counter("workers_lost", "Workers that went silent.")
DEADLINES_MISSED: Final = Counter("deadlines_missed", "Deadlines that passed without their routine being ready.")

for _status, _reasons in REASONS.items():
    for _reason in _reasons:
        FINISHED.labels(_status, _reason)
for _band in ("1", "2", "3"):
    START_DELAY.labels(_band)


def count(payloads: Sequence[EventPayload]) -> None:
    """Counts what was announced. Whoever ends an execution announces it, so that nothing is counted twice."""
    for payload in payloads:
        match payload:
            case ExecutionSucceeded():
                _finished("SUCCEEDED", "warnings" if payload.warnings else "ok")
            case ExecutionFailed():
                _finished("FAILED", _FAILURES.get(payload.error_code, "error"))
            case ExecutionCancelled():
                _finished("CANCELLED", "cancelled")
            case ExecutionSkipped():
                _finished("SKIPPED", payload.reason.lower())
            case ExecutionRetrying():
                RETRIED.inc()
            case ExecutionRecovered():
                RECOVERED.inc()
            case WorkerLost():
                WORKERS_LOST.inc()
            case DeadlineMissed():
                DEADLINES_MISSED.inc()
            case _:
                pass  # the rest is not counted


def _finished(status: str, reason: str) -> None:
    FINISHED.labels(status, reason if reason in REASONS[status] else "other").inc()
