"""PostgreSQL of the stack after a run that was killed in the middle."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local_stack.ports import free_port
from local_stack.servers import clear_leftovers, delete_relocated_data, start_server
from shared_utils.testing.servers import PostgresServer

type Factory = Callable[[], PostgresServer]


@pytest.fixture
def server_of(tmp_path: Path) -> Iterator[Factory]:
    """Servers of one folder, which as root lies elsewhere when PostgreSQL's user cannot reach pytest's."""

    def create() -> PostgresServer:
        return PostgresServer(
            tmp_path / "postgres",
            port=free_port(),
            superuser_password=secrets.token_urlsafe(8),
            log_file=tmp_path / "postgres.log",
            durable=False,
        )

    yield create
    delete_relocated_data(create(), str(tmp_path))


async def test_a_half_made_cluster_is_made_again_and_a_living_orphan_is_stopped(server_of: Factory) -> None:
    first = server_of()
    half_made = first.data_path
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    half_made.with_name(f"{half_made.name}.initialising").touch()
    pids: list[int] = []

    await start_server(first, pids.append)
    try:
        assert pids == [first.pid]
        assert not half_made.with_name(f"{half_made.name}.initialising").exists()

        clear_leftovers(server_of())

        assert not psutil.pid_exists(pids[0]) or psutil.Process(pids[0]).status() == psutil.STATUS_ZOMBIE
    finally:
        first.stop()


def test_a_lock_file_that_names_a_stranger_is_removed_and_the_stranger_lives(server_of: Factory) -> None:
    server = server_of()
    server.data_path.mkdir(parents=True)
    pid_file = server.data_path / "postmaster.pid"
    pid_file.write_text(f"{psutil.Process().pid}\n{server.data_path}\n")

    clear_leftovers(server)

    assert not pid_file.exists()
    assert psutil.Process().is_running()
