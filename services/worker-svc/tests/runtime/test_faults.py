"""core-api that is away, leases that are lost, and workers that are stopped or killed."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio
from factories.processes import alive, noted
from factories.protocol_server import Execution, ProtocolServer

from shared_schemas.jobs import Outcome
from worker_svc.settings import Settings


async def test_a_result_is_delivered_when_core_api_is_back(core: ProtocolServer, queue: Any, worker: Any) -> None:
    core.away = {"finish", "logs"}
    execution = core.add("rough.noise")
    await queue.put(execution)
    await core.until(lambda: core.started, what="the claim")
    await core.until(lambda: core.turned_away["finish"] >= 3, what="several attempts to report")
    assert execution.results == []
    core.away = set()
    await core.finished(execution)
    assert execution.result.outcome is Outcome.SUCCEEDED
    await core.until(lambda: "printed" in execution.messages, what="log lines")
    await queue.until_empty()


async def test_an_entry_waits_for_core_api(core: ProtocolServer, queue: Any, worker: Any) -> None:
    core.away = {"claim"}
    execution = core.add("rough.echo")
    await queue.put(execution)
    await core.until(lambda: core.turned_away["claim"] >= 3, what="several attempts to claim")
    assert core.started == []
    core.away = set()
    await core.finished(execution)


async def test_a_worker_that_is_not_known_registers_again(core: ProtocolServer, queue: Any, worker: Any) -> None:
    core.workers.clear()
    execution = core.add("rough.echo")
    await queue.put(execution)
    await core.finished(execution)
    assert core.registrations == 2
    core.workers.clear()
    await core.until(lambda: core.registrations == 3, what="registration by the heartbeat's answer")


async def test_a_revoked_run_is_stopped_and_not_reported(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.sleep", seconds=300, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    execution.worker_id = "somebody.else.1234"
    pid = int(note.read_text().split()[1])
    await core.until(lambda: not alive(pid), what="the job's process is gone")
    await queue.until_empty()
    assert execution.results == []


async def test_runs_are_stopped_when_no_heartbeat_gets_through_for_a_lease(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.sleep", seconds=300, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    pid = int(note.read_text().split()[1])
    core.away = {"heartbeat"}
    await core.until(lambda: not alive(pid), what="the job's process is gone")
    core.away = set()
    other = core.add("rough.echo")
    await queue.put(other)
    await core.finished(other)
    assert other.result.outcome is Outcome.SUCCEEDED, "the worker goes on working"
    assert execution.results == [], "what was stopped belongs to somebody else and is not reported"


async def test_a_stopped_worker_lets_short_runs_finish_and_hands_long_ones_back(
    core: ProtocolServer, settings: Settings, streams_redis: redis.asyncio.Redis, queue: Any, start_worker: Any
) -> None:
    async with start_worker(settings.model_copy(update={"stop_grace_seconds": 4})) as running:
        short, long = core.add("rough.sleep", seconds=0.3), core.add("rough.sleep", seconds=300)
        await queue.put(short, long)
        await core.until(lambda: len(core.started) == 2, what="both are claimed")
        running.worker.stop()
        late = core.add("rough.echo")
        await queue.put(late)
        await asyncio.wait_for(running.task, 60)
    assert short.result.outcome is Outcome.SUCCEEDED
    assert long.result.outcome is Outcome.HANDED_BACK
    assert late.results == []
    assert len(core.deregistered) == 1
    assert any(beat.draining for _, beat in core.beats)


async def test_folders_of_killed_workers_go_after_a_week(settings: Settings, start_worker: Any) -> None:
    old, young = settings.storage_dir / "tmp" / "old-1", settings.storage_dir / "tmp" / "young-1"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    week_ago = young.stat().st_mtime - 8 * 24 * 3600
    os.utime(old, (week_ago, week_ago))
    async with start_worker(settings):
        assert not old.exists()
        assert young.exists()


async def _running_pid(core: ProtocolServer, queue: Any, tmp_path: Path) -> tuple[Execution, int, list[int]]:
    await core.until(lambda: core.registrations, what="registration")
    file = tmp_path / "pids"
    execution = core.add("rough.deaf", file=str(file))
    await queue.put(execution)
    await core.until(lambda: "children are there" in execution.messages, what="the job's processes")
    pids = [int(line) for line in file.read_text().split()]
    return execution, pids[0], pids


@pytest.mark.journey
async def test_a_killed_worker_leaves_no_process(
    core: ProtocolServer, queue: Any, worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    _, job, pids = await _running_pid(core, queue, tmp_path)
    assert alive(job)
    worker_process.send_signal(signal.SIGKILL)
    await core.until(lambda: not any(alive(pid) for pid in pids), what="every process of the job is gone")


@pytest.mark.journey
async def test_sigterm_hands_back_and_exits_with_zero(
    core: ProtocolServer, queue: Any, worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    execution, _, pids = await _running_pid(core, queue, tmp_path)
    worker_process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker_process.wait, 90) == 0
    assert execution.result.outcome is Outcome.HANDED_BACK
    assert [pid for pid in pids if alive(pid)] == []
    assert len(core.deregistered) == 1


@pytest.mark.journey
async def test_a_killed_fork_server_fails_its_runs_and_is_replaced(
    core: ProtocolServer, queue: Any, worker: Any, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    execution = core.add("rough.sleep", seconds=300, file=str(note))
    await queue.put(execution)
    await core.until(lambda: noted(note), what="the job runs")
    pid = int(note.read_text().split()[1])
    fork_server = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(fork_server, signal.SIGKILL)
    await core.finished(execution)
    assert execution.result.error.code == "JOB_PROCESS_DIED"
    await core.until(lambda: not alive(pid), what="the job died with it")
    again = core.add("rough.echo")
    await queue.put(again)
    await core.finished(again)
    assert again.result.outcome is Outcome.SUCCEEDED
