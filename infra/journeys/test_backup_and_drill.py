"""A backup of a system at work can be restored, and a broken one is refused before anything is touched (issue 5, line 5)."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from recovery import backup, manifest, sealing
from recovery.__main__ import main
from recovery.errors import RecoveryError
from recovery.restore import Restoring, restore
from recovery.targets import Target, local_postgres, local_target
from shared_utils.testing.postgres_server import PostgresServer, new_password
from shared_utils.testing.servers import free_port

REPO = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

VECTORS = """
CREATE TABLE ai.drilled (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, place extensions.vector(3) NOT NULL);
INSERT INTO ai.drilled (place) SELECT ARRAY[n, n * 2, 1 / (n + 1.0)]::extensions.vector FROM generate_series(1, 500) AS n;
CREATE INDEX ix_drilled_place ON ai.drilled USING hnsw (place extensions.vector_l2_ops);
"""


@pytest.fixture
async def target(journey: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Target]:
    """The journeys' stack as `backup` sees a local one: with runs, their logs, an artifact and vectors."""
    stack = journey.stack
    if not await stack.fetch("SELECT 1 FROM pg_tables WHERE schemaname = 'ai' AND tablename = 'alembic_version'"):
        await stack.migrate("ai_svc")
    connection = await stack.connect()
    await connection.execute(VECTORS)
    await connection.close()
    monkeypatch.setenv("ROTINA_STATE_DIR", str(_state_of(stack, tmp_path / "state")))
    try:
        yield local_target()
    finally:
        await stack.fetch("DROP TABLE ai.drilled")


def _state_of(stack: Any, state: Path) -> Path:
    state.mkdir()
    (stack.folder / "artifacts").mkdir(exist_ok=True)
    (state / "artifacts").symlink_to(stack.folder / "artifacts")
    (state / "redis-streams").symlink_to(stack.folder / "streams")
    schemas = ("core", "ai", "market")
    postgres = {
        "admin_url": stack.postgres.admin_dsn("rotina"),
        "owner_urls": {schema: stack.url(f"{schema}_owner") for schema in schemas},
        "runtime_urls": {schema: stack.url(schema) for schema in schemas},
    }
    (state / "stack.json").write_text(json.dumps({"postgres": postgres}))
    return state


async def test_a_backup_of_a_working_system_comes_back_whole_with_healthy_services(
    journey: Any, target: Target, tmp_path: Path
) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1")
    (stack.folder / "artifacts" / "kept.txt").write_text("a file that a run left")
    executions = [await journey.run(await journey.routine(f"r{n}", job="journey.effect")) for n in range(5)]
    for execution in executions:
        await journey.until_status(execution, "SUCCEEDED")
    await stack.until(lambda: _logged(stack), timeout=20, what="the runs' log lines are stored")
    busy = await journey.routine("busy", job="journey.light")

    command = [REPO / "infra" / "scripts" / "restore-drill"]
    drilling = await asyncio.create_subprocess_exec(
        *map(str, command), env=_environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    for _ in range(10):  # the drill takes nothing away from who works
        await journey.until_status(await journey.run(busy), "SUCCEEDED")
    said = (await drilling.communicate())[0].decode()
    assert drilling.returncode == 0, said

    taken = manifest.read(manifest.finished(target.backups)[-1], key=None)
    inventory = taken.databases["rotina"]["inventory"]
    rows = {name: int(count) for name, (count, _) in inventory["tables"].items()}
    assert rows["ai.drilled"] == 500
    assert sum(count for name, count in rows.items() if name.startswith("core.execution_logs")) >= 5
    assert inventory["heads"].keys() == {"core", "ai", "market"}
    assert {"artifacts.tar", "redis-streams.tar", "rotina.dump", "roles.sql"} <= taken.content["files"].keys()
    drilled = json.loads((target.backups / "last-drill.json").read_text())
    assert drilled["rows"] == sum(rows.values())
    assert drilled["healthy"] == ["core-api", "ai-svc", "worker-svc"]
    metrics = (target.metrics / "rotina_restore_drill.prom").read_text()
    assert "rotina_restore_drill_last_result 1\n" in metrics
    assert "rotina_restore_drill_last_success_timestamp_seconds" in metrics
    assert not list((tmp_path / "drills").iterdir()), "the scratch cluster is gone"
    assert str(tmp_path / "drills") not in _command_lines(), "and so are its processes"


async def _logged(stack: Any) -> bool:
    rows = await stack.fetch("SELECT count(*) AS n FROM core.execution_logs")
    return bool(rows[0]["n"] >= 5)


def _environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "drills").mkdir()
    return {**os.environ, "ROTINA_DRILL_DIR": str(tmp_path / "drills")}


