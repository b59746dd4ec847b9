"""PostgreSQL and the two Redis of a stack, and what a killed run may have left of them."""

import asyncio
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from local_stack.console import StackError
from local_stack.plan import Plan
from shared_utils.testing.servers import PostgresServer, RedisServer, ServerFailedError

type Server = PostgresServer | RedisServer

PID_POLL_SECONDS = 0.01
LEFTOVER_SECONDS = 30


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
    """Starts it in a thread; tells its pid as soon as there is one, so that a crash right now leaves it on record.

    A cancelled start is waited for: a server that came up behind our back would outlive us.
    """
    task = asyncio.create_task(asyncio.to_thread(_start, server))
    told = False
    try:
        while not task.done():
            if not told and (pid := server.pid) is not None:
                on_pid(pid)
                told = True
            await asyncio.wait({task}, timeout=PID_POLL_SECONDS)
        await task
    except ServerFailedError as error:
        raise StackError(str(error)) from error
    finally:
        await asyncio.wait({task})
        if not told and server.pid is not None:
            on_pid(server.pid)


def _start(server: Server) -> None:
    if isinstance(server, PostgresServer):
        clear_leftovers(server)
        _init(server)
    server.start()


def _init(server: PostgresServer) -> None:
    """Initdb that was killed leaves a folder that looks complete; the mark beside it says that it is not."""
    mark = server.data_path.with_name(f"{server.data_path.name}.initialising")
    if mark.exists():
        shutil.rmtree(server.data_path, ignore_errors=True)
    if not (server.data_path / "PG_VERSION").exists():
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        server.init()
        mark.unlink()


def clear_leftovers(server: PostgresServer) -> None:
    """Ends a postmaster of a killed run and waits for its backends: two servers on one folder would destroy it.

    A lock file of a dead postmaster stays, for PostgreSQL judges it better than we could; one whose pid is a stranger's now is
    removed, since PostgreSQL would take the stranger for a server.
    """
    pid_file = server.data_path / "postmaster.pid"
    stranger = False
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        if str(server.data_path) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(timeout=LEFTOVER_SECONDS)
        else:
            stranger = True
    except (OSError, ValueError, psutil.NoSuchProcess):
        pass  # no lock file, or its owner is dead
    _, alive = psutil.wait_procs(_working_in(server.data_path), timeout=LEFTOVER_SECONDS)
    if alive:
        raise ServerFailedError(
            f"processes {[one.pid for one in alive]} still work in {server.data_path}; end them first"
        )
    if stranger:
        pid_file.unlink()


def _working_in(folder: Path) -> list[psutil.Process]:
    """PostgreSQL's processes: the data folder is their working directory."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.cwd() == str(folder):
                found.append(process)
    return found


def delete_relocated_data(server: PostgresServer, plan_root: str) -> None:
    """The data folder lies elsewhere when PostgreSQL's user cannot reach the checkout."""
    path = server.data_path
    if path.is_dir() and not str(path).startswith(plan_root):
        shutil.rmtree(path)
        with suppress(OSError):  # something else was moved there too
            path.parent.rmdir()
