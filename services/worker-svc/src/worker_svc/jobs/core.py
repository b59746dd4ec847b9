"""Jobs that do nothing: for trying out routines and for measuring the engine."""

import asyncio
import time

from rotina import JobContext
from worker_svc.jobs.params import NoopParams


async def noop(ctx: JobContext[NoopParams]) -> None:
    """Runs in the worker's own loop."""
    if ctx.params.sleep_ms:
        await asyncio.sleep(ctx.params.sleep_ms / 1000)


def noop_process(ctx: JobContext[NoopParams]) -> None:
    """Runs in a child process, as real jobs do."""
    if ctx.params.sleep_ms:
        time.sleep(ctx.params.sleep_ms / 1000)
