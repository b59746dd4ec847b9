"""Restores a backup into an empty installation: beside what is there first, compared with the manifest, then put in its place."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recovery import sealing
from recovery.errors import RecoveryError
from recovery.inventory import differences
from recovery.manifest import Backup
from recovery.postgres import Postgres, major
from recovery.processes import Program, output, pipe
from recovery.targets import Folder

SHOWN_DIFFERENCES = 12
_CONNECTED = """
SELECT coalesce(string_agg(DISTINCT coalesce(nullif(application_name, ''), usename), ', '), '')
FROM pg_stat_activity WHERE datname = :'name' AND pid <> pg_backend_pid()
"""
_TABLES = r"""
SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
"""
_ROLES = "SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles"
_SIGN_IN = "SELECT format('ALTER ROLE %I WITH LOGIN PASSWORD %L', :'role', :'password') \\gexec"
_CREATE = "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8''', :'name') \\gexec"
_DROP = "SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'name') \\gexec"
_RENAME = "SELECT format('ALTER DATABASE %I RENAME TO %I', :'old', :'new') \\gexec"
_OWN = "SELECT format('ALTER DATABASE %I OWNER TO %I', :'name', :'owner') \\gexec"
_CLOSE = "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \\gexec"
# One statement for each right that the manifest tells; PUBLIC is a word, not a role.
_RIGHTS = """
SELECT format('GRANT %s ON DATABASE %I TO %s', entry ->> 1, :'name',
              CASE entry ->> 0 WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(entry ->> 0) END)
FROM json_array_elements(:'rights') AS entry
WHERE entry ->> 1 IN ('CONNECT', 'TEMPORARY', 'CREATE') AND (entry ->> 0 = 'PUBLIC' OR entry ->> 0 IN (SELECT rolname FROM pg_roles))
\\gexec
"""


@dataclass(frozen=True)
class Restoring:
    """Where to, and what is allowed to give way."""

    server: Postgres
    folders: Sequence[Folder] = ()
    passwords: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    key: Path | None = None


@dataclass(frozen=True)
class Restored:
    """What was done: the databases, those that were put aside, and the folders."""

    databases: list[str]
    put_aside: list[str]
    folders: list[str]


def restore(backup: Backup, into: Restoring) -> Restored:
    """Restores everything of a backup. When it fails, what was there before is there still."""
    server, names = into.server, list(backup.databases)
    _refuse_older_server(backup, server)
    for name in names:
        _refuse_occupied(server, name, force=into.force)
    folders = [folder for folder in into.folders if backup.has(f"{folder.name}.tar")]
    for folder in folders:
        _refuse_full_folder(folder, force=into.force)
    _restore_roles(backup, into)
    try:
        for name in names:
            _load(backup, name, into)
        put_aside = [aside for name in names if (aside := _put_in_place(server, name))]
    except BaseException:
        for name in names:
            server.ask(_DROP, name=_beside(name))
        raise
    for folder in folders:
        put_aside += _make_room(folder)
        pipe(
            *_opened(folder.unpack(), into.key if backup.encrypted else None), source=backup.file(f"{folder.name}.tar")
        )
    return Restored(names, put_aside, [folder.name for folder in folders])


def _beside(name: str) -> str:
    return f"{name}_restoring"


def _refuse_older_server(backup: Backup, server: Postgres) -> None:
    server.refuse_other_major()
    there, dumped = server.server_version(), backup.content["server_version"]
    if major(there) < major(dumped):
        raise RecoveryError(f"the backup is of PostgreSQL {dumped}, the server is {there}: it must be at least as new")


def _refuse_occupied(server: Postgres, name: str, *, force: bool) -> None:
    if name not in server.databases():
        return
    connected = server.ask(_CONNECTED, name=name)
    if connected:
        raise RecoveryError(f"these are connected to the database {name}: {connected}. Stop the services first")
    if not force and int(server.ask(_TABLES, database=name)):
        raise RecoveryError(
            f"the database {name} is not empty. Restore into an empty server, or put what is there aside with --force"
        )


def _refuse_full_folder(folder: Folder, *, force: bool) -> None:
    if not force and (folder.prefix or Path(folder.path).is_dir()) and output(folder.listing()).strip():
        raise RecoveryError(
            f"the folder {folder.path} ({folder.name}) is not empty. Put what is there aside with --force"
        )


def _make_room(folder: Folder) -> list[str]:
    """A folder of this machine is put aside; in a container, files of the backup join what is there."""
    if folder.prefix:
        return []
    path, aside = Path(folder.path), []
    if path.is_dir() and any(path.iterdir()):
        kept = path.with_name(f"{path.name}.before-{_now()}")
        path.rename(kept)
        aside = [str(kept)]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return aside


def _now() -> str:
    return time.strftime("%Y%m%dt%H%M%S", time.gmtime())


def _restore_roles(backup: Backup, into: Restoring) -> None:
    """Roles that are missing are made; settings are those of the backup; passwords those that this side knows."""
    reading = _opened(Program(["cat"]), into.key if backup.encrypted else None)
    text = _read_all(reading, backup.file("roles.sql"))
    known = set(into.server.rows(_ROLES))
    lines = [line for line in text.splitlines() if not (line.startswith("CREATE ROLE") and _role(line) in known)]
    into.server.ask("\n".join(lines))
    roles = {_role(line) for line in text.splitlines() if line.startswith("CREATE ROLE")}
    for role, password in into.passwords.items():
        if role in roles:
            into.server.ask(_SIGN_IN, role=role, password=password)


def _read_all(programs: list[Program], source: Path) -> str:
    if len(programs) == 1:
        return source.read_text(encoding="utf-8")
    return output(Program([*programs[0].args, "-in", str(source)]))


def _role(line: str) -> str:
    return line.split()[2].strip('";')


def _load(backup: Backup, name: str, into: Restoring) -> None:
    """Into a database beside the real one, compared with what was dumped."""
    server, beside = into.server, _beside(name)
    server.ask(_DROP, name=beside)
    server.ask(_CREATE, name=beside)
    reading = server.program("pg_restore", "--exit-on-error", "--single-transaction", "-d", beside)
    pipe(*_opened(reading, into.key if backup.encrypted else None), source=backup.file(f"{name}.dump"))
    entry = backup.databases[name]
    server.ask(_OWN, name=beside, owner=entry["owner"])
    server.ask(_CLOSE, name=beside)
    server.ask(_RIGHTS, name=beside, rights=json.dumps(entry["rights"]))
    if entry["inventory"] is not None:
        _refuse_differences(name, differences(entry["inventory"], server.inventory(beside)))
    server.ask("ANALYZE", database=beside)


def _refuse_differences(name: str, told: list[str]) -> None:
    if told:
        more = [f"... and {len(told) - SHOWN_DIFFERENCES} more"] if len(told) > SHOWN_DIFFERENCES else []
        raise RecoveryError(
            "\n  ".join([f"the database {name} did not come back as it was:", *told[:SHOWN_DIFFERENCES], *more])
        )


def _put_in_place(server: Postgres, name: str) -> str | None:
    """Renames: an instant. What was there and had tables is kept under another name, which is returned."""
    aside = None
    if name in server.databases():
        if int(server.ask(_TABLES, database=name)):
            aside = f"{name}_before_{_now()}"
            server.ask(_RENAME, old=name, new=aside)
        else:
            server.ask(_DROP, name=name)
    server.ask(_RENAME, old=_beside(name), new=name)
    return aside


def _opened(program: Program, key: Path | None) -> list[Program]:
    return [program] if key is None else [sealing.decrypting(key), program]
