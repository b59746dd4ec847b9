"""Settings of ai-svc, read from `AI_SVC_*`."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared_utils.settings import DatabaseSettings, InternalKeySettings, OidcSettings, ServiceSettings, StreamsSettings

# An empty variable means "not set": a key that is there but empty is no provider.
_CONFIG = SettingsConfigDict(
    env_prefix="AI_SVC_", frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
)


class Settings(DatabaseSettings, StreamsSettings, OidcSettings, InternalKeySettings, ServiceSettings):
    """What the service needs; secrets have no default. With no provider key everything runs on `local`."""

    model_config = _CONFIG

    event_wait_ms: int = Field(default=1000, ge=10, le=10_000)
    """How long the event consumer waits in one go when nothing comes; a stop takes at most this long."""

    openai_api_key: SecretStr | None = None
    """Key of the OpenAI API."""

    openai_compatible_url: str | None = Field(default=None, pattern=r"^https?://")
    """Base URL of a server that speaks the OpenAI protocol, for example one inside the company's network."""

    anthropic_api_key: SecretStr | None = None
    """Key of the Anthropic API."""

    google_api_key: SecretStr | None = None
    """Key of the Google AI API."""

    task_concurrency: int = Field(default=4, ge=0, le=100)
    """How many tasks this process runs at once; 0 leaves them to other processes."""

    task_lease_seconds: float = Field(default=30, ge=1, le=3600)
    """A task whose process did not say that it lives for so long is taken up by another one."""

    task_max_attempts: int = Field(default=5, ge=1, le=100)
    """How often a task is tried when what failed may pass, or its process is lost."""

    task_retention_days: int = Field(default=7, ge=1, le=3650)
    """How long a task that is over is kept, with its texts and results."""

    reservation_seconds: int = Field(default=900, ge=60, le=86_400)
    """After how long a call that was never settled is booked as all that was set aside; longer than any call takes."""

    keep_model_calls_days: int = Field(default=180, ge=1, le=3650)
    """How long the log of calls to models is kept, which `ai/usage` is told from."""


class MigrationSettings(BaseSettings):
    """What `python -m ai_svc.migrate` needs: the owner role's address, which no other process gets."""

    model_config = _CONFIG

    migration_database_url: SecretStr
