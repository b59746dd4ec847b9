"""Everything about a stack that is decided before it starts: ports, secrets, addresses, and each process's environment."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_stack.console import StackError
from local_stack.orphans import MARKER_VARIABLE
from local_stack.ports import Ports
from local_stack.state import StateFolder, read_json, write_private
from local_stack.tools import FRONTEND_DIST, LOCAL_FOLDER
from shared_utils.db.bootstrap import ROLES

DATABASE = "rotina"
AUDIENCE = "rotina-api"
SPA_CLIENT, CLI_CLIENT = "rotina-spa", "rotina-cli"
CLI_REDIRECT_URI = "http://127.0.0.1/callback"
SERVICES = ("core-api", "ai-svc", "worker-svc")
USERS: tuple[Mapping[str, Any], ...] = (
    {
        "username": "admin",
        "password": "admin-demo",
        "email": "admin@rotina.local",
        "name": "Ana Administradora",
        "roles": ["admin"],
    },
    {
        "username": "operator",
        "password": "operator-demo",
        "email": "operator@rotina.local",
        "name": "Otávio Operador",
        "roles": ["operator"],
    },
    {
        "username": "viewer",
        "password": "viewer-demo",
        "email": "viewer@rotina.local",
        "name": "Vera Visitante",
        "roles": ["viewer"],
    },
)
RIGHTS = {"admin": "everything, also change routines", "operator": "run, retry and cancel", "viewer": "look"}


@dataclass(frozen=True)
class Secrets:
    """Made at the first start, kept in a file that only its owner may read."""

    superuser: str
    roles: Mapping[str, str]
    redis: str
    internal_keys: Mapping[str, str]
    secrets_key: str = ""
    """With which core-api seals what it stores."""

    @classmethod
    def load_or_create(cls, state: StateFolder) -> "Secrets":
        known = read_json(state.secrets_file)
        if known is not None:
            if "secrets_key" not in known:  # from before there was one
                known["secrets_key"] = secrets.token_urlsafe(32)
                write_private(state.secrets_file, known)
            return cls(**known)
        if (state.postgres / "PG_VERSION").exists():
            raise StackError(
                f"{state.secrets_file} is gone, so nobody knows the database's password. Start over with: make reset"
            )
        created = cls(
            superuser=secrets.token_urlsafe(24),
            roles={role: secrets.token_urlsafe(24) for role in ROLES},
            redis=secrets.token_urlsafe(24),
            internal_keys={service: secrets.token_urlsafe(32) for service in SERVICES},
            secrets_key=secrets.token_urlsafe(32),
        )
        write_private(state.secrets_file, vars(created))
        return created


@dataclass(frozen=True)
class Plan:
    """One start of the stack."""

    state: StateFolder
    ports: Ports
    secrets: Secrets
    marker: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports['front_door']}"

    @property
    def origins(self) -> list[str]:
        """Both spellings of this machine: a bookmark of either one signs in."""
        return [self.url, f"http://127.0.0.1:{self.ports['front_door']}"]

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.ports['oidc']}"

    @property
    def mirror_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['mirror']}"

    @property
    def service_urls(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{self.ports[name.replace('-', '_')]}" for name in SERVICES}

    def redis_url(self, role: str) -> str:
        return f"redis://:{self.secrets.redis}@127.0.0.1:{self.ports[f'redis_{role}']}/0"

    def database_url(self, role: str) -> str:
        return f"postgresql+asyncpg://{role}:{self.secrets.roles[role]}@127.0.0.1:{self.ports['postgres']}/{DATABASE}"

    def admin_url(self, database: str = DATABASE) -> str:
        return f"postgresql://postgres:{self.secrets.superuser}@127.0.0.1:{self.ports['postgres']}/{database}"

    def oidc_config(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "host": "127.0.0.1",
            "port": self.ports["oidc"],
            "audience": AUDIENCE,
            "home": f"{self.url}/",
            "keys_file": str(self.state.oidc / "keys.json"),
            "show_demo_logins": True,
            "users": [dict(user) for user in USERS],
            "clients": {
                "spa": {
                    "client_id": SPA_CLIENT,
                    "redirect_uris": [f"{origin}/auth/callback" for origin in self.origins],
                    "post_logout_redirect_uris": [f"{origin}/" for origin in self.origins],
                    "origins": self.origins,
                },
                "cli": {"client_id": CLI_CLIENT, "redirect_uris": [CLI_REDIRECT_URI]},
            },
        }

    def spa_config(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "client_id": SPA_CLIENT,
            "audience": AUDIENCE,
            "scope": "openid profile email offline_access",
        }

    # --- environments --------------------------------------------------------------------------------------------

    def base_environment(self) -> dict[str, str]:
        """The person's own, without what would point a service elsewhere or make it slow."""
        ours = tuple(name.upper().replace("-", "_") + "_" for name in SERVICES)
        dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "NODE_OPTIONS")
        kept = {
            name: value for name, value in os.environ.items() if name not in dropped and not name.startswith("COV_")
        }
        local = "localhost,127.0.0.1"
        for name in ("NO_PROXY", "no_proxy"):  # a company's proxy must not see calls within this machine
            kept[name] = f"{kept[name]},{local}" if kept.get(name) else local
        tunable = {name: value for name, value in kept.items() if name.startswith(ours)}
        return (
            {name: value for name, value in kept.items() if name not in tunable}
            | {"PYTHONUNBUFFERED": "1", MARKER_VARIABLE: self.marker}
            | tunable
        )

    def service_environment(self, service: str, **extra: str) -> dict[str, str]:
        """The environment of one service: its own role, its own key. Tunables of the person's own stay (WORKER_SVC_SLOTS=8)."""
        prefix = service.upper().replace("-", "_") + "_"
        schema = {"core-api": "core", "ai-svc": "ai", "worker-svc": "market"}[service]
        callers = {name: [key] for name, key in self.secrets.internal_keys.items() if name != service}
        fixed = {
            "ENVIRONMENT": "local",
            "DATABASE_URL": self.database_url(schema),
            "STREAMS_URL": self.redis_url("streams"),
            "CACHE_URL": self.redis_url("cache"),
            "OIDC_ISSUER": self.issuer,
            "OIDC_AUDIENCE": AUDIENCE,
            "INTERNAL_KEYS": json.dumps(callers),
            "INTERNAL_KEY": self.secrets.internal_keys[service],
            "CORE_API_URL": self.service_urls["core-api"],
        }
        if service == "core-api":
            fixed |= {
                "PUBLIC_URL": self.url,
                "SECRETS_KEYS": json.dumps([self.secrets.secrets_key]),
                "ALLOW_PRIVATE_WEBHOOKS": "true",  # whoever tries a webhook here has its receiver on this machine
            }
        if service == "worker-svc":
            fixed |= {
                "AI_SVC_URL": self.service_urls["ai-svc"],
                "B3_BASE_URL": self.mirror_url,
                "STORAGE_DIR": str(self.state.storage),
                "HTTP_HOST": "127.0.0.1",
                "HTTP_PORT": str(self.ports["worker_svc"]),
            }
        if service == "ai-svc":
            fixed["RUNBOOKS_DIR"] = str(LOCAL_FOLDER.parents[1] / ".docs")
        if service == "core-api":
            fixed["ARTIFACTS_DIR"] = str(self.state.artifacts)
        # Ctrl-C should not take long; a run that is cut short is handed back and runs again at the next start.
        tunable = (
            {"WORKER_SVC_STOP_GRACE_SECONDS": "3", "WORKER_SVC_KILL_GRACE_SECONDS": "2"}
            if service == "worker-svc"
            else {}
        )
        return tunable | self.base_environment() | {f"{prefix}{name}": value for name, value in fixed.items()} | extra

    def migration_environment(self, service: str) -> dict[str, str]:
        """As the service's, with the owner role's address on top: no other process gets that password."""
        prefix = service.upper().replace("-", "_") + "_"
        schema = {"core-api": "core", "ai-svc": "ai", "worker-svc": "market"}[service]
        return self.service_environment(
            service, **{f"{prefix}MIGRATION_DATABASE_URL": self.database_url(f"{schema}_owner")}
        )

    def own_environment(self) -> dict[str, str]:
        """For the parts of this package: front door, mirror, guardian."""
        return self.base_environment() | {"PYTHONPATH": str(LOCAL_FOLDER)}

    def front_door_environment(self) -> dict[str, str]:
        addresses = {f"{name.upper().replace('-', '_')}_URL": url for name, url in self.service_urls.items()}
        return (
            self.own_environment()
            | addresses
            | {
                "FRONTEND_URL": FRONTEND_DIST.as_uri(),
                "OIDC_ORIGIN": self.issuer,
                "ROTINA_SPA_CONFIG": json.dumps(self.spa_config()),
            }
        )

    # --- what others read -----------------------------------------------------------------------------------------

    def stack(self, *, started_at: str, ready_seconds: float, processes: list[dict[str, Any]]) -> dict[str, Any]:
        """The content of stack.json: all that a script needs to drive the stack."""
        schemas = ("core", "ai", "market")
        return {
            "version": 1,
            "url": self.url,
            "state_dir": str(self.state.root),
            "started_at": started_at,
            "ready_seconds": round(ready_seconds, 2),
            "pid": os.getpid(),
            "ports": dict(self.ports.chosen),
            "postgres": {
                "host": "127.0.0.1",
                "port": self.ports["postgres"],
                "database": DATABASE,
                "admin_url": self.admin_url(),
                "owner_urls": {schema: self.database_url(f"{schema}_owner") for schema in schemas},
                "runtime_urls": {schema: self.database_url(schema) for schema in schemas},
            },
            "redis": {"streams": self.redis_url("streams"), "cache": self.redis_url("cache")},
            "oidc": {
                "issuer": self.issuer,
                "audience": AUDIENCE,
                "spa_client_id": SPA_CLIENT,
                "cli_client_id": CLI_CLIENT,
                "cli_redirect_uri": CLI_REDIRECT_URI,
            },
            "users": [dict(user) for user in USERS],
            "internal_keys": dict(self.secrets.internal_keys),
            "mirror": {"url": self.mirror_url, "folder": str(self.state.mirror)},
            "storage_dir": str(self.state.storage),
            "services": self.service_urls,
            "processes": processes,
        }


def shown_path(path: Path) -> str:
    """As a person would type it: relative to where they are, when that is shorter."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
