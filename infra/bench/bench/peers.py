"""Other queues in the same run: from due to start, and no-ops per second, each with the broker that it was made for."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import asyncpg

from bench.environments import installed
from bench.report import IMMEDIATE, NO_OPS, SCHEDULED, Measure, percentile
from bench.stack import BENCH
from ephemeral import REPO
from shared_utils.testing.redis_server import RedisServer, new_password
from shared_utils.testing.servers import PostgresServer, free_port

REQUIREMENTS: Final = BENCH / "requirements-peers.txt"
IMMEDIATE_COUNT: Final = 200
SCHEDULED_COUNT: Final = 40
MARK_BYTES: Final = 42
PATIENCE_SECONDS: Final = 90


@dataclass(frozen=True)
class Peer:
    module: str
    package: str
    broker: Literal["postgres", "redis"]
    keeps: str
    no_ops: int = 10_000


PEERS: Final = (
    Peer("peers.with_pgqueuer", "pgqueuer", "postgres", "log rows in PostgreSQL"),
    Peer("peers.with_procrastinate", "procrastinate", "postgres", "a row per job in PostgreSQL", no_ops=4_000),
    Peer("peers.with_saq", "saq", "redis", "in Redis for 10 minutes"),
    Peer("peers.with_arq", "arq", "redis", "results in Redis for an hour"),
    Peer("peers.with_celery", "celery", "redis", "results in Redis for a day"),
    Peer("peers.with_dramatiq", "dramatiq", "redis", "nothing"),
)


async def measure_peers() -> list[Measure]:
    """Each peer on fresh servers with durable settings. One that cannot run here is told in its line."""
    python = await asyncio.to_thread(installed, "peers", REQUIREMENTS)
    measures: list[Measure] = []
    for peer in PEERS:
        began = time.perf_counter()
        print(f"  {peer.package} ...", file=sys.stderr, end=" ", flush=True)
        try:
            async with _servers(peer) as environment:
                measures += await _measure(_Runner(python, peer, environment))
        except (RuntimeError, OSError) as error:
            measures.append(Measure(f"{peer.package}: could not be measured", 0, "", note=str(error)[-300:]))
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return measures


@asynccontextmanager
async def _servers(peer: Peer) -> AsyncIterator[dict[str, str]]:
    """The peer's broker, empty and durable, and the file of the jobs' marks."""
    with tempfile.TemporaryDirectory(prefix=f"{peer.package}-", dir=REPO / ".rotina" / "bench") as name:
        folder = Path(name)
        environment = {"PEER_MARKS": str(folder / "marks")}
        if peer.broker == "redis":
            redis = RedisServer(
                folder / "redis", free_port(), password=new_password(), role="streams", log_file=folder / "redis.log"
            )
            redis.start()
            try:
                yield environment | {"PEER_REDIS": redis.url()}
            finally:
                redis.stop()
        else:
            postgres = PostgresServer(
                folder / "postgres",
                port=free_port(),
                superuser_password=new_password(),
                log_file=folder / "postgres.log",
                durable=True,
            )
            postgres.init()
            postgres.start()
            try:
                connection = await asyncpg.connect(postgres.admin_dsn("postgres"))
                await connection.execute("CREATE DATABASE peer")
                await connection.close()
                yield environment | {"PEER_POSTGRES": postgres.admin_dsn("peer")}
            finally:
                postgres.remove()


@dataclass(frozen=True)
class _Runner:
    python: Path
    peer: Peer
    environment: Mapping[str, str]

    @property
    def marks(self) -> Path:
        return Path(self.environment["PEER_MARKS"])

    def _env(self) -> dict[str, str]:
        return dict(os.environ) | {"PYTHONPATH": str(BENCH)} | dict(self.environment)

    async def call(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            str(self.python), "-m", self.peer.module, *arguments,
            env=self._env(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        if process.returncode:
            raise RuntimeError(f"{self.peer.package} {arguments[0]}: {output.decode()[-600:]}")

    async def analyze(self) -> None:
        """What autovacuum would have done within the minute; a plan without statistics would be unfair."""
        if self.peer.broker == "postgres":
            connection = await asyncpg.connect(self.environment["PEER_POSTGRES"])
            await connection.execute("ANALYZE")
            await connection.close()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        log = self.marks.with_name("worker.log")
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: ASYNC220  only starts it
                [str(self.python), "-m", self.peer.module, "work"],
                env=self._env(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError(f"{self.peer.package}'s worker ended: {log.read_text()[-600:]}")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # a session of its own: its children are ended with it
                process.wait()

    def read(self) -> list[tuple[int, int]]:
        """(due, began) in nanoseconds, of every job that counts."""
        text = self.marks.read_text() if self.marks.exists() else ""
        pairs = [line.split() for line in text.splitlines()]
        return [(int(due), int(began)) for due, began in pairs if int(due) >= 0]

    async def until(self, count: int) -> list[tuple[int, int]]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            size = self.marks.stat().st_size if self.marks.exists() else 0
            if size >= count * MARK_BYTES and len(found := self.read()) >= count:
                return found
            await asyncio.sleep(0.2)
        log = self.marks.with_name("worker.log")
        raise RuntimeError(f"{len(self.read())} of {count} jobs ran in {PATIENCE_SECONDS} s; {log.read_text()[-300:]}")


async def _measure(runner: _Runner) -> list[Measure]:
    await runner.call("setup")
    return [
        await _no_ops(runner),
        *await _starts(runner, "immediate", IMMEDIATE_COUNT, IMMEDIATE),
        *await _starts(runner, "scheduled", SCHEDULED_COUNT, SCHEDULED),
    ]


async def _no_ops(runner: _Runner) -> Measure:
    """Enqueued before the worker starts; from the first job's code to the last's, so its own start does not count."""
    count = runner.peer.no_ops
    await runner.call("bulk", str(count))
    await runner.analyze()
    async with runner.worker():
        began = [began for _, began in await runner.until(count)]
    seconds = (max(began) - min(began)) / 1e9
    note = f"{count:,} jobs, one worker; keeps {runner.peer.keeps}"
    name = f"{runner.peer.package}: no-op jobs per second"
    return Measure(name, count / seconds, "/s", better="more", note=note, group=NO_OPS)


async def _starts(runner: _Runner, what: str, count: int, group: str) -> Sequence[Measure]:
    runner.marks.unlink(missing_ok=True)
    async with runner.worker():
        await runner.call(what, str(count))
        pairs = await runner.until(count)
    waits = [(began - due) / 1e6 for due, began in pairs]
    note = f"{len(waits)} jobs; p99 {percentile(waits, 0.99):,.1f} ms, worst {max(waits):,.1f} ms"
    return [Measure(f"{runner.peer.package}: {what}, p50", percentile(waits, 0.5), "ms", note=note, group=group)]
