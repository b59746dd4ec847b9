"""Two replicas of everything and their migrations begin at the same moment on an empty database (issue 5, line 6).

Only with `ROTINA_LONG_TESTS=1`: it starts fourteen processes. That migrations run once is tested always (infra/tests/test_migrations.py).
"""

import asyncio
import os
from pathlib import Path

import pytest

from ephemeral import EphemeralStack, ManagedProcess
from shared_utils.db.bootstrap import bootstrap_database
from shared_utils.testing.servers import free_port

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(400),
    pytest.mark.skipif(os.environ.get("ROTINA_LONG_TESTS") != "1", reason="long: ROTINA_LONG_TESTS=1"),
]

PATIENCE_SECONDS = 240


async def test_replicas_that_begin_before_the_migrations_are_over_wait_for_them_and_work(tmp_path: Path) -> None:
    stack = EphemeralStack(tmp_path / "stack", issuer="http://127.0.0.1:9")
    try:
        stack.postgres.init()
        for server in (stack.postgres, stack.streams, stack.cache):
            server.start()
        passwords = stack.passwords
        await bootstrap_database(stack.postgres.admin_dsn("postgres"), database="rotina", passwords=passwords)
        replicas = [_api(stack, package, letter) for package in ("core_api", "ai_svc") for letter in "ab"]
        replicas += [_worker(stack, letter) for letter in "ab"]
        schedulers = [stack.start_scheduler(f"scheduler-{letter}") for letter in "ab"]
        migrations = [stack.migrate(package) for package in ("core_api", "ai_svc", "worker_svc") for _ in range(2)]
        await asyncio.gather(
            *migrations, *(stack.ready(process, url, timeout=PATIENCE_SECONDS) for process, url in replicas)
        )
        seen = "SELECT count(*) AS n FROM core.scheduler_instances WHERE kind = 'scheduler'"
        await stack.until(lambda: _both(stack, seen), timeout=PATIENCE_SECONDS, what="both schedulers work")
        assert all(process.alive() for process in [*schedulers, *(process for process, _ in replicas)])
    finally:
        await stack.stop()


def _api(stack: EphemeralStack, package: str, letter: str) -> tuple[ManagedProcess, str]:
    # The first core-api is where the workers look for it.
    port = stack.core_port if (package, letter) == ("core_api", "a") else free_port()
    command = ("-m", "uvicorn", f"{package}.main:create_app", "--factory", "--host", "127.0.0.1", "--port", str(port))
    return stack._spawn(f"{package}-{letter}", *command, "--no-access-log"), _ready(port)  # noqa: SLF001


def _worker(stack: EphemeralStack, letter: str) -> tuple[ManagedProcess, str]:
    port, name = free_port(), f"worker-{letter}"
    settings = {"WORKER_SVC_WORKER_NAME": name, "WORKER_SVC_HTTP_PORT": str(port)}
    settings |= {"WORKER_SVC_STORAGE_DIR": str(stack.folder / "storage")}
    return stack._spawn(name, "-m", "worker_svc", **settings), _ready(port)  # noqa: SLF001


def _ready(port: int) -> str:
    return f"http://127.0.0.1:{port}/health/ready"


async def _both(stack: EphemeralStack, query: str) -> bool:
    return bool((await stack.fetch(query))[0]["n"] >= 2)
