"""Settings of worker-svc, read from `WORKER_SVC_*`."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints
from pydantic_settings import SettingsConfigDict

from shared_schemas.jobs import QueueName
from shared_utils.settings import DatabaseSettings, OidcSettings, OwnerSettings, ServiceSettings, StreamsSettings

ENV_PREFIX = "WORKER_SVC_"
_CONFIG = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")


class Settings(DatabaseSettings, StreamsSettings, OidcSettings, ServiceSettings):
    """What the worker's process and its jobs need; secrets have no default."""

    model_config = _CONFIG

    core_api_url: str
    internal_key: SecretStr
    """The worker's key towards core-api and ai-svc; its caller name is `worker-svc`."""

    ai_svc_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/]")] | None = None
    """ai-svc, for the jobs that ask it; without it they fail and say so."""

    slots: int = Field(default=4, ge=1, le=1000)
    """How many runs this worker takes at once."""

    queues: list[QueueName] = Field(default=["default"], min_length=1, max_length=20)
    worker_name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,40}$")] = ""
    """A name for people; the host's name when empty. The worker's id adds the process to it."""

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8004, ge=0, le=65535)

    storage_dir: Path
    """Where raw files are kept, and below it the jobs' temporary folders."""

    b3_base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/]")] = "https://bvmf.bmfbovespa.com.br"
    b3_ca_file: Path | None = None
    """Extra certificates, for hosts whose TLS chain is incomplete (B3's often is)."""

    stop_grace_seconds: float = Field(default=20, ge=0, le=3600)
    """How long running jobs may finish when the worker is told to stop; then they are handed back."""

    kill_grace_seconds: float = Field(default=5, ge=0, le=300)
    """How long a job may clean up before its processes are killed, when the worker stops or lost the run.

    For a run that is cancelled or past its time limit, its routine's `cancel_grace_seconds` counts.
    """

    warm_children: int = Field(default=1, ge=0, le=100)
    """Idle child processes kept ready, so that a job starts without waiting for one."""

    extra_jobs: list[str] = Field(default_factory=list)
    """Registries of jobs beside the built-in ones: "module:registry", or "module" for jobs declared with `@job`."""


class MigrationSettings(OwnerSettings):
    """What `python -m worker_svc.migrate` needs: the owner role's address, which no other process gets."""

    model_config = _CONFIG


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment from which `Settings()` reads the same values again: how child processes get them."""
    environment: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = _plain(getattr(settings, name))
        if value is not None:
            environment[f"{ENV_PREFIX}{name.upper()}"] = value if isinstance(value, str) else json.dumps(value)
    return environment


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value) if isinstance(value, Path) else value
