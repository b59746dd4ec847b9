"""Takes a backup: one consistent dump per database, the folders beside it, a manifest; complete or not there at all."""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recovery import manifest, sealing
from recovery.errors import RecoveryError
from recovery.postgres import Postgres, Snapshot
from recovery.processes import Program, output, pipe
from recovery.targets import DATABASES, Folder, Target

KEPT = 14
SPARE_BYTES = 64 * 1024**2
_SIZE = "SELECT pg_database_size(:'name')"
# Rights on the database itself are no part of its dump.
_RIGHTS = """
SELECT coalesce(json_agg(json_build_array(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type)
                         ORDER BY grantee::regrole::text, privilege_type), '[]')
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE datname = :'name'
"""
_ROLES = """
SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]') FROM pg_roles
WHERE NOT rolsuper AND rolname NOT LIKE 'pg\\_%' AND rolcanlogin
"""


def take(target: Target, *, name: str | None = None, keep: int = KEPT, checksums: bool = True) -> manifest.Backup:
    """Writes a backup below the target's folder and deletes those past the newest `keep`."""
    started = time.monotonic()
    now = time.gmtime()
    name = name or time.strftime("%Y%m%dT%H%M%SZ", now)
    final, partial = target.backups / name, target.backups / f".{name}.part"
    if final.exists():
        raise RecoveryError(f"{final} exists already; backups are never overwritten")
    key = sealing.key_file()
    target.postgres.refuse_other_major()
    names = [each for each in DATABASES if each in target.postgres.databases()]
    if not names:
        raise RecoveryError(f"the server has none of the databases {', '.join(DATABASES)}")
    sizes = {each: int(target.postgres.ask(_SIZE, name=each)) for each in names}
    folders = [folder for folder in target.folders if _is_there(folder)]
    _refuse_full_disk(target.backups, needed=sum(sizes.values()) + sum(map(_size_of, folders)))
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    try:
        _write_roles(target.postgres, partial, key)
        databases = {each: _dump(target.postgres, each, partial, key, checksums=checksums) for each in names}
        for folder in folders:
            pipe(*_sealed(folder.pack(), key), target=partial / _file_name(f"{folder.name}.tar", key))
        content = {
            "name": name,
            "target": target.kind,
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", now),
            "seconds": round(time.monotonic() - started, 3),
            "server_version": target.postgres.server_version(),
            "client_version": target.postgres.client_version(),
            "encrypted": key is not None,
            "databases": {each: {**databases[each], "bytes": sizes[each]} for each in names},
            "files": manifest.files_in(partial),
        }
        manifest.write(partial, content, key=key)
        _publish(partial, final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    delete_old(target.backups, keep=keep)
    return manifest.read(final, key=key)


def _dump(server: Postgres, database: str, folder: Path, key: Path | None, *, checksums: bool) -> dict[str, Any]:
    """Dumps a database and describes it, both as of one instant, while others write."""
    path = folder / _file_name(f"{database}.dump", key)
    with Snapshot(server, database) as snapshot:
        described = snapshot.inventory() if checksums else None
        dump = server.program(
            "pg_dump", "--format=custom", f"--snapshot={snapshot.id}", "--lock-wait-timeout=60s", "-d", database
        )
        pipe(*_sealed(dump, key), target=path)
    # Reading it to its end shows that it was written to its end.
    pipe(*_opened(server.bare("pg_restore", "--file=/dev/null"), key), source=path)
    owner = server.ask("SELECT datdba::regrole FROM pg_database WHERE datname = :'name'", name=database)
    return {"inventory": described, "rights": server.rows(_RIGHTS, name=database), "owner": owner}


def _write_roles(server: Postgres, folder: Path, key: Path | None) -> None:
    """The roles with their settings. Their passwords stay where they are: a backup is no place for them."""
    names = set(server.rows(_ROLES))
    everything = output(server.program("pg_dumpall", "--roles-only", "--no-role-passwords"))
    wanted = [
        line
        for line in everything.splitlines()
        if line.startswith(("CREATE ROLE", "ALTER ROLE", "GRANT ")) and _role(line) in names
    ]
    path = folder / _file_name("roles.sql", key)
    plain = folder / "roles.sql"
    plain.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    if key is not None:
        pipe(sealing.encrypting(key), source=plain, target=path)
        plain.unlink()


def _role(line: str) -> str:
    """The role that a line of pg_dumpall is about: of a membership, the member."""
    words = line.split()
    return words[words.index("TO") + 1 if words[0] == "GRANT" else 2].strip('";')


def _sealed(program: Program, key: Path | None) -> list[Program]:
    return [program] if key is None else [program, sealing.encrypting(key)]


def _opened(program: Program, key: Path | None) -> list[Program]:
    return [program] if key is None else [sealing.decrypting(key), program]


def _file_name(name: str, key: Path | None) -> str:
    return name if key is None else f"{name}{sealing.SUFFIX}"


def _is_there(folder: Folder) -> bool:
    return bool(folder.prefix) or Path(folder.path).is_dir()


def _size_of(folder: Folder) -> int:
    return int(output(folder.size()).split()[0]) * 1024


def _refuse_full_disk(folder: Path, *, needed: int) -> None:
    """A dump is compressed: it never needs more than the database has."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise RecoveryError(
            f"{folder} has {free // 1024**2} MB free, and up to {(needed + SPARE_BYTES) // 1024**2} MB are needed. "
            "Free some, or name another folder in ROTINA_BACKUP_DIR"
        )


def _publish(partial: Path, final: Path) -> None:
    """All of it or nothing, also when the machine loses its power just now."""
    for path in [*partial.iterdir(), partial]:
        _sync(path)
    partial.rename(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete_old(backups: Path, *, keep: int) -> list[Path]:
    """Deletes finished backups past the newest `keep`; what is no backup of ours is left alone."""
    old = manifest.finished(backups)[:-keep] if keep > 0 else []
    _delete(old)
    return old


def _delete(folders: Iterable[Path]) -> None:
    for folder in folders:
        (folder / manifest.MANIFEST).unlink()  # first: what is half deleted is no backup any more
        shutil.rmtree(folder)
