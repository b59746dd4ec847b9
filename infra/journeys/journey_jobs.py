"""Jobs of the journeys: each writes what it did to a file, so that a test can count real effects."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from rotina import JobContext, JobRegistry, Params, PermanentError, job

registry = JobRegistry()


class EffectParams(Params):
    """`seconds` is how long the job takes; `hog` spends them holding the interpreter lock."""

    folder: str
    seconds: float = 0
    hog: bool = False


def _note(folder: str, line: str) -> None:
    # One write of an O_APPEND descriptor is whole, also when many processes do it.
    descriptor = os.open(Path(folder) / "effects.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


def _hold_interpreter(seconds: float) -> None:
    """One C call after another that never lets other Python threads of this process run."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(20_000_000))


@job("journey.effect", title="Writes a start and an end line", params=EffectParams, registry=registry)
def effect(ctx: JobContext[EffectParams]) -> dict[str, int]:
    params = ctx.params
    _note(params.folder, f"start {ctx.execution_id} {ctx.attempt} {os.getpid()}")
    ctx.log.info("started", pid=os.getpid())
    if params.hog:
        _hold_interpreter(params.seconds)
    elif params.seconds:
        threading.Event().wait(params.seconds)
    _note(params.folder, f"end {ctx.execution_id} {ctx.attempt} {os.getpid()}")
    return {"pid": os.getpid(), "attempt": ctx.attempt}


@job("journey.fail", title="Fails for good", params=EffectParams, registry=registry)
def fail(ctx: JobContext[EffectParams]) -> None:
    raise PermanentError(f"<b>nothing</b> to be done in attempt {ctx.attempt}")


@job("journey.poison", title="Kills its worker", params=EffectParams, registry=registry)
def poison(ctx: JobContext[EffectParams]) -> None:
    _note(ctx.params.folder, f"start {ctx.execution_id} {ctx.attempt} {os.getpid()}")
    fork_server = Path(f"/proc/{os.getppid()}/stat").read_text()
    worker = int(fork_server.rpartition(")")[2].split()[1])
    os.kill(worker, signal.SIGKILL)
    threading.Event().wait(60)


@job("journey.children", title="Sleeps beside two children", params=EffectParams, registry=registry)
def children(ctx: JobContext[EffectParams]) -> None:
    params = ctx.params
    _note(params.folder, f"start {ctx.execution_id} {ctx.attempt} {os.getpid()}")
    command = ["/bin/sleep", "600"]
    started = [subprocess.Popen(command), subprocess.Popen(command, start_new_session=True)]
    for one in started:
        _note(params.folder, f"child {one.pid} {ctx.execution_id}")
    threading.Event().wait(params.seconds)
    _note(params.folder, f"end {ctx.execution_id} {ctx.attempt} {os.getpid()}")


@job(
    "journey.light",
    title="Writes one line, in the worker's own loop",
    params=EffectParams,
    light=True,
    registry=registry,
)
async def light(ctx: JobContext[EffectParams]) -> dict[str, int]:
    _note(ctx.params.folder, f"end {ctx.execution_id} {ctx.attempt} {os.getpid()}")
    return {"attempt": ctx.attempt}


class LoadParams(Params):
    """What a load that only pretends comes to."""

    folder: str
    rows: int | None = None
    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warning: str | None = None
    fail: bool = False


def _load(ctx: JobContext[LoadParams]) -> dict[str, Any]:
    params = ctx.params
    if params.fail:
        raise PermanentError("the host did not answer", code="NOT_ANSWERED")
    if params.warning is not None:
        ctx.warn("FEW_ROWS", params.warning)
    for name in params.missing:
        ctx.warn("FILE_MISSING", f"{name}: not published yet", session="2026-11-18", outcome="not_published")
    files = [{"file": name, "outcome": "got"} for name in params.there]
    files += [{"file": name, "outcome": "not_published"} for name in params.missing]
    return {"files": files} | ({"rows": params.rows} if params.rows is not None else {})


@job("b3.journey.load", title="Loads as the jobs of B3 do", params=LoadParams, registry=registry)
def load_b3(ctx: JobContext[LoadParams]) -> dict[str, Any]:
    return _load(ctx)


@job("cvm.journey.load", title="Loads as the jobs of CVM do", params=LoadParams, registry=registry)
def load_cvm(ctx: JobContext[LoadParams]) -> dict[str, Any]:
    return _load(ctx)
