"""PostgreSQL and the two Redis of a stack, and what a killed run may have left of them."""

import asyncio
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress

import psutil

from local_stack.console import StackError
from local_stack.plan import Plan
from shared_utils.testing.servers import PostgresServer, RedisServer, ServerFailedError

type Server = PostgresServer | RedisServer

PID_POLL_SECONDS = 0.01


def create_servers(plan: Plan) -> dict[str, Server]:
    """In the order in which they are recorded; the last one is stopped first."""
    state = plan.state
    return {
        "postgres": PostgresServer(
            state.postgres,
            port=plan.ports["postgres"],
            superuser_password=plan.secrets.superuser,
            log_file=state.log("postgres"),
        ),
        "redis-streams": RedisServer(
            state.redis("streams"),
            plan.ports["redis_streams"],
            password=plan.secrets.redis,
            role="streams",
            log_file=state.log("redis-streams"),
        ),
        "redis-cache": RedisServer(
            state.redis("cache"),
            plan.ports["redis_cache"],
            password=plan.secrets.redis,
            role="cache",
            log_file=state.log("redis-cache"),
        ),
    }


def stop_signal(name: str) -> int:
    """SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave."""
    return signal.SIGINT if name == "postgres" else signal.SIGTERM


async def start_server(server: Server, on_pid: Callable[[int], None]) -> None:
    """Starts it in a thread; tells its pid as soon as there is one, so that a crash right now leaves it on record."""

    def start() -> None:
        if isinstance(server, PostgresServer):
            clear_leftovers(server)
            server.init()
        server.start()

    task = asyncio.create_task(asyncio.to_thread(start))
    told = False
    while not task.done():
        if not told and (pid := server.pid) is not None:
            on_pid(pid)
            told = True
        await asyncio.wait({task}, timeout=PID_POLL_SECONDS)
    try:
        await task
    except ServerFailedError as error:
        raise StackError(str(error)) from error
    if not told and server.pid is not None:
        on_pid(server.pid)


def clear_leftovers(server: PostgresServer) -> None:
    """A postmaster of a killed run is stopped, a lock file that names no postmaster of this folder is removed."""
    pid_file = server.data_path / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if str(server.data_path) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
    pid_file.unlink(missing_ok=True)


def delete_relocated_data(server: PostgresServer, plan_root: str) -> None:
    """The data folder lies elsewhere when PostgreSQL's user cannot reach the checkout."""
    path = server.data_path
    if path.is_dir() and not str(path).startswith(plan_root):
        shutil.rmtree(path)