def _command_lines() -> str:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(process.read_bytes().decode(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return "\n".join(found)


# --- what is broken is refused ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """An empty server, as after a disaster."""
    folder = tmp_path_factory.mktemp("scratch")
    server = PostgresServer(
        folder / "postgres", port=free_port(), superuser_password=new_password(), log_file=folder / "log", durable=False
    )
    server.init()
    server.start()
    yield server
    server.remove()


def cut_off(folder: Path) -> None:
    path = folder / "rotina.dump"
    os.truncate(path, path.stat().st_size - 100)


def flip_a_bit(folder: Path) -> None:
    path = folder / "rotina.dump"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def lose_a_file(folder: Path) -> None:
    (folder / "roles.sql").unlink()


def damage_the_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:-50])


def never_finish(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def flip_a_bit_and_lie(folder: Path) -> None:
    """Damaged before its checksum was taken: only the restore itself can see it."""
    flip_a_bit(folder)
    _rewrite(folder, lambda content: content.update(files=manifest.files_in(folder)))


def claim_another_row(folder: Path) -> None:
    def lie(content: dict[str, Any]) -> None:
        content["databases"]["rotina"]["inventory"]["tables"]["ai.drilled"][0] += 1

    _rewrite(folder, lie)


def come_from_the_future(folder: Path) -> None:
    _rewrite(folder, lambda content: content.update(server_version="99.1"))


def _rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    change(content)
    (folder / "manifest.json").write_text(json.dumps(content))


BROKEN = {
    cut_off: "it is cut off",
    flip_a_bit: "its checksum is not the one of the manifest",
    lose_a_file: "roles.sql is missing",
    damage_the_manifest: "manifest.json is damaged",
    never_finish: "is no finished backup",
    flip_a_bit_and_lie: "pg_restore failed|did not come back as it was",
    claim_another_row: "table ai.drilled: 501 rows .* were dumped, 500 rows .* are there",
    come_from_the_future: "the backup is of PostgreSQL 99.1",
}


async def test_what_is_broken_is_refused_and_touches_nothing(
    target: Target, scratch: PostgresServer, tmp_path: Path
) -> None:
    taken = await asyncio.to_thread(backup.take, target, name="whole")
    server = local_postgres(scratch.admin_dsn("postgres"))
    for number, (damage, complaint) in enumerate(BROKEN.items()):
        broken = tmp_path / f"broken-{number}"
        shutil.copytree(taken.folder, broken)
        damage(broken)
        with pytest.raises(RecoveryError, match=complaint):
            restore(manifest.read(broken, key=None), Restoring(server))
        assert server.databases() == {"postgres"}, f"{damage.__name__} left something behind"


async def test_an_encrypted_backup_needs_its_key_and_an_empty_server(
    target: Target, scratch: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [_key(tmp_path / name) for name in ("key", "another")]
    monkeypatch.setenv(sealing.VARIABLE, str(keys[0]))
    taken = await asyncio.to_thread(backup.take, target, name="sealed")
    assert not any(b"PGDMP" in path.read_bytes()[:64] or b"CREATE ROLE" in path.read_bytes() for path in _sealed(taken))
    with pytest.raises(RecoveryError, match="sealed exists already; backups are never overwritten"):
        backup.take(target, name="sealed")
    with pytest.raises(RecoveryError, match="is encrypted\\. Name its key file"):
        manifest.read(taken.folder, key=None)
    with pytest.raises(RecoveryError, match="was not signed with the key"):
        manifest.read(taken.folder, key=keys[1])

    server = local_postgres(scratch.admin_dsn("postgres"))
    into = Restoring(server, passwords=target.passwords, key=keys[0])
    restored = await asyncio.to_thread(restore, taken, into)
    assert (restored.databases, restored.put_aside) == (["rotina"], [])
    nearest = server.ask(
        "SELECT id FROM ai.drilled ORDER BY place OPERATOR(extensions.<->) '[7,14,0.1]' LIMIT 1", database="rotina"
    )
    assert nearest == "7"
    assert _as(scratch, "core", target, "SELECT count(*) > 0 FROM calendars") == "t"
    assert "permission denied" in _as(scratch, "core", target, "SELECT 1 FROM ai.drilled")
    assert "permission denied" in _as(scratch, "core", target, "CREATE TABLE core.mine (id int)")
    with pytest.raises(RecoveryError, match="the database rotina is not empty"):
        restore(taken, into)
    forced = await asyncio.to_thread(restore, taken, Restoring(server, force=True, key=keys[0]))
    assert len(forced.put_aside) == 1
    assert server.databases() == {"postgres", "rotina", *forced.put_aside}


def _key(path: Path) -> Path:
    path.write_text(path.name * 20)
    return path


def _sealed(taken: manifest.Backup) -> list[Path]:
    return [taken.folder / name for name in taken.content["files"]]


def _as(scratch: PostgresServer, role: str, target: Target, sql: str) -> str:
    """What psql says to a role of the product, who signs in with its password."""
    password = target.passwords[role]
    server = local_postgres(f"postgresql://{role}:{password}@127.0.0.1:{scratch.port}/rotina")
    try:
        return server.ask(sql, database="rotina")
    except RecoveryError as error:
        return str(error)


DOCKER = """#!/usr/bin/env bash
# docker compose -f FILE exec -T SERVICE COMMAND... | run --rm -T --no-deps SERVICE COMMAND...: what is in the containers is here.
set -euo pipefail
[ "$1 $2" = "compose -f" ] && [ -f "$3" ]
case "$4" in exec) shift 6 ;; run) shift 8 ;; esac
exec "${@/#\\/data/$FAKE_DATA}"
"""


async def test_compose_containers_are_backed_up_and_restored_by_the_same_commands(
    target: Target, scratch: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bin", "artifacts", "storage", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    (tmp_path / "artifacts" / "kept.txt").write_text("a file that a run left")
    (tmp_path / "data" / "appendonly.aof").write_text("")
    # The programs of the wheel stand for those in the container, whose password is a file.
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{target.postgres.folder}:{os.environ['PATH']}")
    monkeypatch.setenv("ROTINA_ARTIFACTS_PATH", str(tmp_path / "artifacts"))
    monkeypatch.setenv("ROTINA_STORAGE_PATH", str(tmp_path / "storage"))
    monkeypatch.setenv("ROTINA_BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("FAKE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTGRES_USER", "postgres")
    _container_of(target.postgres.env, tmp_path, monkeypatch)
    assert await asyncio.to_thread(main, ["backup", "--target", "compose"]) == 0
    (folder,) = manifest.finished(tmp_path / "backups")
    names = {"artifacts.tar", "redis-streams.tar", "roles.sql", "rotina.dump", "storage.tar"}
    assert manifest.read(folder, key=None).content["files"].keys() == names

    (tmp_path / "artifacts" / "kept.txt").unlink()
    scratch_server = local_postgres(scratch.admin_dsn("postgres"))
    _container_of(scratch_server.env, tmp_path, monkeypatch)
    for name in scratch_server.databases() - {"postgres"}:
        scratch_server.ask("SELECT format('DROP DATABASE %I', :'name') \\gexec", name=name)
    assert await asyncio.to_thread(main, ["restore", "latest", "--target", "compose"]) == 0
    assert (tmp_path / "artifacts" / "kept.txt").exists()
    assert scratch_server.databases() == {"postgres", "rotina"}
    assert "rotina_backup_last_result 1" in (tmp_path / "backups" / "metrics" / "rotina_backup.prom").read_text()


def _container_of(settings: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "password").write_text(settings["PGPASSWORD"])
    monkeypatch.setenv("POSTGRES_PASSWORD_FILE", str(folder / "password"))
    monkeypatch.setenv("PGHOST", settings["PGHOST"])
    monkeypatch.setenv("PGPORT", settings["PGPORT"])


def test_old_backups_go_and_strangers_stay(tmp_path: Path) -> None:
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    (tmp_path / "notes").mkdir()
    assert [path.name for path in backup.delete_old(tmp_path, keep=2)] == ["20260101T000000Z"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["20260102T000000Z", "20260103T000000Z", "notes"]


def test_a_full_disk_is_told_before_anything_is_written(
    scratch: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = local_postgres(scratch.admin_dsn("postgres"))
    monkeypatch.setattr(backup, "DATABASES", ("postgres",))
    usage = shutil.disk_usage(REPO)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1024**2))
    with pytest.raises(RecoveryError, match="has 1 MB free, and up to"):
        backup.take(Target("env", server, [], tmp_path / "backups", tmp_path / "metrics"))
    assert not list((tmp_path / "backups").iterdir())


def test_the_commands_say_what_to_do_without_a_stack(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ROTINA_STATE_DIR": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [REPO / "infra" / "scripts" / "backup"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Start it with: make up" in done.stderr
