"""E15: everything a job says, however much and in whatever shape, and nothing secret."""

import asyncio
import re
import resource
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from factories.protocol_server import Execution, ProtocolServer
from pydantic import SecretStr

from shared_schemas.jobs import LogLevel, LogLine, Outcome
from shared_utils.clock import utc_now
from worker_svc.runtime.budget import BURST, PER_SECOND, LineBudget
from worker_svc.runtime.core import CoreProtocol
from worker_svc.runtime.logs import LogShipper
from worker_svc.settings import Settings

DROPPED = re.compile(r"^([\d,]+) lines? \(([\d,]+) bytes\) dropped here")


def dropped_lines(execution: Execution) -> int:
    found = [match for message in execution.messages if (match := DROPPED.match(message))]
    return sum(int(match[1].replace(",", "")) for match in found)


async def test_e15_ten_thousand_lines_at_once_are_kept_and_hold_nobody_up(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    flood = core.add("rough.flood", count=int(BURST) - 10)
    await queue.put(flood)
    await core.until(lambda: len(flood.lines) > 100, what="lines of the flood")
    quick = core.add("rough.echo")
    sent = time.monotonic()
    await queue.put(quick)
    await core.finished(quick)
    assert time.monotonic() - sent < 15
    await core.finished(flood)
    assert flood.messages == [f"line {number}" for number in range(int(BURST) - 10)]


@pytest.mark.parametrize("kind", ["lines", "one line"])
async def test_e15_a_job_that_prints_hundreds_of_megabytes_costs_no_memory_and_says_what_was_dropped(
    core: ProtocolServer, queue: Any, worker: Any, kind: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    execution = core.add("rough.gigabyte", count=400, kind=kind)
    await queue.put(execution)
    await core.finished(execution, timeout=120)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    # The protocol server keeps the lines that passed; how many do depends on how fast the machine is.
    allowed = 100 + len(execution.lines) * 0.005
    assert grown < allowed, f"{grown:.0f} MB more than before, at most {allowed:.0f} were expected"
    assert execution.result.outcome is Outcome.SUCCEEDED
    await core.until(lambda: execution.messages, what="lines")
    if kind == "lines":
        kept = sum(not DROPPED.match(message) for message in execution.messages)
        assert kept + dropped_lines(execution) == 400 * 10_000 + 1
        assert dropped_lines(execution) > 3_000_000
    else:
        assert len(execution.messages) == 1
        assert execution.messages[0].endswith("… [cut: the line has 400,000,013 bytes]")


async def test_e15_a_job_that_logs_without_end_is_not_held_up_and_what_is_dropped_is_said(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("rough.talkative", count=60_000)
    await queue.put(execution)
    await core.finished(execution)
    lines = sorted(execution.lines, key=lambda line: line.seq)
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    said = [line.fields["number"] for line in lines if line.message == "said"]
    assert said == sorted(said)
    assert len(said) >= BURST * 0.9
    assert len(said) + dropped_lines(execution) == 60_000
    assert dropped_lines(execution) > 0


async def test_e15_binary_long_and_unfinished_lines_are_readable(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.shapes")
    await queue.put(execution)
    await core.finished(execution)
    messages = execution.messages
    assert messages[0] == "\x00\x01\\xff binary"
    assert messages[1].startswith("yyyy")
    assert messages[1].endswith("… [cut: the line has 50,000 bytes]")
    assert messages[2] == "100 %", "a line that overwrites itself is its last state"
    assert messages[3].endswith("… [cut: the message has 50,000 characters]")
    assert max(map(len, messages)) <= 20_000
    assert messages[4:] == ["lone ? surrogate", "not a number"]
    assert execution.lines[4].fields["truncated"] is True


async def test_e15_a_light_job_may_say_anything_too(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.light_shapes")
    await queue.put(execution)
    await core.finished(execution)
    assert (execution.result.error.message, execution.result.error.transient) == ("odd ?", True)
    assert execution.messages[:2] == ["lone ? surrogate", "not a number"]
    after = core.add("rough.light")
    await queue.put(after)
    await core.finished(after)
    assert after.result.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize("ending", ["return", "raise", "transient"])
async def test_e15_no_secret_leaves_the_worker(
    core: ProtocolServer,
    settings: Settings,
    queue: Any,
    start_worker: Any,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    monkeypatch.setenv("TEAM_API_TOKEN", "token-of-the-team-123")
    secrets = ("token-of-the-team-123", "password-of-a-param", "nested-param-secret")
    async with start_worker(settings):
        execution = core.add("rough.secrets", password=secrets[1], nested={"a": secrets[2]}, plain=ending)
        await queue.put(execution)
        await core.finished(execution)
    told = "\n".join(line.model_dump_json() for line in execution.lines)
    told += execution.result.model_dump_json() + "".join(str(message) for _, message in execution.progress)
    for secret in secrets:
        assert secret not in told
    assert {"printed ***", "logged", "warned ***", "look at ***"} <= set(execution.messages)
    if ending == "return":
        assert execution.result.result.data == {"text": "*** *** ***", "list": ["***"] * 3}
        assert execution.result.result.warnings[0].context == {"value": "***"}
    else:
        assert "*** *** ***" in execution.result.error.message


async def test_e15_reports_are_as_cheap_as_nobody_looks_and_the_newest_arrives(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    execution = core.add("rough.reports", count=50_000, seconds=2)
    await queue.put(execution)
    await core.until(lambda: "reported" in execution.messages, what="50,000 reports")
    await core.until(lambda: (0.99998, "row 49999") in execution.progress, what="the newest report")
    assert 3590 < execution.etas[-1] <= 3600
    await core.finished(execution)


async def test_e15_lines_that_core_api_cannot_take_are_bounded_and_told_of_in_their_place(
    core: ProtocolServer, settings: Settings
) -> None:
    execution = core.add("rough.echo")
    core.away = {"logs"}
    protocol = CoreProtocol(
        core.url, internal_key=SecretStr("key" * 12), service="worker-svc", worker_id="worker.one.1"
    )
    async with protocol:
        shipper = LogShipper(protocol, max_lines=100)
        stop = asyncio.Event()
        task = asyncio.create_task(shipper.run(stop))
        for first in (1, 301):
            for seq in range(first, first + 300):
                shipper.add(_line(execution, seq))
            turned_away = core.turned_away["logs"]
            await core.until(lambda before=turned_away: core.turned_away["logs"] > before + 1, what="attempts to send")
        core.away = set()
        assert await shipper.flushed(execution.id, 1, timeout=20)
        stop.set()
        await asyncio.wait_for(task, 10)
    lines = sorted(execution.lines, key=lambda line: line.seq)
    notices = {line.seq: line for line in lines if line.level is LogLevel.WARNING}
    told = sum(int(line.message.split()[0]) for line in notices.values())
    assert told == shipper.dropped >= 300
    assert len(lines) - len(notices) + told == 600
    assert [line.seq for line in lines][-100:] == list(range(501, 601)), "the newest are kept"
    assert all(line.message == f"line {line.seq}" for line in lines if line.seq not in notices)


def _line(execution: Execution, seq: int) -> LogLine:
    return LogLine(
        execution_id=execution.id, attempt=1, seq=seq, at=utc_now(), level=LogLevel.INFO, message=f"line {seq}"
    )


async def test_e15_the_shipper_is_bounded_in_bytes(core: ProtocolServer) -> None:
    protocol = CoreProtocol(
        core.url, internal_key=SecretStr("key" * 12), service="worker-svc", worker_id="worker.one.1"
    )
    async with protocol:
        shipper = LogShipper(protocol, max_bytes=100_000)
        execution = Execution(uuid4(), "rough.echo", {})
        for seq in range(1, 1001):
            shipper.add(_line(execution, seq).model_copy(update={"message": "x" * 10_000}))
    assert shipper.dropped == 991


def test_e15_the_budget_refills_with_time_and_counts_what_it_refused() -> None:
    now = [0.0]
    budget = LineBudget(clock=lambda: now[0])
    passed = sum(budget.take(0) for _ in range(20_000))
    assert passed == BURST
    budget.dropped(10_000, 5_000_000)
    now[0] += 0.25
    assert not budget.take(0), "a quarter of a second is a crumb"
    budget.dropped(1, 100)
    now[0] += 0.5
    assert budget.take(0)
    assert budget.notice() == (
        f"10,001 lines (5,000,100 bytes) dropped here: the job writes more than {PER_SECOND:,.0f} lines a second"
    )
    assert budget.notice() is None


@pytest.mark.journey
async def test_e15_sigkill_of_the_worker_loses_at_most_a_second_of_lines(
    core: ProtocolServer, queue: Any, worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    await core.until(lambda: core.registrations, what="registration")
    file = tmp_path / "said"
    execution = core.add("rough.every_way", file=str(file))
    await queue.put(execution)
    await core.until(lambda: "stdout 150" in execution.messages, what="some lines")
    worker_process.send_signal(signal.SIGKILL)
    killed = time.time()
    worker_process.wait()
    said = [line.split() for line in file.read_text().splitlines()]
    before = {int(number) for number, at in said if float(at) <= killed - 1}
    assert len(before) > 20
    context = {line.fields["number"] for line in execution.lines if line.message == "context"}
    assert before <= context, f"context: {sorted(before - context)} are lost"
    for way in ("logging", "stdout", "stderr"):
        arrived = {int(message.split()[1]) for message in execution.messages if message.startswith(way)}
        assert before <= arrived, f"{way}: {sorted(before - arrived)} were said a second before the end and are lost"
