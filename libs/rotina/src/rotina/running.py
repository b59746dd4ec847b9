"""Run one attempt of a job to its end: params in, `RunResult` or `RunError` out. Used by workers and by tests alike."""

import asyncio
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rotina.context import JobContext, RunChannel, RunInfo
from rotina.errors import JobCancelled, PermanentError
from rotina.failures import run_error_from
from rotina.registry import JobSpec
from shared_schemas.jobs import RunError, RunResult, RunWarning

MAX_RESULT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How an attempt ended: a result, an error, or stopped by order (neither)."""

    result: RunResult | None = None
    error: RunError | None = None

    @property
    def stopped(self) -> bool:
        return self.result is None and self.error is None


def build_context(
    spec: JobSpec,
    *,
    run: RunInfo,
    params: dict[str, Any],
    channel: RunChannel,
    temp_dir: Path,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> JobContext[Any]:
    """Validate `params` against the job's model and build the context. Raises `PermanentError` INVALID_PARAMS."""
    try:
        model = spec.params.model_validate(params)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc'])) or 'params'}: {e['msg']}" for e in error.errors()]
        raise PermanentError(
            f"the routine's params do not fit job {spec.name}: {'; '.join(problems)}",
            code="INVALID_PARAMS",
            detail={"problems": problems},
        ) from None
    return JobContext(run=run, params=model, channel=channel, temp_dir=temp_dir, is_cancelled=is_cancelled)


async def run_async(
    spec: JobSpec, context: Callable[[], JobContext[Any]], *, mask: Callable[[str], str] = lambda text: text
) -> RunEnd:
    """Run an async job in the current loop. Cancelling the calling task, or `JobCancelled`, ends as `stopped`."""
    try:
        ctx = context()
        outcome = await spec.resolve()(ctx)
        return RunEnd(result=_result_of(outcome, warnings=ctx.warnings))
    except (JobCancelled, asyncio.CancelledError):
        return RunEnd()
    except BaseException as error:  # noqa: BLE001  whatever a job raises, SystemExit too, ends the job only
        return RunEnd(error=run_error_from(error, mask=mask))


def run_sync(
    spec: JobSpec, context: Callable[[], JobContext[Any]], *, mask: Callable[[str], str] = lambda text: text
) -> RunEnd:
    """Run a plain function in the current thread."""
    try:
        ctx = context()
        outcome = spec.resolve()(ctx)
        return RunEnd(result=_result_of(outcome, warnings=ctx.warnings))
    except JobCancelled:
        return RunEnd()
    except BaseException as error:  # noqa: BLE001  as above
        return RunEnd(error=run_error_from(error, mask=mask))


def is_async(spec: JobSpec) -> bool:
    """Whether the job's function is a coroutine function (imports it)."""
    return inspect.iscoroutinefunction(spec.resolve())


def _result_of(outcome: Any, *, warnings: list[RunWarning]) -> RunResult:
    if isinstance(outcome, RunResult):
        result = outcome.model_copy(update={"warnings": [*outcome.warnings, *warnings]})
    elif outcome is None:
        result = RunResult(warnings=warnings)
    elif isinstance(outcome, BaseModel):
        result = RunResult(data=outcome.model_dump(mode="json"), warnings=warnings)
    elif isinstance(outcome, dict):
        result = RunResult(data=outcome, warnings=warnings)
    else:
        raise PermanentError(
            f"the job returned a {type(outcome).__name__}; it may return a dict, a RunResult, a Pydantic model or None",
            code="BAD_RESULT",
        )
    return _bounded(result)


def _bounded(result: RunResult) -> RunResult:
    """The result as plain JSON, cut when it is too large to travel: the row stays useful and says what was dropped."""
    try:
        plain: dict[str, Any] = json.loads(result.model_dump_json())
    except (ValueError, TypeError) as error:
        raise PermanentError(f"the job's result is not JSON: {error}", code="BAD_RESULT") from error
    size = len(json.dumps(plain["data"]))
    if size > MAX_RESULT_BYTES:
        plain["data"] = {"truncated": True, "size_bytes": size}
        note = f"the result has {size:,} bytes; {MAX_RESULT_BYTES:,} are kept at most, so only its size was kept"
        plain["warnings"].append({"code": "RESULT_TOO_LARGE", "message": note, "context": {"size_bytes": size}})
    return RunResult.model_validate(plain)
