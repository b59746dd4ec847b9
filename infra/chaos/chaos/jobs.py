"""The jobs of a simulation: each has one effect, written through the fence; some fail once, some always."""

import asyncio
import os
import time
from typing import Literal
from uuid import uuid4

import asyncpg

from rotina import JobContext, JobRegistry, Params, PermanentError, TransientError, job

DSN_ENVIRONMENT_NAME = "CHAOS_DSN"
type _Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
registry = JobRegistry()


class EffectParams(Params):
    """`flaky` fails in the first attempt, `broken` in all; neither has written its effect by then."""

    seconds: float = 0
    behaviour: Literal["fine", "flaky", "broken"] = "fine"


class LazyPool:
    """The worker's own loop runs many light jobs: they share connections, opened when first needed."""

    def __init__(self) -> None:
        self._pool: asyncpg.Pool | None = None

    def get(self) -> asyncpg.Pool:
        if self._pool is None:
            self._pool = asyncpg.create_pool(os.environ[DSN_ENVIRONMENT_NAME], min_size=0, max_size=4)
        return self._pool


_POOL = LazyPool()


def _fail(ctx: JobContext[EffectParams]) -> None:
    if ctx.params.behaviour == "broken":
        raise PermanentError("this routine never works")
    if ctx.params.behaviour == "flaky" and ctx.attempt == 1:
        raise TransientError("the first attempt always fails")


async def _write(connection: _Connection, ctx: JobContext[EffectParams]) -> dict[str, str]:
    verdict = await connection.fetchval("SELECT chaos.write($1, $2)", ctx.execution_id, ctx.attempt)
    if verdict == "stale":
        raise PermanentError("a newer attempt has the token: this one was fenced off", code="FENCED")
    return {"verdict": str(verdict)}


@job("chaos.light", title="One effect, from the worker's loop", params=EffectParams, light=True, registry=registry)
async def light(ctx: JobContext[EffectParams]) -> dict[str, str]:
    pool = await _POOL.get()
    async with pool.acquire() as connection:
        await connection.execute("SELECT chaos.open($1, $2, $3)", ctx.execution_id, ctx.attempt, uuid4())
    _fail(ctx)
    await asyncio.sleep(ctx.params.seconds)
    async with pool.acquire() as connection:
        return await _write(connection, ctx)


@job("chaos.process", title="One effect, from a process of its own", params=EffectParams, registry=registry)
def process(ctx: JobContext[EffectParams]) -> dict[str, str]:
    return asyncio.run(_in_process(ctx))


async def _in_process(ctx: JobContext[EffectParams]) -> dict[str, str]:
    connection = await asyncpg.connect(os.environ[DSN_ENVIRONMENT_NAME])
    try:
        await connection.execute("SELECT chaos.open($1, $2, $3)", ctx.execution_id, ctx.attempt, uuid4())
        _fail(ctx)
        time.sleep(ctx.params.seconds)  # noqa: ASYNC251  a blocking job, as most of a team's are
        return await _write(connection, ctx)
    finally:
        await connection.close()
