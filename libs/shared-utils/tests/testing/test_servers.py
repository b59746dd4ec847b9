"""The servers themselves: as root and as a normal user, in paths with spaces, started and stopped again and again."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from shared_utils.testing import accounts
from shared_utils.testing.accounts import Account, copy_once, reachable, relocated
from shared_utils.testing.postgres_server import _installation
from shared_utils.testing.run_servers import data_folder
from shared_utils.testing.servers import PostgresServer, RedisServer, ServerFailedError, free_port

PASSWORD = "p@ss w/rd:'%\"é"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change to another account")


@pytest.fixture
def spacious(tmp_path):
    """A folder with spaces and accents in its name, which every account reaches."""
    folder = data_folder("with spaces é")
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture
def server(spacious):
    made = PostgresServer(
        spacious / "the data", port=free_port(), superuser_password=PASSWORD, log_file=spacious / "logs here" / "pg.log"
    )
    made.init()
    made.start()
    yield made
    made.remove()


async def scalar(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_what_a_killed_initdb_left_is_made_anew(spacious):
    made = PostgresServer(
        spacious / "half", port=free_port(), superuser_password=PASSWORD, log_file=spacious / "half.log"
    )
    made.init()
    (made.data_path / "rotina-complete").unlink()
    shutil.rmtree(made.data_path / "base")
    try:
        made.init()
        made.start()
        assert await scalar(made.admin_dsn(), "SELECT 1") == 1
    finally:
        made.remove()


async def test_it_is_postgresql_18_with_passwords_over_tcp(server):
    assert str(await scalar(server.admin_dsn(), "SHOW server_version")).startswith("18.")
    assert await scalar(server.admin_dsn(), "SHOW listen_addresses") == "127.0.0.1"
    assert await scalar(server.admin_dsn(), "SHOW unix_socket_directories") == ""
    assert await scalar(server.admin_dsn(), "SHOW fsync") == "on"
    assert await scalar(server.admin_dsn(), "SHOW server_encoding") == "UTF8"
    assert await scalar(server.admin_dsn(), "SELECT lower('AÇÃO')") == "ação"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://postgres:wrong@127.0.0.1:{server.port}/postgres")


async def test_starting_and_initialising_again_does_nothing(server):
    pid = server.pid
    server.init()
    server.start()
    assert server.pid == pid


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_data_survives_a_restart_and_a_crash(server, mode):
    connection = await asyncpg.connect(server.admin_dsn())
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    await connection.close()
    before = server.pid
    server.restart(mode)
    assert server.pid != before
    assert await scalar(server.admin_dsn(), "SELECT value FROM kept") == 42


def test_stopping_ends_it(server):
    assert server.is_running()
    server.stop()
    assert not server.is_running()
    assert server.pid is None
    server.stop()


def test_another_object_finds_the_running_server(server, spacious):
    same = PostgresServer(
        spacious / "the data", port=server.port, superuser_password=PASSWORD, log_file=spacious / "other.log"
    )
    assert same.is_running()
    assert same.pid == server.pid
    same.stop()
    assert not server.is_running()


def test_a_taken_port_is_explained(server, spacious):
    other = PostgresServer(
        spacious / "other", port=server.port, superuser_password="x", log_file=spacious / "other.log"
    )
    other.init()
    with pytest.raises(ServerFailedError, match="Address already in use"):
        other.start()
    assert not other.is_running()


async def test_a_non_durable_server_says_so(spacious):
    server = PostgresServer(
        spacious / "fast", port=free_port(), superuser_password="x", log_file=spacious / "log", durable=False
    )
    server.init()
    server.start()
    try:
        assert await scalar(server.admin_dsn(), "SHOW fsync") == "off"
    finally:
        server.remove()


@as_root
def test_root_hands_the_server_to_another_user(server):
    owner = (server.data_path / "PG_VERSION").stat().st_uid
    assert owner != 0
    status = Path(f"/proc/{server.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert set(uids) == {str(owner)}
    assert stat.S_IMODE(server.data_path.stat().st_mode) == 0o700


@as_root
async def test_a_closed_home_makes_data_and_programs_move(tmp_path, monkeypatch):
    """A repository under a 0700 home: the account of the server reaches neither the data nor the environment."""
    closed = tmp_path / "home of somebody"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("shared_utils.testing.postgres_server.reachable", lambda path, account: False)
    server = PostgresServer(
        closed / "data", port=free_port(), superuser_password="x", log_file=closed / "log", durable=False
    )
    try:
        server.init()
        server.start()
        assert str(server.data_path).startswith("/var/tmp/rotina-0-")
        assert str(server.bin_path).startswith("/var/tmp/rotina-0-")
        assert not (closed / "data").exists()
        assert await scalar(server.admin_dsn(), "SELECT 1") == 1
        again = PostgresServer(closed / "data", port=server.port, superuser_password="x", log_file=closed / "log")
        assert again.data_path == server.data_path
    finally:
        server.remove()
        shutil.rmtree(server.bin_path.parents[3])
    assert not server.data_path.exists()


AS_NORMAL_USER = """
import asyncio, os, sys
from pathlib import Path
import asyncpg
from shared_utils.testing.postgres_server import _installation
from shared_utils.testing.servers import PostgresServer, RedisServer, free_port

