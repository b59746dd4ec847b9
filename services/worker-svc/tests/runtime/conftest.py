"""A running worker in the test's own loop, with real child processes and a real Redis."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio
from factories.protocol_server import Execution, ProtocolServer

from shared_schemas.jobs import wake_stream, work_stream
from shared_utils.testing.ports import free_port
from worker_svc.lifespan import open_worker
from worker_svc.runtime.worker import Worker
from worker_svc.settings import Settings, as_environment

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Queue:
    """What the relay does: entries on a band stream, and a wake-up."""

    redis: redis.asyncio.Redis
    name: str = "default"

    async def put(self, *executions: Execution, band: int = 1) -> None:
        async with self.redis.pipeline(transaction=False) as pipe:
            for execution in executions:
                pipe.xadd(work_stream(self.name, band), {"execution_id": str(execution.id)})
            pipe.xadd(wake_stream(self.name), {"wake": "1"}, maxlen=16)
            await pipe.execute()

    async def left(self) -> int:
        """Entries on all bands; what is finished is acknowledged and deleted."""
        return sum([await self.redis.xlen(work_stream(self.name, band)) for band in (1, 2, 3)])

    async def until_empty(self, timeout: float = 60) -> None:
        async with asyncio.timeout(timeout):
            while await self.left():
                await asyncio.sleep(0.01)


@dataclass
class RunningWorker:
    worker: Worker
    task: asyncio.Task[None]
    pids: Callable[[], list[int]] = field(default=list)

    async def stop(self) -> None:
        self.worker.stop()
        await asyncio.wait_for(self.task, 90)


type StartWorker = Callable[..., AsyncIterator[RunningWorker]]


@pytest.fixture
def queue(streams_redis: redis.asyncio.Redis) -> Queue:
    return Queue(streams_redis)


@pytest.fixture(autouse=True)
def importable_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes import the tests' jobs too."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


@asynccontextmanager
async def running_worker(
    settings: Settings, core: ProtocolServer, streams: redis.asyncio.Redis
) -> AsyncIterator[RunningWorker]:
    """A worker from its registration to its goodbye."""
    async with AsyncExitStack() as stack:
        worker = await open_worker(stack, settings, streams)
        task = asyncio.create_task(worker.run())
        running = RunningWorker(worker, task)
        known = core.registrations
        await core.until(lambda: core.registrations > known or task.done(), what="registration")
        try:
            yield running
        finally:
            await running.stop()


@pytest.fixture
def start_worker(core: ProtocolServer, streams_redis: redis.asyncio.Redis) -> Any:
    """`async with start_worker(settings) as running`; another Redis may be given."""

    def start(settings: Settings, streams: redis.asyncio.Redis = streams_redis) -> Any:
        return running_worker(settings, core, streams)

    return start


@pytest.fixture
async def worker(
    settings: Settings, core: ProtocolServer, streams_redis: redis.asyncio.Redis
) -> AsyncIterator[RunningWorker]:
    """A worker with four slots."""
    async with running_worker(settings, core, streams_redis) as running:
        yield running


@pytest.fixture
def start_process() -> Iterator[Callable[[Settings], subprocess.Popen[bytes]]]:
    """A worker as it is deployed: `python -m worker_svc`; killed at the end."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(settings: Settings) -> subprocess.Popen[bytes]:
        environment = as_environment(settings.model_copy(update={"http_port": free_port()}))
        command = [sys.executable, "-m", "worker_svc"]
        processes.append(subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def worker_process(settings: Settings, start_process: Callable[[Settings], Any]) -> Any:
    return start_process(settings)
