"""E10: whoever is stopped leaves no process, and nobody says so before it is true."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from factories.processes import alive, noted
from factories.protocol_server import Execution, ProtocolServer

from shared_schemas.jobs import Outcome
from worker_svc.settings import Settings


async def _stop(core: ProtocolServer, execution: Execution, how: str) -> None:
    if how == "cancel":
        execution.cancel = True
    await core.finished(execution)
    expected = Outcome.CANCELLED if how == "cancel" else Outcome.TIMED_OUT
    assert execution.result.outcome is expected


def _limit(how: str) -> int | None:
    return 2 if how == "time limit" else None


stopped_how = pytest.mark.parametrize("how", ["cancel", "time limit"])


@stopped_how
async def test_e10_a_stopped_run_that_daemonised_and_ignores_signals_leaves_no_process(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "pids"
    execution = core.add("rough.deaf", timeout_seconds=_limit(how), file=str(file))
    await queue.put(execution)
    await core.until(lambda: "children are there" in execution.messages, what="the job and its descendants run")
    pids = [int(line) for line in file.read_text().split()]
    assert len([pid for pid in pids if alive(pid)]) >= 3, "the job, a child of its group, an orphan in its own session"
    await _stop(core, execution, how)
    assert [pid for pid in pids if alive(pid)] == []


@stopped_how
async def test_e10_a_stopped_run_that_breeds_processes_leaves_none(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "bred"
    os.mkfifo(file)
    pipe = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    execution = core.add("rough.breeding", timeout_seconds=_limit(how), seconds=600, file=str(file))
    await queue.put(execution)
    generations: list[bytes] = []
    await core.until(lambda: generations.append(_read(pipe)) or len(b"".join(generations)) > 20, what="generations")
    await _stop(core, execution, how)
    while _read(pipe):
        pass
    assert os.read(pipe, 1) == b"", "an end: nobody has the pipe open; a living one would make this raise"
    os.close(pipe)


def _read(pipe: int) -> bytes:
    try:
        return os.read(pipe, 65_536)
    except BlockingIOError:
        return b""


@stopped_how
async def test_e10_a_stopped_run_that_holds_the_interpreter_is_killed(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path, how: str
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.hog", timeout_seconds=_limit(how), seconds=600, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    await _stop(core, execution, how)
    assert not alive(int(note.read_text().split()[1]))


async def test_e10_a_finished_run_leaves_no_process_and_no_trace_for_the_next_one(
    core: ProtocolServer, queue: Any, settings: Settings, start_worker: Any
) -> None:
    async with start_worker(settings.model_copy(update={"slots": 1})):
        first, second = core.add("rough.leaves_a_daemon"), core.add("rough.surroundings")
        await queue.put(first)
        await core.finished(first)
        assert not alive(first.result.result.data["daemon"])
        assert first.messages == ["processes that the job left behind are ended"]
        await queue.put(second)
        await core.finished(second)
    assert second.result.result.data == {"folder": str(Path.cwd()), "environment": None, "deaf": False}


@pytest.mark.parametrize(("grace", "notes"), [(8.0, ["started", "cleaned"]), (0.2, ["started"])])
async def test_e10_the_routine_says_how_long_a_cancelled_run_may_clean_up(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path, grace: float, notes: list[str]
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.tidy", cancel_grace_seconds=grace, seconds=1.0, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    await _stop(core, execution, "cancel")
    assert [line.split()[0] for line in note.read_text().splitlines()] == notes


async def test_e10_the_context_of_a_cancelled_run_says_so(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.listens", cancel_grace_seconds=10, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    await _stop(core, execution, "cancel")
    assert [line.split()[:2] for line in note.read_text().splitlines()] == [["started", "False"], ["told", "True"]]


async def test_e10_a_light_run_that_does_not_listen_is_cancelled_only_when_it_has_ended(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("rough.stubborn_light", cancel_grace_seconds=0.1, seconds=2.0)
    await queue.put(execution)
    await core.until(lambda: execution.messages, what="the job runs")
    execution.cancel = True
    beats = len(core.beats)
    await core.until(lambda: len(core.beats) > beats + 2, what="heartbeats after the order")
    named = {run.execution_id for _, beat in core.beats[beats + 2 :] for run in beat.running}
    assert execution.id in named, "while it runs it is held"
    assert execution.results == []
    await _stop(core, execution, "cancel")


@pytest.mark.parametrize("kind", ["thread", "fork", "asyncio"])
async def test_e10_light_jobs_may_not_start_processes(core: ProtocolServer, queue: Any, worker: Any, kind: str) -> None:
    execution = core.add("rough.light_process", kind=kind)
    await queue.put(execution)
    await core.finished(execution)
    assert (execution.result.error.code, execution.result.error.transient) == ("LIGHT_JOB_STARTS_PROCESS", False)


async def test_e10_a_long_grace_ends_early_when_the_run_is_somebody_elses(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.tidy", cancel_grace_seconds=3600, seconds=3600, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    pid = int(note.read_text().split()[1])
    execution.cancel = True
    beats = len(core.beats)
    await core.until(lambda: len(core.beats) > beats + 1, what="the order has arrived")
    assert alive(pid)
    execution.worker_id = "somebody.else.1234"
    await core.until(lambda: not alive(pid), what="the job's process is gone")
    await queue.until_empty()
    assert execution.results == []


@pytest.mark.journey
async def test_e10_a_killed_fork_server_takes_everything_along_that_its_jobs_had_started(
    core: ProtocolServer, queue: Any, worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    await core.until(lambda: core.registrations, what="registration")
    file = tmp_path / "pids"
    execution = core.add("rough.deaf", file=str(file))
    await queue.put(execution)
    await core.until(lambda: "children are there" in execution.messages, what="the job's processes")
    pids = [int(line) for line in file.read_text().split()]
    fork_server = int(Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(fork_server, signal.SIGKILL)
    await core.finished(execution)
    assert execution.result.error.code == "JOB_PROCESS_DIED"
    assert [pid for pid in pids if alive(pid)] == []
    again = core.add("rough.echo")
    await queue.put(again)
    await core.finished(again)
    assert again.result.outcome is Outcome.SUCCEEDED


@pytest.mark.journey
async def test_e10_a_second_signal_shortens_the_grace(
    core: ProtocolServer, queue: Any, settings: Settings, start_process: Any, tmp_path: Path
) -> None:
    patient = settings.model_copy(update={"stop_grace_seconds": 600, "kill_grace_seconds": 300})
    process = start_process(patient)
    await core.until(lambda: core.registrations, what="registration")
    file = tmp_path / "pids"
    execution = core.add("rough.deaf", file=str(file))
    await queue.put(execution)
    await core.until(lambda: "children are there" in execution.messages, what="the job's processes")
    pids = [int(line) for line in file.read_text().split()]
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)  # at once: the same order, by another way
    beats = len(core.beats)
    await core.until(lambda: len(core.beats) > beats + 3, what="heartbeats for more than a second")
    assert alive(pids[0]), "a run may finish within the grace time"
    said = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 60) == 0
    assert time.monotonic() - said < 60
    assert execution.result.outcome is Outcome.HANDED_BACK
    assert [pid for pid in pids if alive(pid)] == []
    assert len(core.deregistered) == 1
