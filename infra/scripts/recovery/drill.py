"""The restore drill: a backup is restored into a scratch cluster, compared, and the services work on it. Then all of it goes.

Nothing of the drill reaches the world: no scheduler runs, no alert is sent, the streams of the scratch services are empty, and no
setting of the person's own (model keys, webhooks) is passed on.
"""

import asyncio
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from ephemeral import EphemeralStack
from recovery import sealing
from recovery.errors import RecoveryError
from recovery.manifest import Backup
from recovery.processes import pipe
from recovery.restore import Restoring, restore
from recovery.sealing import decrypting
from recovery.targets import Folder, local_postgres
from shared_utils.testing.redis_server import RedisServer, new_password
from shared_utils.testing.server_process import ServerFailedError
from shared_utils.testing.servers import free_port

SERVICES = ("core-api", "ai-svc", "worker-svc")
PREFIXES = ("CORE_API_", "AI_SVC_", "WORKER_SVC_", "OPENAI_", "ANTHROPIC_", "GOOGLE_", "OTEL_", "SENTRY_")
SPARE_BYTES = 256 * 1024**2
NO_ISSUER = "http://127.0.0.1:9"  # nobody signs in at a drill


@dataclass(frozen=True)
class Drilled:
    """What a drill found, for people and for the record."""

    backup: str
    tables: int
    rows: int
    healthy: tuple[str, ...]
    seconds: float


async def drill(backup: Backup, *, tell: Any = lambda _: None) -> Drilled:
    """Raises RecoveryError with what does not come back as it was."""
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rotina-drill-", dir=os.environ.get("ROTINA_DRILL_DIR")))
    stack = EphemeralStack(folder / "scratch", issuer=NO_ISSUER, extra_env={"CORE_API_WATCHDOG": "false"})
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIXES)}
    try:
        _refuse_full_disk(folder, backup)
        await asyncio.to_thread(_restore, backup, stack)
        tell("restored; counts, checksums, rights and definitions are equal")
        await asyncio.to_thread(_load_streams, backup, stack)
        await _start_services(stack)
        tell(f"{', '.join(SERVICES)} are ready on it")
    except (AssertionError, ServerFailedError) as error:
        raise RecoveryError(str(error)) from error
    finally:
        os.environ.update(hidden)
        await stack.stop()
        shutil.rmtree(folder, ignore_errors=True)
    counts = [
        entry
        for each in backup.databases.values()
        for entry in (each["inventory"] or {"tables": {}})["tables"].values()
    ]
    return Drilled(
        backup=str(backup.folder),
        tables=len(counts),
        rows=sum(int(count) for count, _ in counts),
        healthy=SERVICES,
        seconds=round(time.monotonic() - started, 1),
    )


def _refuse_full_disk(folder: Path, backup: Backup) -> None:
    needed = sum(entry["bytes"] for entry in backup.databases.values()) + 2 * backup.size + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise RecoveryError(
            f"{folder.parent} has {free // 1024**2} MB free, and the drill needs {needed // 1024**2} MB. "
            "Name another folder in ROTINA_DRILL_DIR"
        )


def _restore(backup: Backup, stack: EphemeralStack) -> None:
    """A cluster of its own, with nothing but what the backup brings."""
    stack.postgres.init()
    stack.postgres.start()
    stack.streams.start()
    stack.cache.start()
    restore(
        backup,
        Restoring(
            server=local_postgres(stack.postgres.admin_dsn("postgres")),
            folders=[
                Folder("artifacts", str(stack.folder / "artifacts")),
                Folder("storage", str(stack.folder / "storage")),
            ],
            passwords=stack.passwords,
            key=sealing.key_file() if backup.encrypted else None,
        ),
    )


def _load_streams(backup: Backup, stack: EphemeralStack) -> None:
    """The append-only file must load. A server of its own: the scratch worker must not find the entries of real runs."""
    if not backup.has("redis-streams.tar"):
        return
    folder = stack.folder / "append-only"
    folder.mkdir()
    unpack = Folder("redis-streams", str(folder)).unpack()
    key = sealing.key_file() if backup.encrypted else None
    pipe(*([decrypting(key)] if key else []), unpack, source=backup.file("redis-streams.tar"))
    log = stack.folder / "append-only.log"
    server = RedisServer(folder, free_port(), password=new_password(), role="streams", log_file=log, durable=False)
    server.start()
    try:
        with redis.Redis.from_url(server.url()) as client:
            client.dbsize()
    finally:
        server.kill()


async def _start_services(stack: EphemeralStack) -> None:
    """An older backup is brought to this checkout's code first, as a deployment would."""
    await asyncio.gather(stack.migrate("core_api"), stack.migrate("worker_svc"))
    await asyncio.gather(stack.start_core_api(), stack.start_ai_svc())
    await stack.start_worker("worker-drill", slots=1)


def told(drilled: Drilled) -> str:
    """One line of JSON."""
    return json.dumps(vars(drilled))
