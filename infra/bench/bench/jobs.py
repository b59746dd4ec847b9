"""Jobs that do nothing but say when their code began."""

import os
import time
from pathlib import Path

from rotina import JobContext, JobRegistry, Params, job

registry = JobRegistry()


class StartParams(Params):
    folder: str


class NoParams(Params):
    pass


def _note(ctx: JobContext[StartParams]) -> None:
    began = time.time_ns()
    # One write of an O_APPEND descriptor is whole, also when several processes do it.
    descriptor = os.open(Path(ctx.params.folder) / "starts.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{ctx.execution_id} {began}\n".encode())
    finally:
        os.close(descriptor)


@job(
    "bench.start.light",
    title="Notes its start, in the worker's loop",
    params=StartParams,
    light=True,
    registry=registry,
)
async def start_light(ctx: JobContext[StartParams]) -> None:
    _note(ctx)


@job("bench.start.process", title="Notes its start, in a child process", params=StartParams, registry=registry)
def start_process(ctx: JobContext[StartParams]) -> None:
    _note(ctx)


@job("bench.nothing", title="Does nothing", params=NoParams, light=True, registry=registry)
async def nothing(_ctx: JobContext[NoParams]) -> None:
    return None
