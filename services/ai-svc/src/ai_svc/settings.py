"""Settings of ai-svc, read from `AI_SVC_*`."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared_utils.settings import (
    DatabaseSettings,
    InternalKeySettings,
    OidcSettings,
    OwnerSettings,
    ServiceSettings,
    StreamsSettings,
)

# An empty variable means "not set": a key that is there but empty is no provider.
_CONFIG = SettingsConfigDict(
    env_prefix="AI_SVC_", frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
)


class ApiSource(BaseModel):
    """An API whose items become documents: JSON over HTTPS. Pointers are JSON pointers (RFC 6901); templates take
    `{field}` and `{/pointer/to/field}` of an item.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    url: str = Field(pattern=r"^https?://[^/]")
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,60}$")
    """The header that carries `secret`, for example `Authorization`."""
    secret: SecretStr | None = None
    items: str = Field(default="", pattern=r"^(/.*)?$")
    """Pointer to the list; empty when the answer itself is the list."""
    next: str | None = Field(default=None, pattern=r"^/")
    """Pointer to the address of the next page."""
    key: str = "{id}"
    title: str = "{title}"
    text: str
    link: str | None = None
    etag: str | None = None


class Settings(DatabaseSettings, StreamsSettings, OidcSettings, InternalKeySettings, ServiceSettings):
    """What the service needs; secrets have no default. With no provider key everything runs on `local`."""

    model_config = _CONFIG

    event_wait_ms: int = Field(default=1000, ge=10, le=10_000)
    """How long the event consumer waits in one go when nothing comes; a stop takes at most this long."""

    openai_api_key: SecretStr | None = None
    """Key of the OpenAI API."""

    openai_compatible_url: str | None = Field(default=None, pattern=r"^https?://")
    """Base URL of a server that speaks the OpenAI protocol, for example one inside the company's network."""

    openai_compatible_api_key: SecretStr | None = None
    """Key of that server, when it wants one."""

    anthropic_api_key: SecretStr | None = None
    """Key of the Anthropic API; needs the extra `anthropic`."""

    google_api_key: SecretStr | None = None
    """Key of the Google AI API; needs the extra `google`."""

    openai_model: str = "gpt-5.4-mini"
    openai_compatible_model: str = "default"
    """What the server calls its model; servers with a single one take any name."""
    anthropic_model: str = "claude-haiku-4-5"
    google_model: str = "gemini-2.5-flash"
    openai_embedding_model: str = "text-embedding-3-small"
    openai_compatible_embedding_model: str | None = None
    google_embedding_model: str = "gemini-embedding-001"

    model_chain: str | None = None
    """Who is asked, in order: `openai:gpt-5.4,anthropic,local`. A name without a model takes the one above. When it is
    not set: OpenAI, the compatible server, Anthropic, Google, as far as they are configured, and `local` at the end."""

    model_timeouts: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Seconds by provider, as JSON: `{"openai_compatible": {"first_token": 90}}`; see `brain/timeouts`."""

    otlp_traces_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """Where spans of calls to models go, by OTLP/HTTP: LangSmith, Langfuse, any collector. Without it none are made."""

    otlp_metrics_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """Where their metrics go, over OTLP/HTTP. Prometheus has the same at `/metrics`."""

    otlp_headers: SecretStr | None = None
    """Headers for both, `name=value,name=value`; they hold the key."""

    trace_content: Literal["off", "on", "on_in_production"] = "off"
    """Whether spans hold what is said to models and what they answer. `on` is refused in production."""

    embeddings_provider: Literal["local", "openai", "openai_compatible", "off"] = "local"
    """Who makes the vectors of a new installation; later ones are started over the API. `off`: words only."""

    embeddings_model: str | None = None
    """The provider's model; `text-embedding-3-small` by default."""

    embeddings_dimensions: int | None = Field(default=None, ge=1, le=4000)
    """How many numbers that model's vectors have; 1536 by default."""

    embeddings_query_prefix: str = ""
    """What the model wants before a question, for example `query: `."""

    embeddings_passage_prefix: str = ""
    """What the model wants before a passage, for example `passage: `."""

    embeddings_dense_weight: float | None = Field(default=None, ge=0, le=1)
    """How much vectors count beside words; 0.1 for the offline model and 0.4 for others by default."""

    embeddings_fill_per_second: float = Field(default=500, gt=0)
    """How many passages a second are embedded in the background, at most."""

    local_model_path: Path | None = None
    """A folder with the operator's own BERT model, used instead of the offline wheel's."""

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

    document_max_bytes: int = Field(default=50 * 1024 * 1024, ge=1024, le=1024**3)
    """The largest document that is taken, in bytes, packed."""

    document_folders: list[Path] = Field(default_factory=list)
    """Folders below which administrators may have documents indexed."""

    document_chunk_chars: int = Field(default=700, ge=200, le=8000)
    """How long a passage is at the most. The offline model sees about 700 characters; others take 1,400 well."""

    indexing_concurrency: int = Field(default=3, ge=0, le=64)
    """How many documents this process reads at once; 0 leaves them to other processes."""

    allow_private_sources: bool = False
    """Whether documents may be fetched from private networks, and by http: for trusted networks only."""

    document_url_ports: list[int] = Field(default=[80, 443], min_length=1, max_length=100)
    """Ports of addresses that may be fetched; any, with `allow_private_sources`."""

    api_sources: list[ApiSource] = Field(default_factory=list, max_length=100)
    """APIs whose items become documents."""

    runbooks_dir: Path | None = None
    """The product's own documents (Markdown), for questions about the product; none when it is not set."""

    core_api_url: str | None = Field(default=None, pattern=r"^https?://[^/]")
    """Where core-api is, for what routines are for and what went wrong lately; none when it is not set."""

    internal_key: SecretStr | None = None
    """This service's key towards core-api; its caller name is `ai-svc`."""

    text_max_chars: int = Field(default=2_000_000, ge=1000)
    """Characters of one text."""

    text_sync_chars: int = Field(default=24_000, ge=0)
    """A text up to so many characters is answered at once; a longer one becomes a task."""

    text_sync_items: int = Field(default=10, ge=0)
    """A batch up to so many items is waited for."""

    text_sync_wait_seconds: float = Field(default=25, ge=0, le=300)
    """How long a small request waits for its task before it is answered with the task."""

    text_max_items: int = Field(default=500, ge=1, le=10_000)
    """Items of one batch."""

    text_window_tokens: int = Field(default=12_000, ge=200)
    """Tokens of text that one call holds at most; a longer text is done in parts. Prompt and answer come on top."""

    text_max_output_tokens: int = Field(default=4096, ge=64)
    """Tokens of one answer."""

    text_concurrency: int = Field(default=4, ge=1, le=64)
    """Calls of one job, or items of one batch, at the same time."""

    text_call_seconds: float = Field(default=120, ge=1, le=3600)
    """How long one call may take."""

    @model_validator(mode="after")
    def _content_stays_inside(self) -> Self:
        if self.environment == "production" and self.trace_content == "on":
            raise ValueError(
                "trace_content: prompts and answers would leave this service; in production say `on_in_production` "
                "when you mean it, else `off`"
            )
        return self


class MigrationSettings(OwnerSettings):
    """What `python -m ai_svc.migrate` needs: the owner role's address, which no other process gets."""

    model_config = _CONFIG
