"""A throw-away stack of real processes, for journeys and benchmarks.

PostgreSQL, two Redis, core-api, any number of schedulers and workers, each a process of its own that a test may stop,
freeze or kill. Nothing here is mocked but the identity provider, which is the test issuer of `shared_utils.testing`.
"""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx

from shared_utils.db.bootstrap import bootstrap_database
from shared_utils.testing.servers import PostgresServer, RedisServer, free_port

REPO = Path(__file__).resolve().parents[2]
ROLES = ("core_owner", "core", "ai_owner", "ai", "market_owner", "market")


@dataclass
class ManagedProcess:
    """One child process; its output goes to a log file that error messages quote."""

    name: str
    args: list[str]
    env: dict[str, str]
    log: Path
    popen: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(  # a session of its own, so that the test's Ctrl-C does not reach it
                self.args, env=self.env, stdout=log, stderr=subprocess.STDOUT, cwd=REPO, start_new_session=True
            )
        return self

    @property
    def pid(self) -> int:
        assert self.popen is not None, f"{self.name} was not started"
        return self.popen.pid

    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self.signal(signal.SIGKILL)
        self.wait(10)

    def stop(self, timeout: float = 30) -> int | None:
        """SIGTERM, then SIGKILL when it does not end in time. Returns the exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def wait(self, timeout: float) -> int | None:
        return self.popen.wait(timeout) if self.popen is not None else None

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


@dataclass
class EphemeralStack:
    """Servers in `folder`, on free ports of the loopback interface. `durable` keeps fsync on (benchmarks)."""

    folder: Path
    issuer: str
    audience: str = "rotina-api"
    durable: bool = False
    extra_env: Mapping[str, str] = field(default_factory=dict)
    lease_seconds: float = 9
    processes: list[ManagedProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        self.redis_password = secrets.token_urlsafe(24)
        self.worker_key = secrets.token_urlsafe(32)
        self.secrets_key = secrets.token_urlsafe(32)
        self.postgres = PostgresServer(
            self.folder / "postgres",
            port=free_port(),
            superuser_password=secrets.token_urlsafe(24),
            log_file=self.folder / "postgres.log",
            durable=self.durable,
            # What is measured is measured with production's memory (infra/docker-compose.yml).
            shared_buffers="256MB" if self.durable else "64MB",
        )
        self.streams = RedisServer(
            self.folder / "streams",
            free_port(),
            password=self.redis_password,
            role="streams",
            log_file=self.folder / "streams.log",
        )
        self.cache = RedisServer(
            self.folder / "cache",
            free_port(),
            password=self.redis_password,
            role="cache",
            log_file=self.folder / "cache.log",
        )
        self.core_port = free_port()
        self.ai_port = free_port()

    # --- servers -------------------------------------------------------------------------------------------------

    async def start_servers(self) -> None:
        """PostgreSQL with roles and migrations, and both Redis."""
        self.postgres.init()
        self.postgres.start()
        self.streams.start()
        self.cache.start()
        await bootstrap_database(self.postgres.admin_dsn("postgres"), database="rotina", passwords=self.passwords)
        await asyncio.gather(self.migrate("core_api"), self.migrate("worker_svc"))

    async def migrate(self, package: str) -> None:
        """Runs a service's migrations, as a release does."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"{package}.migrate",
            env=self.env(),
            cwd=REPO,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"{package}.migrate failed:\n{out.decode()}\n{err.decode()}"

    def url(self, role: str) -> str:
        return f"postgresql+asyncpg://{role}:{self.passwords[role]}@127.0.0.1:{self.postgres.port}/rotina"

    def redis_url(self, server: RedisServer) -> str:
        return f"redis://:{self.redis_password}@127.0.0.1:{server.port}/0"

    @property
    def core_url(self) -> str:
        return f"http://127.0.0.1:{self.core_port}"

    @property
    def ai_url(self) -> str:
        return f"http://127.0.0.1:{self.ai_port}"

    def env(self, **extra: str) -> dict[str, str]:
        """The environment of every process: settings only, no secret on a command line."""
        streams, cache = self.redis_url(self.streams), self.redis_url(self.cache)
        settings: dict[str, str] = {}
        for prefix, role in (("CORE_API_", "core"), ("WORKER_SVC_", "market"), ("AI_SVC_", "ai")):
            settings |= {
                f"{prefix}ENVIRONMENT": "test",
                f"{prefix}LOG_LEVEL": "INFO",
                f"{prefix}DATABASE_URL": self.url(role),
                f"{prefix}MIGRATION_DATABASE_URL": self.url(f"{role}_owner"),
                f"{prefix}STREAMS_URL": streams,
                f"{prefix}CACHE_URL": cache,
                f"{prefix}OIDC_ISSUER": self.issuer,
                f"{prefix}OIDC_AUDIENCE": self.audience,
                f"{prefix}INTERNAL_KEYS": json.dumps({"worker-svc": [self.worker_key]}),
            }
        settings |= {
            "CORE_API_LEASE_SECONDS": str(self.lease_seconds),
            "CORE_API_SECRETS_KEYS": json.dumps([self.secrets_key]),
            "CORE_API_ALLOW_PRIVATE_WEBHOOKS": "true",  # receivers of tests are on this machine
            "CORE_API_ARTIFACTS_DIR": str(self.folder / "artifacts"),
            "WORKER_SVC_CORE_API_URL": self.core_url,
            "WORKER_SVC_INTERNAL_KEY": self.worker_key,
            "WORKER_SVC_AI_SVC_URL": self.ai_url,
            "AI_SVC_CORE_API_URL": self.core_url,
            "AI_SVC_INTERNAL_KEY": self.worker_key,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
        return kept | settings | dict(self.extra_env) | extra

    # --- processes -----------------------------------------------------------------------------------------------

    def _spawn(self, name: str, *args: str, **env: str) -> ManagedProcess:
        process = ManagedProcess(name, [sys.executable, *args], self.env(**env), self.folder / f"{name}.log")
        self.processes.append(process)
        return process.start()

    async def start_core_api(self) -> ManagedProcess:
        """core-api on its port, ready to answer."""
        process = self._spawn(
            "core-api", "-m", "uvicorn", "core_api.main:create_app", "--factory", "--host", "127.0.0.1",
            "--port", str(self.core_port), "--no-access-log", "--timeout-graceful-shutdown", "2",
        )  # fmt: skip
        await self.ready(process, f"{self.core_url}/health/ready")
        return process

    async def start_ai_svc(self, **env: str) -> ManagedProcess:
        """ai-svc on its port, with its own migrations, ready to answer. `env` configures models: without any, `local`."""
        await self.migrate("ai_svc")
        process = self._spawn(
            "ai-svc", "-m", "uvicorn", "ai_svc.main:create_app", "--factory", "--host", "127.0.0.1",
            "--port", str(self.ai_port), "--no-access-log", "--timeout-graceful-shutdown", "2", **env,
        )  # fmt: skip
        await self.ready(process, f"{self.ai_url}/health/ready")
        return process

    async def start_front_door(self, *, worker_port: int) -> str:
        """The local stack's own front door before these services; gives its address."""
        port = free_port()
        urls = {
            "CORE_API_URL": self.core_url,
            "AI_SVC_URL": self.ai_url,
            "WORKER_SVC_URL": f"http://127.0.0.1:{worker_port}",
            "FRONTEND_URL": self.folder.as_uri(),
            "OIDC_ORIGIN": self.issuer,
            "PYTHONPATH": str(Path(__file__).parent),
        }
        process = self._spawn("front-door", "-m", "local_stack.front_door", "--port", str(port), **urls)
        await self.ready(process, f"http://127.0.0.1:{port}/health")
        return f"http://127.0.0.1:{port}"

    def start_scheduler(self, name: str = "scheduler-1", **env: str) -> ManagedProcess:
        return self._spawn(name, "-m", "core_api.scheduler", **env)

    async def start_worker(
        self, name: str = "worker-1", *, slots: int = 4, wait: bool = True, port: int | None = None, **env: str
    ) -> ManagedProcess:
        """A worker that has registered and reads its queues; without `wait` one that is about to."""
        port = port or free_port()
        settings = {
            "WORKER_SVC_WORKER_NAME": name,
            "WORKER_SVC_SLOTS": str(slots),
            "WORKER_SVC_HTTP_PORT": str(port),
            "WORKER_SVC_STORAGE_DIR": str(self.folder / "storage"),
        }
        process = self._spawn(name, "-m", "worker_svc", **(settings | env))
        if wait:
            await self.ready(process, f"http://127.0.0.1:{port}/health/ready")
        return process

    async def ready(self, process: ManagedProcess, url: str, timeout: float = 45) -> None:
        deadline = time.monotonic() + timeout
        last = ""
        async with httpx.AsyncClient(timeout=3) as http:
            while time.monotonic() < deadline:
                assert process.alive(), f"{process.name} ended:\n{process.tail()}"
                try:
                    answer = await http.get(url)
                except httpx.TransportError as error:
                    last = repr(error)
                else:
                    if answer.status_code == 200:
                        return
                    last = answer.text
                await asyncio.sleep(0.05)
        raise AssertionError(f"{process.name} is not ready after {timeout}s: {last}\n{process.tail()}")

    async def clear(self) -> None:
        """Ends schedulers and workers, starts what a test stopped, and empties the tables: the next test finds nothing."""
        kept = [process for process in self.processes if process.name == "core-api"]
        for process in reversed(self.processes):
            if process not in kept:
                process.signal(signal.SIGCONT)
                process.stop(timeout=15)
        self.processes = kept
        if not self.streams.is_running():
            self.streams.start()
        self.streams.flushall()
        self.cache.flushall()  # rate limits start anew
        await self.fetch(
            "TRUNCATE core.executions, core.attempts, core.artifacts, core.execution_logs, core.outbox, core.inbox, core.daily_loads, "
            "core.scheduler_logs, core.scheduler_instances, core.worker_jobs, core.jobs, core.workers, "
            "core.routine_dependencies, core.webhook_keys, core.routines, core.idempotency_keys, core.backfills, core.unplanned_routines, "
            "core.incidents, core.incident_changes, "
            "core.channels, core.notification_rules, core.deliveries, core.delivery_items, core.notification_threads, "
            "core.dispatch_gaps, core.dispatch_state, core.pool_starts, core.group_deadlines, core.webhook_keys CASCADE"
        )
        (self.folder / "effects.log").unlink(missing_ok=True)

    async def stop(self) -> None:
        """Ends every process and server that this stack started."""
        for process in reversed(self.processes):
            process.signal(signal.SIGCONT)
            process.stop(timeout=15)
        for server in (self.cache, self.streams):
            server.stop()
        self.postgres.remove()

    # --- looking -------------------------------------------------------------------------------------------------

    async def connect(self) -> asyncpg.Connection:
        """A superuser connection to the product's database."""
        return await asyncpg.connect(self.postgres.admin_dsn("rotina"))

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]:
        connection = await self.connect()
        try:
            return list(await connection.fetch(query, *args))
        finally:
            await connection.close()

    async def until(self, condition: Callable[[], Any], *, timeout: float, what: str) -> Any:
        """Polls an async `condition` until it answers something true; fails with the logs' tails otherwise."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                value = await condition()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                value = None  # the servers under test may be restarting
            if value:
                return value
            await asyncio.sleep(0.05)
        logs = "\n".join(f"--- {process.name}\n{process.tail(15)}" for process in self.processes)
        raise AssertionError(f"not within {timeout}s: {what}\n{logs}")