home, uid, gid = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
"".encode("idna")
_installation()  # the interpreter's own files may be closed to others from here on
os.setgroups([]); os.setgid(gid); os.setuid(uid)
server = PostgresServer(home / "my data", port=free_port(), superuser_password="x", log_file=home / "log", durable=False)
server.init()
server.start()

async def ask():
    connection = await asyncpg.connect(server.admin_dsn())
    print(await connection.fetchval("SELECT 41 + 1"))
    await connection.close()

asyncio.run(ask())
server.stop()
redis = RedisServer(home / "my redis", free_port(), password="y", role="cache", log_file=home / "redis log")
redis.start()
redis.flushall()
redis.stop()
print(server.account.is_other, server.data_path == home / "my data", (home / "my data").stat().st_uid == uid)
"""


@as_root
def test_a_normal_user_starts_it_too(spacious):
    """The same code in a process of an ordinary user, which becomes `nobody` once the interpreter has loaded."""
    account = pwd.getpwnam("nobody")
    if not reachable(_installation() / "bin", Account(account.pw_uid, account.pw_gid)):
        pytest.skip("this environment is closed to other users")
    home = spacious / "home"
    home.mkdir()
    os.chown(home, account.pw_uid, account.pw_gid)
    result = subprocess.run(
        [sys.executable, "-c", AS_NORMAL_USER, str(home), str(account.pw_uid), str(account.pw_gid)],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=90,
        cwd="/",
        check=False,
    )
    assert result.stdout.split() == ["42", "False", "True", "True"], result.stderr


class TestAccounts:
    def test_a_closed_folder_on_the_way_is_found(self, tmp_path):
        other = Account(uid=54321, gid=54321)
        open_folder = tmp_path / "open"
        open_folder.mkdir(mode=0o755)
        tmp_path.chmod(0o700)
        assert not reachable(open_folder / "not yet there", other)
        assert reachable(open_folder, Account())
        assert reachable(Path("/"), other)

    def test_the_own_folder_of_the_account_is_reachable(self, tmp_path, monkeypatch):
        monkeypatch.setattr(Path, "parents", property(lambda _self: ()))
        tmp_path.chmod(0o700)
        status = tmp_path.stat()
        assert reachable(tmp_path, Account(uid=status.st_uid, gid=1))

    def test_a_relocated_folder_is_the_same_each_time_and_another_for_another_path(self, tmp_path, monkeypatch):
        monkeypatch.setattr(accounts, "_RELOCATED", tmp_path)
        first = relocated(Path("/a/b"), "data")
        assert first == relocated(Path("/a/b"), "data")
        assert first != relocated(Path("/a/c"), "data")
        assert first.is_relative_to(tmp_path)

    def test_a_link_that_somebody_planted_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(accounts, "_RELOCATED", tmp_path)
        planned = relocated(Path("/a/b"), "data").parent
        planned.rmdir()
        (tmp_path / "elsewhere").mkdir()
        planned.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(RuntimeError, match="belongs to somebody else"):
            relocated(Path("/a/b"), "data")

    def test_a_tree_is_copied_once(self, tmp_path):
        source = tmp_path / "source"
        source.mkdir()
        (source / "file").write_text("one")
        target = tmp_path / "target"
        copy_once(source, target)
        (source / "file").write_text("two")
        copy_once(source, target)
        assert (target / "file").read_text() == "one"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]

    def test_root_without_a_user_to_change_to_is_told(self, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(accounts, "_CANDIDATES", ("no-such-user-here",))
        with pytest.raises(RuntimeError, match="run as a normal user"):
            accounts.server_account()

    def test_a_normal_user_stays_who_he_is(self, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert accounts.server_account() == Account()


class TestRedis:
    @pytest.fixture
    def make(self, spacious):
        made: list[RedisServer] = []

        def start(role: str) -> RedisServer:
            server = RedisServer(
                spacious / f"redis {role}", free_port(), password=PASSWORD, role=role, log_file=spacious / f"{role}.log"
            )
            made.append(server)
            server.start()
            return server

        yield start
        for server in made:
            server.kill()

    async def read(self, server: RedisServer, *names: str) -> dict[str, str]:
        async with Redis.from_url(server.url(), decode_responses=True) as client:
            return {name: (await client.config_get(name))[name] for name in names}

    async def test_the_streams_role_loses_nothing(self, make):
        server = make("streams")
        assert await self.read(server, "maxmemory-policy", "appendonly", "appendfsync", "bind") == {
            "maxmemory-policy": "noeviction",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "bind": "127.0.0.1",
        }

    async def test_the_cache_role_may_forget(self, make):
        server = make("cache")
        assert await self.read(server, "maxmemory-policy", "appendonly", "maxmemory", "save") == {
            "maxmemory-policy": "allkeys-lru",
            "appendonly": "no",
            "maxmemory": str(64 * 1024 * 1024),
            "save": "",
        }

    async def test_streams_survive_a_restart_and_the_cache_does_not(self, make):
        for role, expected in (("streams", "kept"), ("cache", None)):
            server = make(role)
            async with Redis.from_url(server.url(), decode_responses=True) as client:
                await client.set("key", "kept")
            server.restart()
            async with Redis.from_url(server.url(), decode_responses=True) as client:
                assert await client.get("key") == expected

    async def test_flushall(self, make):
        server = make("streams")
        async with Redis.from_url(server.url()) as client:
            await client.set("key", "value")
            server.flushall()
            assert await client.dbsize() == 0

    async def test_a_password_is_needed(self, make):
        from redis.exceptions import AuthenticationError

        server = make("cache")
        async with Redis.from_url(f"redis://127.0.0.1:{server.port}/0") as client:
            with pytest.raises(AuthenticationError):
                await client.ping()

    def test_killing_and_starting_again(self, make):
        server = make("streams")
        pid = server.pid
        server.kill()
        assert not server.is_running()
        assert server.pid is None
        server.start()
        assert server.pid not in {None, pid}

    def test_a_taken_port_is_explained(self, make, spacious):
        server = make("streams")
        other = RedisServer(spacious / "o", server.port, password="other", role="cache", log_file=spacious / "o.log")
        with pytest.raises(ServerFailedError, match=r"Address already in use|another server answers"):
            other.start()
        assert not other.is_running()

    def test_the_password_is_not_on_the_command_line_and_its_file_is_private(self, make, spacious):
        server = make("streams")
        assert PASSWORD not in Path(f"/proc/{server.pid}/cmdline").read_text()
        assert stat.S_IMODE((spacious / "redis streams" / "redis.conf").stat().st_mode) == 0o600


def test_free_ports_are_free():
    assert len({free_port() for _ in range(20)}) > 1


async def test_a_stale_pid_file_of_a_crash_does_not_stop_it_from_starting(server):
    """SIGKILL leaves the file behind, and by the next start its number may belong to another process."""
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    server._process.wait(10)
    pid_file = server.data_path / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(pid), str(os.getpid()), 1))
    del server._process
    assert not server.is_running()
    server.start()
    assert await scalar(server.admin_dsn(), "SELECT 1") == 1
