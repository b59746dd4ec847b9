"""Starts the stack, watches it, and stops it so that nothing stays behind."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

import asyncpg
import httpx

from local_stack.console import Console, StackError, banner
from local_stack.cotahist import fill_mirror, load_holidays
from local_stack.orphans import ProcessRecord, end_processes, load_records, record_of, save_records
from local_stack.plan import RIGHTS, Plan, Secrets, shown_path
from local_stack.ports import choose_ports
from local_stack.processes import Child, Command, adopt_orphans, reap_adopted, spawn, sweep
from local_stack.schema import prepare_database
from local_stack.servers import Server, create_servers, start_server, stop_signal
from local_stack.state import StackLock, StateFolder, write_private
from local_stack.tools import CALENDAR_FILE, OIDC_FOLDER, REPO, node_binary, shared_data_dir
from shared_utils.clock import home_date, utc_now

READY_SECONDS = 60.0
CLEANUP_SECONDS = 12.0
POLL_SECONDS = 0.05
WATCH_SECONDS = 1.0
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
HEALTHY_SECONDS = 60.0
# Stopped one group after the other: a worker hands its runs back to core-api, which needs the servers.
STOP_ORDER = (("front-door",), ("worker-svc", "mirror"), ("core-scheduler", "ai-svc"), ("core-api", "oidc"))


class Supervisor:
    """One run of the stack: `run` returns the exit status."""

    cleanup_seconds = CLEANUP_SECONDS

    def __init__(self, state: StateFolder, lock: StackLock, console: Console) -> None:
        self.state = state
        self.lock = lock
        self.console = console
        self.stopping = asyncio.Event()
        self.at_once = False
        self.children: dict[str, Child] = {}
        self.servers: dict[str, Server] = {}
        self.records: dict[str, ProcessRecord] = {}
        self.guardian: subprocess.Popen[bytes] | None = None
        self.watchers: list[asyncio.Task[None]] = []
        # Plain HTTP within this machine: no proxy, and no certificates to load.
        self.http = httpx.AsyncClient(timeout=3, trust_env=False, verify=False)  # noqa: S501
        self.ready_seconds: float | None = None
        self.started_at = utc_now().isoformat()

    async def run(self) -> int:
        """Starts, waits for a signal, stops. 0 after a stop that was asked for, 1 when it could not start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)
        adopt_orphans()
        try:
            started = await self._unless_stopped(self._start())
            if started:
                await self.stopping.wait()
        except (StackError, ExceptionGroup) as error:
            self.console.say(f"\n{_problem(error)}\n")
            return 1
        finally:
            await self._stop()
        return 0

    def _asked_to_stop(self) -> None:
        if self.stopping.is_set():
            self.at_once = True
            for child in self.children.values():
                with suppress(ProcessLookupError):
                    child.process.kill()
        else:
            self.console.say("\n  stopping ... (Ctrl-C again kills)")
        self.stopping.set()

    async def _unless_stopped(self, work: Awaitable[None]) -> bool:
        """Whether the work was done; a signal cancels it."""
        task = asyncio.ensure_future(work)
        stop = asyncio.create_task(self.stopping.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            return False
        await task
        return True

    # --- starting ------------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        self._prepare()
        await self._start_parts()
        self._announce()

    def _prepare(self) -> None:
        warn_of_full_disk(self.state, self.console)
        self._clean_up_after_killed_run()
        secrets = Secrets.load_or_create(self.state)
        ports = choose_ports()
        for name, port in ports.taken.items():
            self.console.warn(f"port {port} is taken: {name.replace('_', '-')} gets {ports[name]}")
        self.plan = Plan(self.state, ports, secrets)
        self._start_guardian()

    async def _start_parts(self) -> None:
        await _all(self._start_data_layer(), self._start_oidc(), self._start_mirror())
        await self._start_services()

    def _announce(self) -> None:
        self.ready_seconds = self.console.elapsed
        self._write_stack_file()
        self.lock.describe(url=self.plan.url)
        self.watchers += [asyncio.create_task(self._watch(child)) for child in self.children.values()]
        self.watchers.append(asyncio.create_task(self._watch_rest()))
        logs = shown_path(self.state.logs) + "/"
        self.console.say(banner(self.console, self._stack(), shown_logs=logs, may=RIGHTS))

    def _clean_up_after_killed_run(self) -> None:
        self.state.stack_file.unlink(missing_ok=True)
        ended = end_processes(load_records(self.state.processes_file), seconds=self.cleanup_seconds)
        if ended:
            self.console.warn(f"an earlier run was killed; ended what it left: {', '.join(ended)}")
        self._save_records()

    def _start_guardian(self) -> None:
        log_file = self.state.rotate_log("guardian")
        with log_file.open("ab") as log:
            self.guardian = subprocess.Popen(
                [
                    *(sys.executable, "-m", "local_stack.guardian", str(self.state.processes_file)),
                    *(str(os.getpid()), str(self.cleanup_seconds)),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self.plan.own_environment(),
                start_new_session=True,
            )

    async def _start_data_layer(self) -> None:
        for name in ("postgres", "redis-streams", "redis-cache"):
            self.state.rotate_log(name)
        self.servers = create_servers(self.plan)

        def recorder(name: str) -> Callable[[int], None]:
            return lambda pid: self._record(name, pid, stop_signal(name))

        await _all(*(start_server(server, recorder(name)) for name, server in self.servers.items()))
        self.console.step(
            f"PostgreSQL on {self.plan.ports['postgres']}, Redis on {self.plan.ports['redis_streams']} and {self.plan.ports['redis_cache']}"
        )
        await prepare_database(self.plan, self.console)

    async def _start_oidc(self) -> None:
        if not (OIDC_FOLDER / "node_modules").is_dir():
            raise StackError("the identity provider is not installed. Run: make setup")
        config = self.state.oidc / "config.json"
        write_private(config, self.plan.oidc_config())
        args = [node_binary(), str(OIDC_FOLDER / "server.mjs"), str(config)]
        ready = f"{self.plan.issuer}/.well-known/openid-configuration"
        await self._start_ready(
            self._command("oidc", args, self.plan.base_environment() | {"NODE_ENV": "production"}, ready)
        )
        self.console.step(f"identity provider on {self.plan.ports['oidc']}")

    async def _start_mirror(self) -> None:
        holidays = load_holidays(CALENDAR_FILE)
        today = home_date(utc_now())
        new = await asyncio.to_thread(
            fill_mirror, self.state.mirror, today=today, holidays=holidays, shared_data=shared_data_dir()
        )
        if new:
            self.console.step(f"mirror: {len(new)} new sessions of COTAHIST")
        port = self.plan.ports["mirror"]
        args = [sys.executable, "-m", "local_stack.mirror", "--folder", str(self.state.mirror), "--port", str(port)]
        await self._spawn(self._command("mirror", args, self.plan.own_environment()))

    async def _start_services(self) -> None:
        await _all(*(self._start_ready(command) for command in self._service_commands()), self._start_scheduler())
        self.console.step("core-api, scheduler, ai-svc, worker-svc and front door are ready")

    def _service_commands(self) -> Iterable[Command]:
        plan, urls = self.plan, self.plan.service_urls
        for name, target in (("core-api", "core_api.main:create_app"), ("ai-svc", "ai_svc.main:create_app")):
            yield self._command(
                name,
                _uvicorn(target, plan.ports[name.replace("-", "_")]),
                plan.service_environment(name),
                f"{urls[name]}/health/ready",
            )
        worker = [sys.executable, "-m", "worker_svc"]
        yield self._command(
            "worker-svc", worker, plan.service_environment("worker-svc"), f"{urls['worker-svc']}/health/ready"
        )
        front = [sys.executable, "-m", "local_stack.front_door", "--port", str(plan.ports["front_door"])]
        yield self._command("front-door", front, plan.front_door_environment(), f"{plan.url}/config.json")

    async def _start_scheduler(self) -> None:
        """It is ready when its row says that it lives."""
        port = str(self.plan.ports["core_scheduler"])
        environment = self.plan.service_environment("core-api", CORE_API_SCHEDULER_HTTP_PORT=port)
        child = await self._spawn(
            self._command("core-scheduler", [sys.executable, "-m", "core_api.scheduler"], environment)
        )
        await self._until_ready(child, self._scheduler_is_alive)

    async def _scheduler_is_alive(self, child: Child) -> str | None:
        connection = await asyncpg.connect(self.plan.admin_url(), timeout=5)
        try:
            query = (
                "SELECT 1 FROM core.scheduler_instances WHERE pid = $1 AND last_seen_at > now() - interval '1 minute'"
            )
            return None if await connection.fetchval(query, child.pid) else "it has not registered yet"
        finally:
            await connection.close()

    def _command(self, name: str, args: list[str], env: dict[str, str], ready_url: str | None = None) -> Command:
        return Command(name, args, env, self.state.log(name), REPO, ready_url)

    async def _spawn(self, command: Command) -> Child:
        self.state.rotate_log(command.name)
        child = await spawn(command)
        self.children[command.name] = child
        self._record(command.name, child.pid, signal.SIGTERM)
        return child

    async def _start_ready(self, command: Command) -> None:
        child = await self._spawn(command)
        await self._until_ready(child, self._answers)

    async def _answers(self, child: Child) -> str | None:
        try:
            answer = await self.http.get(child.command.ready_url or "")
        except httpx.TransportError as error:
            return repr(error)
        return None if answer.status_code == httpx.codes.OK else f"HTTP {answer.status_code}: {answer.text[:400]}"

    async def _until_ready(self, child: Child, check: Callable[[Child], Awaitable[str | None]]) -> None:
        """Raises StackError with the end of the log when the process ends, or is not ready in time."""
        deadline = time.monotonic() + READY_SECONDS
        problem: str | None = ""
        while time.monotonic() < deadline:
            if not child.alive():
                code = child.process.returncode
                raise StackError(f"{child.name} ended with status {code} instead of starting.\n{self._log_end(child)}")
            problem = await check(child)
            if problem is None:
                return
            await asyncio.sleep(POLL_SECONDS)
        raise StackError(f"{child.name} was not ready after {READY_SECONDS:.0f} s ({problem}).\n{self._log_end(child)}")

    def _log_end(self, child: Child) -> str:
        return f"The end of {shown_path(child.command.log)}:\n\n{self.state.tail(child.name)}"

    # --- bookkeeping ---------------------------------------------------------------------------------------------

    def _record(self, name: str, pid: int, number: int) -> None:
        record = record_of(name, pid, number, owner=os.getpid(), marker=self.plan.marker)
        if record is not None:
            self.records[name] = record
            self._save_records()

    def _save_records(self) -> None:
        save_records(self.state.processes_file, self.records.values())

    def _stack(self) -> dict[str, object]:
        processes = [{"name": record.name, "pid": record.pid} for record in self.records.values()]
        assert self.ready_seconds is not None
        return self.plan.stack(started_at=self.started_at, ready_seconds=self.ready_seconds, processes=processes)

    def _write_stack_file(self) -> None:
        write_private(self.state.stack_file, self._stack())

    # --- watching ------------------------------------------------------------------------------------------------

    async def _watch(self, child: Child) -> None:
        """Restarts a service that died, at longer and longer intervals while it keeps dying."""
        backoff = FIRST_BACKOFF
        while True:
            code = await child.process.wait()
            if self.stopping.is_set():
                return
            backoff = FIRST_BACKOFF if time.monotonic() - child.started > HEALTHY_SECONDS else backoff
            kept = shown_path(child.command.log.with_suffix(".log.1"))
            self.console.warn(
                f"{child.name} (pid {child.pid}) ended with status {code}; starting it again in {backoff:.1f} s ({kept})"
            )
            await child.stop()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)
            child = await self._spawn(child.command)
            self._write_stack_file()

    async def _watch_rest(self) -> None:
        """Servers, guardian, adopted orphans."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            reap_adopted({child.pid for child in self.children.values()} | self._server_pids())
            for name, server in self.servers.items():
                if server.pid is None:
                    self.console.warn(f"{name} is gone; starting it again")
                    await self._restart_server(name, server)
            if self.guardian is not None and self.guardian.poll() is not None:
                self._start_guardian()

    async def _restart_server(self, name: str, server: Server) -> None:
        try:
            await start_server(server, lambda pid: self._record(name, pid, stop_signal(name)))
            self._write_stack_file()
        except StackError as error:
            self.console.warn(f"{name}: {error}")

    def _server_pids(self) -> set[int]:
        pids = {record.pid for name, record in self.records.items() if name in self.servers}
        return pids | ({self.guardian.pid} if self.guardian else set())

    # --- stopping ------------------------------------------------------------------------------------------------

    async def _stop(self) -> None:
        """Reverse order, with grace; then whatever is left is killed."""
        self.stopping.set()
        self.state.stack_file.unlink(missing_ok=True)
        for watcher in self.watchers:
            watcher.cancel()
        await asyncio.gather(*self.watchers, return_exceptions=True)
        await self.http.aclose()
        for names in STOP_ORDER:
            await asyncio.gather(*(self._stop_child(name) for name in names if name in self.children))
        await asyncio.gather(*(self._stop_child(name) for name in list(self.children)))
        for names in (("redis-cache", "redis-streams"), ("postgres",)):
            await asyncio.gather(*(self._stop_server(name) for name in names if name in self.servers))
        left = sweep({self.guardian.pid} if self.guardian else set())
        for command in left:
            self.console.warn(f"killed what was left: {command}")
        self.records.clear()
        self._save_records()
        if self.guardian is not None and self.guardian.stdin is not None:
            self.guardian.stdin.close()
            self.guardian.wait(10)
        self.console.say(f"  stopped; the data is kept in {shown_path(self.state.root)}")

    async def _stop_child(self, name: str) -> None:
        child = self.children.pop(name)
        await child.stop(at_once=self.at_once)
        self.records.pop(name, None)
        self._save_records()

    async def _stop_server(self, name: str) -> None:
        server = self.servers[name]
        try:
            await asyncio.to_thread(server.stop)
        except RuntimeError as error:
            self.console.warn(str(error))
        # One that was still starting when the stop came is known by its record only.
        record = self.records.pop(name, None)
        if record is not None:
            await asyncio.to_thread(end_processes, [record], seconds=self.cleanup_seconds)
        self._save_records()


async def _all(*work: Coroutine[Any, Any, None]) -> None:
    """Side by side; the first failure cancels the others and waits for them."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)


def _uvicorn(target: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", target, "--factory", "--host", "127.0.0.1", "--port", str(port)),
        *("--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "3"),
    ]


def _problem(error: StackError | ExceptionGroup[Exception]) -> str:
    """The first problem in words. An error that is not for people is raised again, with its traceback."""
    if not isinstance(error, ExceptionGroup):
        return str(error)
    expected, others = error.split(StackError)
    if expected is None or others is not None:
        raise error
    return _problem(expected.exceptions[0])


def warn_of_full_disk(state: StateFolder, console: Console) -> None:
    """PostgreSQL and Redis stop working on a full disk, with messages that are hard to read."""
    free = shutil.disk_usage(state.root).free
    if free < 1024**3:
        console.warn(f"only {free // 1024**2} MB are free on the disk of {shown_path(state.root)}")
