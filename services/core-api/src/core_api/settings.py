"""Settings of core-api, read from `CORE_API_*`."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared_utils.settings import (
    CacheSettings,
    DatabaseSettings,
    InternalKeySettings,
    OidcSettings,
    ServiceSettings,
    StreamsSettings,
)

_CONFIG = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")


class Settings(DatabaseSettings, StreamsSettings, CacheSettings, OidcSettings, InternalKeySettings, ServiceSettings):
    """What the API and the scheduler need; secrets have no default."""

    model_config = _CONFIG

    lease_seconds: float = Field(default=9, ge=1, le=300)
    """How long a silent worker keeps its runs. Its heart beats three times as often."""

    requeue_after_seconds: float = Field(default=5, ge=0.1, le=300)
    """How long a run may wait unclaimed on a stream before the sweep sends it again."""

    ageing_seconds: float = Field(default=0, ge=0, le=86_400)
    """Ageing: each so many seconds of waiting since due lift an execution by one point of priority; 0: never."""


class MigrationSettings(BaseSettings):
    """What `python -m core_api.migrate` needs: the owner role's address, which no other process gets."""

    model_config = _CONFIG

    migration_database_url: SecretStr
