"""The SDK: declaring jobs, running one, and describing how it failed."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, Field, ValidationError

from rotina import (
    JobCancelled,
    JobContext,
    JobRegistry,
    JobSpec,
    LogLevel,
    Params,
    PermanentError,
    RunResult,
    TransientError,
    default_registry,
    job,
)
from rotina.failures import MAX_TRACEBACK, is_transient, run_error_from
from rotina.registry import load_registry
from rotina.running import MAX_RESULT_BYTES
from rotina.testing import RecordingChannel, run_job

registry = JobRegistry()
DAY = date(2026, 11, 20)


class ReportParams(Params):
    """What the report needs."""

    days: int = Field(default=3, ge=1)
    kind: str = ""


@job("team.report", title="Relatório", params=ReportParams, timeout_seconds=600, registry=registry)
def report(ctx: JobContext[ReportParams]) -> Any:
    """Writes the report."""
    ctx.log.info("starting", days=ctx.params.days)
    ctx.progress(7, "over the top")
    (ctx.temp_dir / "draft").write_text("x")
    return _answer(ctx)


def _answer(ctx: JobContext[ReportParams]) -> Any:
    ctx.warn("LATE", "the file was late", minutes=5)
    return {
        "": {"day": ctx.business_date, "attempt": ctx.attempt},
        "none": None,
        "result": RunResult(data={"rows": 1}),
        "model": ReportParams(days=9),
        "list": [1, 2],
        "huge": {"text": "x" * (MAX_RESULT_BYTES + 1)},
        "not json": {"value": object()},
    }[ctx.params.kind]


@job("team.async", registry=registry)
async def asynchronous(ctx: JobContext[Params]) -> dict[str, bool]:
    await asyncio.sleep(0)
    return {"cancelled": ctx.cancelled}


@job("team.defaulted")
def defaulted(_: JobContext[Params]) -> None:
    """In the default registry."""


def spec(name: str) -> JobSpec:
    found = registry.get(name)
    assert found is not None
    return found


def test_a_declaration_is_a_descriptor() -> None:
    descriptor = spec("team.report").descriptor()
    assert (descriptor.name, descriptor.title, descriptor.description) == (
        "team.report",
        "Relatório",
        "Writes the report.",
    )
    assert descriptor.default_timeout_seconds == 600
    assert descriptor.params_schema["properties"]["days"] == {
        "default": 3,
        "minimum": 1,
        "title": "Days",
        "type": "integer",
    }
    assert descriptor.params_schema["additionalProperties"] is False


def test_a_declared_function_stays_a_function_and_resolves_to_itself() -> None:
    assert spec("team.report").resolve().__qualname__ == "report"
    assert default_registry.get("team.defaulted") is not None
    assert "team.defaulted" not in registry


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        job("team.report", registry=registry)(asynchronous)


@pytest.mark.parametrize("name", ["", "with space", "1starts-with-a-digit", "x" * 101])
def test_bad_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        JobSpec(name=name, title="x", entrypoint="a:b")


def test_local_functions_are_refused() -> None:
    def inner(_: JobContext[Params]) -> None: ...

    with pytest.raises(ValueError, match="module level"):
        job("team.inner", registry=registry)(inner)


def test_a_light_job_must_be_async() -> None:
    light = JobSpec(name="team.light", title="x", entrypoint=f"{__name__}:report", light=True)
    with pytest.raises(TypeError, match="must be an async function"):
        light.resolve()


def test_registries_are_loaded_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "team_jobs.py").write_text(
        "from rotina import JobRegistry, job\n"
        "mine = JobRegistry()\n"
        "@job('t.explicit', registry=mine)\n"
        "def one(ctx): ...\n"
        "@job('t.default')\n"
        "def two(ctx): ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert [one.name for one in load_registry("team_jobs:mine")] == ["t.explicit"]
    assert [one.name for one in load_registry("team_jobs")] == ["t.default"]
    with pytest.raises(ValueError, match="cannot load jobs from 'team_jobs:nothing'"):
        load_registry("team_jobs:nothing")
    with pytest.raises(ValueError, match="cannot load jobs from 'no_such_module'"):
        load_registry("no_such_module")
    with pytest.raises(TypeError, match="not a JobRegistry"):
        load_registry("team_jobs:one")


async def test_a_run_from_params_to_result(tmp_path: Path) -> None:
    channel = RecordingChannel()
    end = await run_job(spec("team.report"), business_date=DAY, temp_dir=tmp_path / "t", attempt=2, channel=channel)
    assert end.result is not None
    assert end.result.data == {"day": "2026-11-20", "attempt": 2}
    assert [(w.code, w.context) for w in end.result.warnings] == [("LATE", {"minutes": 5})]
    assert channel.lines == [
        (LogLevel.INFO, "starting", {"days": 3}),
        (LogLevel.WARNING, "the file was late", {"code": "LATE", "minutes": 5}),
    ]
    assert channel.reports == [(1.0, "over the top")]


@pytest.mark.parametrize(("kind", "data"), [("none", {}), ("result", {"rows": 1}), ("model", {"days": 9, "kind": ""})])
async def test_what_a_job_may_return(tmp_path: Path, kind: str, data: dict[str, Any]) -> None:
    end = await run_job(spec("team.report"), business_date=DAY, temp_dir=tmp_path, params={"kind": kind})
    assert end.result is not None
    assert end.result.data == data
    assert [warning.code for warning in end.result.warnings] == ["LATE"]


@pytest.mark.parametrize(("kind", "says"), [("list", "returned a list"), ("not json", "is not JSON")])
async def test_what_a_job_may_not_return(tmp_path: Path, kind: str, says: str) -> None:
    end = await run_job(spec("team.report"), business_date=DAY, temp_dir=tmp_path, params={"kind": kind})
    assert end.error is not None
    assert (end.error.code, end.error.transient) == ("BAD_RESULT", False)
    assert says in end.error.message


async def test_a_huge_result_keeps_its_size(tmp_path: Path) -> None:
    end = await run_job(spec("team.report"), business_date=DAY, temp_dir=tmp_path, params={"kind": "huge"})
    assert end.result is not None
    assert end.result.data["truncated"] is True
    assert [warning.code for warning in end.result.warnings] == ["LATE", "RESULT_TOO_LARGE"]


async def test_wrong_params_name_every_problem(tmp_path: Path) -> None:
    end = await run_job(spec("team.report"), business_date=DAY, temp_dir=tmp_path, params={"days": 0, "typo": 1})
    assert end.error is not None
    assert (end.error.code, end.error.transient) == ("INVALID_PARAMS", False)
    assert sorted(problem.partition(":")[0] for problem in end.error.detail["problems"]) == ["days", "typo"]


async def test_an_async_job(tmp_path: Path) -> None:
    end = await run_job(spec("team.async"), business_date=DAY, temp_dir=tmp_path)
    assert end.result is not None
    assert end.result.data == {"cancelled": False}


def test_a_cancelled_context_raises_what_except_exception_does_not_catch() -> None:
    assert not issubclass(JobCancelled, Exception)


class _Model(BaseModel):
    number: int


def _validation_error() -> Exception:
    try:
        _Model.model_validate({"number": "x"})
    except ValidationError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "transient", "code"),
    [
        (TransientError("later", code="NOT_PUBLISHED"), True, "NOT_PUBLISHED"),
        (PermanentError("never"), False, "PERMANENT"),
        (ConnectionRefusedError("no"), True, "TRANSIENT"),
        (TimeoutError("slow"), True, "TRANSIENT"),
        (httpx.ConnectError("no"), True, "TRANSIENT"),
        (httpx.ReadTimeout("slow"), True, "TRANSIENT"),
        (httpx.InvalidURL("bad"), False, "UNEXPECTED_ERROR"),
        (OSError(113, "No route to host"), True, "TRANSIENT"),
        (OSError(28, "No space left on device"), False, "UNEXPECTED_ERROR"),
        (ValueError("bad"), False, "UNEXPECTED_ERROR"),
        (_validation_error(), False, "INVALID_DATA"),
    ],
)
def test_only_what_may_get_better_is_transient(error: Exception, transient: bool, code: str) -> None:
    described = run_error_from(error)
    assert (is_transient(error), described.transient, described.code) == (transient, transient, code)


def test_errors_of_drivers_are_known_by_name() -> None:
    base = type("PostgresConnectionError", (Exception,), {"__module__": "asyncpg.exceptions"})
    lost = type("ConnectionDoesNotExistError", (base,), {"__module__": "asyncpg.exceptions"})
    assert is_transient(lost())
    assert not is_transient(type("UniqueViolationError", (Exception,), {"__module__": "asyncpg.exceptions"})())


def test_descriptions_are_masked_and_bounded() -> None:
    def raise_deep(depth: int) -> None:
        if depth == 0:
            raise ValueError("the password is hunter2")
        raise_deep(depth - 1)

    try:
        raise_deep(40)
    except ValueError as error:
        described = run_error_from(error, mask=lambda text: text.replace("hunter2", "***"))
    assert described.message == "ValueError: the password is ***"
    assert described.traceback is not None
    assert "hunter2" not in described.traceback
    assert len(described.traceback) <= MAX_TRACEBACK + 1
    assert described.traceback.rstrip().endswith("the password is ***")


def test_a_described_error_shows_its_cause_only() -> None:
    assert run_error_from(TransientError("later")).traceback is None
    error = TransientError("later")
    error.__cause__ = KeyError("cause")
    assert "KeyError" in (run_error_from(error).traceback or "")
