"""A run from its entry to its result, for all that jobs do to their processes."""

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from factories.processes import alive, noted
from factories.protocol_server import ProtocolServer

from shared_schemas.jobs import LogLevel, Outcome


async def test_a_job_runs_in_a_process_group_of_its_own_and_reports(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("rough.echo", count=7)
    await queue.put(execution)
    await core.finished(execution)

    result = execution.result
    assert result.outcome is Outcome.SUCCEEDED
    assert result.result.data["day"] == "2024-11-08"
    assert result.result.data["count"] == 7
    assert result.result.data["pid"] != os.getpid()
    assert result.result.data["group"] == result.result.data["pid"]
    assert result.started_at <= result.finished_at
    await queue.until_empty()


async def test_a_light_job_runs_in_the_workers_own_process(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.light", count=3)
    await queue.put(execution)
    await core.finished(execution)

    assert execution.result.result.data == {"pid": os.getpid()}
    assert execution.messages == ["light"]
    assert execution.lines[0].fields == {"count": 3}


async def test_children_are_reused_and_a_child_is_kept_warm(core: ProtocolServer, queue: Any, worker: Any) -> None:
    pids = set()
    for number in range(5):
        execution = core.add("rough.echo", count=number)
        await queue.put(execution)
        await core.finished(execution)
        pids.add(execution.result.result.data["pid"])
    assert len(pids) <= 2


@pytest.mark.parametrize(
    ("kind", "exit_code", "described"),
    [("SIGSEGV", 0, "signal SIGSEGV"), ("SIGKILL", 0, "signal SIGKILL"), ("exit", 3, "exit status 3")],
)
async def test_a_dead_process_is_a_transient_failure_with_its_signal(
    core: ProtocolServer, queue: Any, worker: Any, kind: str, exit_code: int, described: str
) -> None:
    dead, next_one = core.add("rough.die", kind=kind, count=exit_code), core.add("rough.echo")
    await queue.put(dead, next_one)
    await core.finished(dead, next_one)

    error = dead.result.error
    assert dead.result.outcome is Outcome.FAILED
    assert (error.code, error.transient, error.detail) == ("JOB_PROCESS_DIED", True, {"exit": described})
    assert next_one.result.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    ("kind", "code", "transient"),
    [
        ("transient", "NOT_YET", True),
        ("permanent", "NEVER", False),
        ("network", "TRANSIENT", True),
        ("exit", "UNEXPECTED_ERROR", False),
        ("unexpected", "UNEXPECTED_ERROR", False),
    ],
)
async def test_errors_say_whether_to_try_again(
    core: ProtocolServer, queue: Any, worker: Any, kind: str, code: str, transient: bool
) -> None:
    execution = core.add("rough.raise", kind=kind)
    await queue.put(execution)
    await core.finished(execution)

    error = execution.result.error
    assert (execution.result.outcome, error.code, error.transient) == (Outcome.FAILED, code, transient)
    assert "hunter2hunter2" not in error.model_dump_json()
    if code == "UNEXPECTED_ERROR":
        assert "rough_jobs.py" in error.traceback
    await core.until(lambda: execution.lines, what="the error is in the log")
    assert execution.lines[-1].level is LogLevel.ERROR


async def test_params_that_do_not_fit_are_a_permanent_error_that_names_them(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("rough.echo", seconds="soon", colour="red")
    await queue.put(execution)
    await core.finished(execution)

    error = execution.result.error
    assert (error.code, error.transient) == ("INVALID_PARAMS", False)
    assert {problem.partition(":")[0] for problem in error.detail["problems"]} == {"seconds", "colour"}


async def test_everything_a_job_says_becomes_log_lines_in_order(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.noise")
    await queue.put(execution)
    await core.finished(execution)

    messages = execution.messages
    assert [line.seq for line in sorted(execution.lines, key=lambda line: line.seq)] == list(
        range(1, len(execution.lines) + 1)
    )
    assert {
        "printed",
        "to stderr",
        "raw \\xff\\xfe bytes",
        "from a subprocess",
        "logged properly",
        "structured",
        "look at this",
        "without an end",
    } == set(messages)
    assert messages.index("printed") < messages.index("from a subprocess") < messages.index("structured")
    structured = next(line for line in execution.lines if line.message == "structured")
    assert structured.fields == {"token": "***", "rows": 3}
    warning = execution.result.result.warnings[0]
    assert (warning.code, warning.message, warning.context) == ("SOMETHING", "look at this", {"file": "a.zip"})


async def test_a_result_that_is_too_large_is_cut_and_says_so(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.huge", count=300_000)
    await queue.put(execution)
    await core.finished(execution)

    assert execution.result.result.data == {"truncated": True, "size_bytes": 300_012}
    assert [warning.code for warning in execution.result.result.warnings] == ["RESULT_TOO_LARGE"]


async def test_a_job_that_this_worker_does_not_have_fails_by_name(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("team.unknown")
    await queue.put(execution)
    await core.finished(execution)
    assert execution.result.error.code == "UNKNOWN_JOB"
    assert "team.unknown" in execution.result.error.message


async def test_the_heart_beats_while_a_job_holds_the_interpreter(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.hog", seconds=3 * core.lease_seconds, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the hog holds the interpreter")
    await core.finished(execution)

    assert execution.result.outcome is Outcome.SUCCEEDED
    named = [at for at, beat in core.beats if any(run.execution_id == execution.id for run in beat.running)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(named)]
    assert len(named) >= 6
    assert max(gaps) < core.lease_seconds


@pytest.mark.parametrize("job", ["rough.sleep", "rough.sleep_async"])
async def test_a_cancelled_job_cleans_up_first(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path, job: str
) -> None:
    note = tmp_path / "note"
    execution = core.add(job, seconds=300, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    execution.cancel = True
    await core.finished(execution)

    assert execution.result.outcome is Outcome.CANCELLED
    started, cleaned = note.read_text().splitlines()
    assert cleaned.startswith("cleaned up")
    assert not alive(int(started.split()[-1]))


async def test_a_cancelled_run_leaves_no_process_whatever_it_started(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    file = tmp_path / "pids"
    execution = core.add("rough.deaf", file=str(file))
    await queue.put(execution)
    await core.until(lambda: "children are there" in execution.messages, what="the job and its descendants run")
    pids = [int(line) for line in file.read_text().split()]
    assert len(pids) == 4
    living = [pid for pid in pids if alive(pid)]
    assert len(living) >= 3, "the job, a child of its group, and an orphan in a session of its own"

    execution.cancel = True
    await core.finished(execution)
    assert execution.result.outcome is Outcome.CANCELLED
    assert [pid for pid in pids if alive(pid)] == []


async def test_a_time_limit_stops_a_run(core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path) -> None:
    note = tmp_path / "note"
    slow = core.add("rough.sleep", timeout_seconds=1, seconds=300, file=str(note))
    light = core.add("rough.light", timeout_seconds=1, seconds=300)
    await queue.put(slow, light)
    await core.finished(slow, light)

    for execution in (slow, light):
        assert execution.result.outcome is Outcome.TIMED_OUT
        assert (execution.result.error.code, execution.result.error.transient) == ("TIMED_OUT", True)
    assert not alive(int(note.read_text().split()[1]))


async def test_a_stopped_childs_process_is_never_given_another_job(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    stopped = core.add("rough.sleep", seconds=300, file=str(note))
    await queue.put(stopped)
    await core.until(lambda: noted(note), what="the job runs")
    stopped.cancel = True
    others = [core.add("rough.echo", count=number) for number in range(12)]
    await queue.put(*others)
    await core.finished(stopped, *others)

    assert {one.result.outcome for one in others} == {Outcome.SUCCEEDED}
    old = int(note.read_text().split()[1])
    assert old not in {one.result.result.data["pid"] for one in others}


async def test_progress_travels_with_the_heartbeat(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.sleep", seconds=1.2)
    await queue.put(execution)
    await core.finished(execution)
    assert (0.25, "sleeping") in execution.progress


async def test_temporary_folders_are_removed(
    core: ProtocolServer, queue: Any, worker: Any, settings: Any, tmp_path: Path
) -> None:
    execution = core.add("rough.scratch")
    await queue.put(execution)
    await core.finished(execution)
    assert str(settings.storage_dir) in execution.result.result.data["folder"]
    await queue.until_empty()
    temporary = settings.storage_dir / "tmp"
    assert not temporary.exists() or list(temporary.iterdir()) == []
