"""Settings of core-api, read from `CORE_API_*`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared_utils.settings import (
    CacheSettings,
    DatabaseSettings,
    InternalKeySettings,
    OidcSettings,
    OwnerSettings,
    ServiceSettings,
    SettingsGroup,
    StreamsSettings,
)

_CONFIG = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")


class RetentionSettings(SettingsGroup):
    """How long history is kept; what is older goes by itself, and `POST /scheduler/maintenance` shows it before."""

    model_config = _CONFIG

    keep_executions_months: int = Field(default=24, ge=2, le=600)
    """Whole months of executions with their attempts, logs and artifacts. Daily statistics outlive them."""

    keep_days: dict[str, Annotated[int, Field(ge=1, le=36500)]] = Field(default_factory=dict)
    """Days by table, where they should differ from the usual ones: scheduler_logs 90, inbox 7, daily_loads 730, ..."""

    artifacts_dir: Path | None = None
    """Where the files are kept that runs leave; API replicas and schedulers share it, since schedulers delete old ones.

    Without it artifacts are refused.
    """


class AlertSettings(SettingsGroup):
    """What noticing trouble and telling people needs: the same in the API and in every scheduler."""

    model_config = _CONFIG

    public_url: str = Field(default="http://localhost:8080", pattern=r"^https?://[\x21-\x7e]+$")
    """Where people reach the app: messages link to it."""

    secrets_keys: tuple[SecretStr, ...] = ()
    """Keys with which secrets of channels are stored, as a JSON list: the first one seals, every one opens."""

    allow_private_webhooks: bool = False
    """Whether channels may lead to plain http and into private networks."""

    start_limit_seconds: float = Field(default=300, ge=1, le=86_400)
    """How long a run may be due without starting before people are told."""

    heartbeat_url: str | None = Field(default=None, pattern=r"^https?://[\x21-\x7e]+$")
    """An outside watchdog's address, called every 30 s while a scheduler's loops, PostgreSQL and Redis really work."""


class ProbeSettings(SettingsGroup):
    """Where a scheduler answers `/health` and `/metrics`, for the inside only; not at all without a port."""

    model_config = _CONFIG

    scheduler_http_host: str = "127.0.0.1"
    scheduler_http_port: int | None = Field(default=None, ge=0, le=65535)


class Settings(
    DatabaseSettings,
    StreamsSettings,
    CacheSettings,
    OidcSettings,
    InternalKeySettings,
    RetentionSettings,
    AlertSettings,
    ServiceSettings,
):
    """What the API and the scheduler need; secrets have no default."""

    model_config = _CONFIG

    watchdog: bool = True
    """Whether an API process looks for trouble and tells people while no scheduler is there to do it."""

    lease_seconds: float = Field(default=9, ge=1, le=300)
    """How long a silent worker keeps its runs. Its heart beats three times as often."""

    requeue_after_seconds: float = Field(default=5, ge=0.1, le=300)
    """How long a run may wait unclaimed on a stream before the sweep sends it again."""

    ageing_seconds: float = Field(default=0, ge=0, le=86_400)
    """Ageing: each so many seconds of waiting since due lift an execution by one point of priority; 0: never."""


class MigrationSettings(OwnerSettings):
    """What `python -m core_api.migrate` needs: the owner role's address, which no other process gets."""

    model_config = _CONFIG
