"""The plugin, in pytest runs of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shared_utils.testing.databases import DatabaseFactory
from shared_utils.testing.waiting import until

INI = """
[pytest]
addopts = --import-mode=importlib
asyncio_mode = auto
asyncio_default_fixture_loop_scope = session
asyncio_default_test_loop_scope = session
filterwarnings = error
"""


@pytest.fixture
def run_pytest(tmp_path):
    """`run_pytest(source, *arguments)`: starts a run on one file; its result, or the process with `wait=False`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV"))}

    def run(source: str, *arguments: str, wait: bool = True):
        (tmp_path / "pytest.ini").write_text(INI)
        (tmp_path / "test_inner.py").write_text(source)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}"]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if not wait:
            return process
        output, _ = process.communicate(timeout=100)
        return process.returncode, output

    return run


def alive(pid: int) -> bool:
    """A process that ended, and whose parent has not asked for it yet, is gone for our purposes."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def servers_of(tmp_path: Path) -> dict[str, dict]:
    folder = tmp_path / "base" / "servers"
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json") if "pid" in path.read_text()}


def test_the_network_outside_is_closed_and_this_machine_is_open(run_pytest):
    code, output = run_pytest("""
import socket, pytest, pytest_socket

def test_outside():
    with pytest.warns(UserWarning), pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_inside():
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(server.getsockname()).close()
    server.close()
""")
    assert (code, "2 passed" in output) == (0, True), output


def test_a_run_without_servers_loads_nothing_heavy(run_pytest):
    code, output = run_pytest("""
import sys

def test_light():
    heavy = {"sqlalchemy", "asyncpg", "redis", "fastapi", "alembic", "cryptography"} & set(sys.modules)
    assert heavy == set()
""")
    assert code == 0, output


WORKERS = """
import asyncpg, pytest
from pathlib import Path

@pytest.mark.parametrize("number", range(8))
async def test_each_worker_has_its_database(number, service_database, worker_id, redis_streams_url, redis_cache_url):
    database = service_database(schema="core")
    assert database.name.endswith(worker_id)
    assert redis_streams_url != redis_cache_url
    connection = await asyncpg.connect(database.admin_url)
    port = await connection.fetchval("SELECT inet_server_port()")
    started = await connection.fetchval("SELECT pg_postmaster_start_time()::text")
    await connection.close()
    with (Path(__file__).parent / "seen.txt").open("a") as seen:
        seen.write(f"{worker_id} {port} {started.replace(' ', '_')} {redis_streams_url}\\n")
"""


def test_xdist_workers_share_one_server_which_ends_with_the_run(run_pytest, tmp_path):
    code, output = run_pytest(WORKERS, "-n", "2")
    assert (code, "8 passed" in output) == (0, True), output
    seen = [line.split() for line in (tmp_path / "seen.txt").read_text().splitlines()]
    assert {line[0] for line in seen} == {"gw0", "gw1"}
    assert len({(line[1], line[2]) for line in seen}) == 1
    assert len({line[3] for line in seen}) == 2
    assert servers_of(tmp_path) == {}
    assert not _listening(int(seen[0][1]))


HANGING = """
import asyncio
from pathlib import Path

async def test_hangs(service_database, redis_streams_url):
    service_database(schema="core")
    (Path(__file__).parent / "ready").touch()
    await asyncio.Event().wait()
"""


async def test_a_killed_run_leaves_no_server_behind(run_pytest, tmp_path):
    process = run_pytest(HANGING, wait=False)
    await until(lambda: (tmp_path / "ready").exists() or process.poll() is not None, timeout=60)
    known = servers_of(tmp_path)
    assert set(known) == {"postgres", "redis"}
    assert all(alive(server["pid"]) for server in known.values())
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    await until(lambda: not any(alive(server["pid"]) for server in known.values()), timeout=20)
    await until(lambda: not any(Path(server["folder"]).exists() for server in known.values()), timeout=20)


async def test_an_interrupted_run_cleans_up(run_pytest, tmp_path):
    process = run_pytest(HANGING, wait=False)
    await until(lambda: (tmp_path / "ready").exists() or process.poll() is not None, timeout=60)
    known = servers_of(tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    await until(lambda: not any(alive(server["pid"]) for server in known.values()), timeout=20)
    assert not any(Path(server["folder"]).exists() for server in known.values())


def test_a_test_that_rolls_a_template_out_twice_migrates_once(run_pytest, tmp_path):
    code, output = run_pytest("""
import asyncpg
from pathlib import Path

def prepare(database):
    with (Path(__file__).parent / "prepared.txt").open("a") as file:
        file.write("once\\n")

async def test_templates(service_database, fresh_database):
    first = service_database(schema="core", prepare=prepare)
    assert service_database(schema="core", prepare=prepare) == first
    fresh = fresh_database(schema="core", prepare=prepare)
    assert fresh.name != first.name
    connection = await asyncpg.connect(fresh.admin_url)
    await connection.execute("CREATE TABLE core.own (id int)")
    await connection.close()
    other = await asyncpg.connect(first.admin_url)
    assert await other.fetchval("SELECT to_regclass('core.own')") is None
    await other.close()
    (Path(__file__).parent / "name.txt").write_text(fresh.name)

async def test_a_fresh_database_is_dropped(postgres_server):
    connection = await asyncpg.connect(postgres_server.admin_dsn)
    name = (Path(__file__).parent / "name.txt").read_text()
    assert await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", name) == 0
    await connection.close()
""")
    assert (code, "2 passed" in output) == (0, True), output
    assert (tmp_path / "prepared.txt").read_text() == "once\n"


def test_databases_that_are_not_a_tests_are_left_alone(service_database: DatabaseFactory):
    from dataclasses import replace

    database = service_database(schema="core")
    with pytest.raises(ValueError, match="`test` in their name"):
        service_database.drop(replace(database, name="rotina"))


def test_the_plugin_is_installed_as_an_entry_point():
    from importlib.metadata import entry_points

    [plugin] = entry_points(group="pytest11", name="rotina_testing")
    assert re.fullmatch(r"shared_utils\.testing\.plugin", plugin.value)


def _listening(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_until_fails_with_what_was_waited_for():
    with pytest.raises(AssertionError, match="the moon is blue"):
        await until(lambda: False, timeout=0.05, what="the moon is blue")
