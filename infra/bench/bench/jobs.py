"""Jobs that do nothing but say when their code began."""

import asyncio
import os
import time
from pathlib import Path

from rotina import JobContext, JobRegistry, Params, job

registry = JobRegistry()


class StartParams(Params):
    folder: str


class HoldParams(StartParams):
    seconds: float


class NoParams(Params):
    pass


def _note(ctx: JobContext[StartParams] | JobContext[HoldParams], file: str = "starts.log") -> None:
    at = time.time_ns()
    # One write of an O_APPEND descriptor is whole, also when several processes do it.
    descriptor = os.open(Path(ctx.params.folder) / file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{ctx.execution_id} {at}\n".encode())
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


@job("bench.hold.light", title="Takes its time, in the worker's loop", params=HoldParams, light=True, registry=registry)
async def hold_light(ctx: JobContext[HoldParams]) -> None:
    _note(ctx)
    await asyncio.sleep(ctx.params.seconds)
    _note(ctx, "ends.log")


@job("bench.hold.process", title="Takes its time, in a child process", params=HoldParams, registry=registry)
def hold_process(ctx: JobContext[HoldParams]) -> None:
    _note(ctx)
    time.sleep(ctx.params.seconds)
    _note(ctx, "ends.log")


@job("bench.nothing", title="Does nothing", params=NoParams, light=True, registry=registry)
async def nothing(_ctx: JobContext[NoParams]) -> None:
    return None
