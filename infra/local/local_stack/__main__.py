"""python -m local_stack up | down | status | logs | reset | migrate."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from local_stack.console import Console, StackError
from local_stack.orphans import end_processes, load_records, wait_for_pid
from local_stack.plan import Plan, Secrets, shown_path
from local_stack.ports import PREFERRED, Ports
from local_stack.schema import migrate_all
from local_stack.servers import create_servers, delete_relocated_data
from local_stack.state import AlreadyRunningError, StackLock, StateFolder, read_json, write_private
from local_stack.supervisor import CLEANUP_SECONDS, Supervisor
from local_stack.tools import state_dir
from shared_utils.testing.servers import PostgresServer

STOP_SECONDS = 60
EXIT_RUNNING = 2


def up(state: StateFolder) -> int:
    """Starts everything and stays until it is told to stop."""
    lock = StackLock(state.root)
    lock.acquire()
    try:
        state.create()
        return asyncio.run(_supervise(state, lock))
    finally:
        lock.release()


async def _supervise(state: StateFolder, lock: StackLock) -> int:
    return await Supervisor(state, lock, Console()).run()


def down(state: StateFolder) -> int:
    """Stops a running stack; ends what a killed one left."""
    pid = StackLock(state.root).holder()
    if pid is None:
        ended = end_processes(load_records(state.processes_file), seconds=CLEANUP_SECONDS)
        print(
            f"Rotina does not run; ended what a killed run left: {', '.join(ended)}"
            if ended
            else "Rotina does not run."
        )
        return 0
    os.kill(pid, signal.SIGTERM)
    if not wait_for_pid(pid, STOP_SECONDS):
        raise StackError(f"the stack (pid {pid}) did not stop in {STOP_SECONDS} s; see {shown_path(state.logs)}")
    print("Rotina is stopped.")
    return 0


def status(state: StateFolder) -> int:
    """0 when every service is ready, 3 when nothing runs, 1 in between."""
    stack = read_json(state.stack_file)
    if stack is None:
        pid = StackLock(state.root).holder()
        print(f"Rotina is starting or stopping (pid {pid})." if pid else "Rotina does not run. Start it with: make up")
        return 1 if pid else 3
    print(f"Rotina runs at {stack['url']} (pid {stack['pid']}), since {stack['started_at']}")
    checks = {name: f"{url}/health/ready" for name, url in stack["services"].items()}
    checks |= {
        "oidc": f"{stack['oidc']['issuer']}/.well-known/openid-configuration",
        "front-door": f"{stack['url']}/health",
    }
    states = {name: _health(url) for name, url in checks.items()}
    for name, problem in states.items():
        print(f"  {name:<12} {problem or 'ready'}")
    return 1 if any(states.values()) else 0


def _health(url: str) -> str | None:
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except httpx.TransportError as error:
        return f"does not answer ({error})"
    return None if answer.status_code == httpx.codes.OK else f"HTTP {answer.status_code}: {answer.text[:300]}"


def logs(state: StateFolder, name: str | None, *, follow: bool) -> int:
    """Without a name: which logs there are. With one: its end, and what comes."""
    known = sorted(path.stem for path in state.logs.glob("*.log"))
    if name is None:
        print(f"logs in {shown_path(state.logs)}: {', '.join(known) or 'none yet'}")
        return 0
    if name not in known:
        raise StackError(f"there is no log {name!r}; there are: {', '.join(known) or 'none yet'}")
    command = ["tail", "-n", "200", *(["-F"] if follow else []), str(state.log(name))]
    with suppress(KeyboardInterrupt):  # Ctrl-C is how following ends
        return subprocess.run(command, check=False).returncode
    return 0


def reset(state: StateFolder, *, confirmed: bool) -> int:
    """Deletes databases, streams, files, keys and logs of this state folder."""
    lock = StackLock(state.root)
    lock.acquire()
    try:
        if not confirmed:
            answer = input(f"Delete all data of the local stack in {shown_path(state.root)}? Type yes: ")
            if answer.strip().lower() != "yes":
                print("Nothing was deleted.")
                return 1
        end_processes(load_records(state.processes_file), seconds=CLEANUP_SECONDS)
        server = create_servers(_plan_for_paths(state))["postgres"]
        assert isinstance(server, PostgresServer)
        delete_relocated_data(server, str(state.root))
        state.delete_data()
        print("The local stack's data is deleted. The next `make up` starts afresh.")
        return 0
    finally:
        lock.release()


def _plan_for_paths(state: StateFolder) -> Plan:
    """Good for finding folders only."""
    return Plan(state, Ports(dict(PREFERRED), {}), Secrets("", {}, "", {}))


def migrate(state: StateFolder) -> int:
    """Applies the migrations of this checkout to the running stack's databases."""
    stack = read_json(state.stack_file)
    if stack is None:
        raise StackError("Rotina does not run. `make up` migrates by itself; `make migrate` is for a running stack")
    plan = Plan(state, Ports(stack["ports"], {}), Secrets.load_or_create(state))
    try:
        asyncio.run(migrate_all(plan))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    # The next start finds that the code is newer than what this file says, and checks everything once more.
    write_private(state.schema_file, {})
    print("Migrations applied. Services keep running on the code they started with: restart with Ctrl-C and `make up`.")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="local_stack", description="Rotina's local stack.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything; Ctrl-C stops it")
    commands.add_parser("down", help="stop a running stack")
    commands.add_parser("status", help="is everything ready?")
    shown = commands.add_parser("logs", help="show a log")
    shown.add_argument("name", nargs="?")
    shown.add_argument("-f", "--follow", action="store_true")
    delete = commands.add_parser("reset", help="delete the data")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("migrate", help="apply migrations to the running stack")
    options = parser.parse_args(arguments)
    state = StateFolder(Path(state_dir()))
    try:
        return _dispatch(options, state)
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)
        return EXIT_RUNNING
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


def _dispatch(options: argparse.Namespace, state: StateFolder) -> int:
    match options.command:
        case "up":
            return up(state)
        case "down":
            return down(state)
        case "status":
            return status(state)
        case "logs":
            return logs(state, options.name, follow=options.follow)
        case "reset":
            return reset(state, confirmed=options.yes)
        case _:
            return migrate(state)


if __name__ == "__main__":
    sys.exit(main())
