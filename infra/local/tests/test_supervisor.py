"""A supervisor in a process of its own, over trivial children: however it ends, nothing stays behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from local_stack.orphans import end_processes, load_records, record_of, save_records
from local_stack.state import StateFolder
from local_stack.tools import LOCAL_FOLDER

FAKE = Path(__file__).with_name("fake_stack.py")


def until[T](condition: Callable[[], T], *, seconds: float = 20, what: str) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)  # ast-grep-ignore: no-sleep-in-tests  (polls real processes, with a deadline)
    raise AssertionError(f"not within {seconds} s: {what}")


class FakeRun:
    def __init__(self, state: Path, *arguments: str) -> None:
        self.state = StateFolder(state)
        self.process = subprocess.Popen(
            [sys.executable, str(FAKE), str(state), *arguments],
            env=os.environ | {"PYTHONPATH": str(LOCAL_FOLDER)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.family: list[psutil.Process] = []

    def ready(self) -> dict[str, object]:
        until(lambda: self.state.stack_file.exists() or self.process.poll() is not None, what="stack.json")
        assert self.process.poll() is None, self.output()
        supervisor = psutil.Process(self.process.pid)
        # Three children, a grandchild in a session of its own, and the guardian.
        self.family = until(
            lambda: kept if len(kept := supervisor.children(recursive=True)) == 5 else None, what="five processes"
        )
        until(lambda: "deaf" in self.state.log("ai-svc").read_text(), what="the stubborn child")
        return json.loads(self.state.stack_file.read_text())

    def output(self) -> str:
        return self.process.communicate(timeout=30)[0]

    def survivors(self) -> list[str]:
        """The command lines of those that still run; one may end, or become a zombie, between two looks."""
        alive = []
        for one in self.family:
            with suppress(psutil.NoSuchProcess):  # a ZombieProcess is one of these
                if one.is_running():
                    alive.append(str(one.cmdline()))
        return alive

    def nothing_left(self) -> bool:
        return not self.survivors()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., FakeRun]]:
    runs: list[FakeRun] = []

    def start(*arguments: str) -> FakeRun:
        runs.append(FakeRun(tmp_path / "state of a stack", *arguments))
        return runs[-1]

    yield start
    for one in runs:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.communicate(timeout=30)
        for left in one.family:
            if left.is_running():
                left.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(run: Callable[..., FakeRun], number: signal.Signals) -> None:
    stack = run()
    stack.ready()

    stack.process.send_signal(number)
    said = stack.output()

    assert stack.process.returncode == 0, said
    assert stack.survivors() == []
    assert not stack.state.stack_file.exists()
    assert load_records(stack.state.processes_file) == []
    assert "stopped; the data is kept" in said


def test_a_killed_supervisor_leaves_nothing(run: Callable[..., FakeRun]) -> None:
    stack = run()
    stack.ready()

    stack.process.kill()
    stack.process.wait(10)

    until(stack.nothing_left, what="the guardian to end the rest")


def test_what_a_killed_supervisor_and_guardian_left_is_ended_by_the_next_start(run: Callable[..., FakeRun]) -> None:
    first = run()
    first.ready()
    guardian = next(one for one in first.family if "local_stack.guardian" in one.cmdline())
    guardian.kill()
    first.process.kill()
    first.process.wait(10)
    assert any("SIG_IGN" in left for left in first.survivors()), "the stubborn child should have outlived both"

    second = run()
    second.ready()

    assert first.survivors() == []
    second.process.terminate()
    assert "an earlier run was killed; ended what it left: ai-svc" in second.output()


def test_a_pid_that_belongs_to_somebody_else_now_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    try:
        path = tmp_path / "processes.json"
        record = record_of("core-api", stranger.pid, signal.SIGTERM, owner=1, marker="another run")
        assert record is not None
        save_records(path, [replace(record, started=record.started - 3600)])

        assert end_processes(load_records(path), seconds=1) == []
        assert stranger.poll() is None
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        stranger.kill()
        stranger.wait(5)


def test_a_second_start_is_told_where_the_first_one_runs_and_disturbs_nothing(run: Callable[..., FakeRun]) -> None:
    first = run()
    stack = first.ready()

    second = run()
    said = second.output()

    assert second.process.returncode == 2
    assert f"already runs at {stack['url']} (pid {first.process.pid})" in said
    assert first.process.poll() is None
    assert len(first.survivors()) == 5
    assert first.state.stack_file.exists()


def test_a_service_that_dies_is_started_again(run: Callable[..., FakeRun]) -> None:
    stack = run()
    before = {one["name"]: one["pid"] for one in stack.ready()["processes"]}

    os.kill(before["core-api"], signal.SIGKILL)

    def renewed() -> bool:
        now = {one["name"]: one["pid"] for one in json.loads(stack.state.stack_file.read_text())["processes"]}
        return now["core-api"] != before["core-api"] and now["ai-svc"] == before["ai-svc"]

    until(renewed, what="a new core-api in stack.json")
    stack.process.terminate()
    assert f"core-api (pid {before['core-api']}) ended with status -9" in stack.output()


def test_a_service_that_cannot_start_ends_the_stack_with_its_own_words(run: Callable[..., FakeRun]) -> None:
    stack = run("fail")

    said = stack.output()

    assert stack.process.returncode == 1
    assert "oidc ended with status 7" in said
    assert "I cannot find my database" in said
    assert not stack.state.stack_file.exists()
    assert load_records(stack.state.processes_file) == []


def test_files_with_secrets_are_for_their_owner_only(run: Callable[..., FakeRun]) -> None:
    stack = run()
    stack.ready()

    for file in (stack.state.stack_file, stack.state.secrets_file, stack.state.processes_file):
        assert file.stat().st_mode & 0o777 == 0o600, file
