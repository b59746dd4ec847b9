"""Run a job in a test, without a worker: `end = run_job(spec, params={...}, temp_dir=tmp_path)`."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from rotina.artifacts import Artifact, Source, spool
from rotina.context import JobContext, RunInfo
from rotina.registry import JobSpec
from rotina.running import RunEnd, build_context, is_async, run_async, run_sync
from shared_schemas.jobs import LogLevel


@dataclass(slots=True)
class RecordingChannel:
    """Keeps what a job logged and reported."""

    lines: list[tuple[LogLevel, str, dict[str, Any]]] = field(default_factory=list)
    reports: list[tuple[float | None, str | None]] = field(default_factory=list)
    etas: list[float | None] = field(default_factory=list)
    artifacts: dict[str, bytes] = field(default_factory=dict)

    def log(self, level: LogLevel, message: str, fields: dict[str, Any]) -> None:
        self.lines.append((level, message, fields))

    def progress(self, fraction: float | None, message: str | None, eta_seconds: float | None = None) -> None:
        self.reports.append((fraction, message))
        self.etas.append(eta_seconds)

    def artifact(self, name: str, source: Source, content_type: str | None) -> Artifact:
        with TemporaryDirectory() as folder:
            artifact, path = spool(source, Path(folder), name=name, content_type=content_type)
            self.artifacts[name] = path.read_bytes()
        return artifact


def run_info(spec: JobSpec, *, business_date: date, attempt: int = 1, execution_id: UUID | None = None) -> RunInfo:
    """Facts of an attempt for a test."""
    return RunInfo(
        execution_id=execution_id or uuid4(),
        attempt=attempt,
        max_attempts=3,
        routine_name="test-routine",
        job=spec.name,
        business_date=business_date,
        slot=datetime.combine(business_date, time(12), tzinfo=UTC),
        origin="manual",
        correlation_id="test",
    )


async def run_job(
    spec: JobSpec,
    *,
    business_date: date,
    temp_dir: Path,
    params: dict[str, Any] | None = None,
    attempt: int = 1,
    channel: RecordingChannel | None = None,
) -> RunEnd:
    """Run `spec` once and return how it ended, exactly as a worker would report it."""
    run = run_info(spec, business_date=business_date, attempt=attempt)
    sink = channel or RecordingChannel()

    def context() -> JobContext[Any]:
        return build_context(spec, run=run, params=params or {}, channel=sink, temp_dir=temp_dir)

    if is_async(spec):
        return await run_async(spec, context)
    return await asyncio.to_thread(run_sync, spec, context)
