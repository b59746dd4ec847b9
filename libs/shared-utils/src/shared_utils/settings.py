"""Settings of a service: a frozen class read from the environment, which refuses weak secrets in production.

A service combines `ServiceSettings` with the groups it needs and sets its own prefix:

    class Settings(ServiceSettings, DatabaseSettings, StreamsSettings):
        model_config = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")

Every setting may come from a file instead: with `CORE_API_DATABASE_URL_FILE=/run/secrets/core_api_database_url` the
value is that file's content. The variable itself wins where both are set.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

MIN_SECRET_LENGTH = 32
MIN_DISTINCT_CHARACTERS = 10
# Parts of secrets that come from documentation, examples and default installations.
WELL_KNOWN_PARTS = (
    "changeme",
    "change-me",
    "changethis",
    "change_this",
    "change_me",
    "example",
    "placeholder",
    "insecure",
)
# A Sentry DSN carries a public key, which is allowed to be short.
NOT_SECRET = frozenset({"sentry_dsn"})


class WeakSecretError(ValueError):
    """A secret that production must not start with."""


class SettingsFromFiles(EnvSettingsSource):
    """Reads `<PREFIX><SETTING>_FILE`: the content of the named file, without the line's end, is the setting's value."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        given = {name.lower(): value for name, value in os.environ.items()}
        settings = [f"{self.env_prefix}{name}".lower() for name in self.settings_cls.model_fields]
        return {name: _content(f"{name}_file", given[f"{name}_file"]) for name in settings if given.get(f"{name}_file")}


def _content(variable: str, path: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SettingsError(f"{variable.upper()}: cannot read {path}: {reason}") from None
    if not content:
        raise SettingsError(f"{variable.upper()}: {path} is empty")
    return content


class SettingsGroup(BaseSettings):
    """Base of settings. Values never appear in validation errors, since they may be secrets."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """In order: arguments, variables, files that variables name, and the two usual ones that nobody sets here."""
        files = SettingsFromFiles(settings_cls)
        return init_settings, env_settings, files, dotenv_settings, file_secret_settings


class ServiceSettings(SettingsGroup):
    """What every service has."""

    environment: Literal["local", "test", "staging", "production"] = "local"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "text"] = "json"
    sentry_dsn: SecretStr | None = None
    traces_endpoint: str | None = Field(default=None, pattern=r"^https?://")
    """Where spans of this process go, by OTLP/HTTP (`http://collector:4318/v1/traces`). Without it none are made."""

    traces_headers: SecretStr | None = None
    """Headers for it, `name=value,name=value`; they hold the key."""

    drain_seconds: float | None = Field(default=None, ge=0, le=300)
    """How long a process that was told to end still answers while it says that it is not ready: longer than the
    gateway's health check takes to notice, and with the server's own grace shorter than the container's. Unset it is 5,
    and 0 on a developer's machine."""

    @property
    def draining(self) -> float:
        """`drain_seconds`, or what is usual for the environment."""
        if self.drain_seconds is not None:
            return self.drain_seconds
        return 0.0 if self.environment in {"local", "test"} else 5.0

    @model_validator(mode="after")
    def _strong_secrets_in_production(self) -> Self:
        if self.environment == "production":
            refuse_weak_secrets(self)
        return self


class DatabaseSettings(SettingsGroup):
    """`postgresql+asyncpg://role:password@host:port/database`, the service's runtime role."""

    database_url: SecretStr
    database_pool_size: int = Field(default=5, ge=1, le=100)
    database_max_overflow: int = Field(default=5, ge=0, le=100)
    database_statement_timeout_ms: int = Field(default=30_000, ge=0)


class OwnerSettings(SettingsGroup):
    """What a migration needs: the owner role's address, which no other process gets."""

    environment: Literal["local", "test", "staging", "production"] = "local"
    migration_database_url: SecretStr

    @model_validator(mode="after")
    def _strong_secrets_in_production(self) -> Self:
        if self.environment == "production":
            refuse_weak_secrets(self)
        return self


class StreamsSettings(SettingsGroup):
    """The Redis that carries queues and events: `noeviction`, append-only file."""

    streams_url: SecretStr


class CacheSettings(SettingsGroup):
    """The Redis that may forget anything at any time."""

    cache_url: SecretStr


class OidcSettings(SettingsGroup):
    """The identity provider, found by discovery, and the audience its access tokens must name."""

    oidc_issuer: str
    oidc_audience: str
    oidc_roles_provider: Literal["generic", "keycloak", "auth0", "supabase"] = "generic"
    oidc_client_id: str | None = None


class InternalKeySettings(SettingsGroup):
    """Who may call the internal API, as JSON: caller name -> one key, or two while a key is being rotated."""

    internal_keys: dict[str, list[SecretStr]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_or_two_keys(self) -> Self:
        for caller, keys in self.internal_keys.items():
            if not 1 <= len(keys) <= 2:
                raise ValueError(
                    f"internal_keys[{caller!r}] needs one key, or two during a rotation; it has {len(keys)}"
                )
            if any(not key.get_secret_value() for key in keys):
                raise ValueError(f"internal_keys[{caller!r}] has an empty key")
        return self


def refuse_weak_secrets(settings: BaseModel) -> None:
    """Raises `WeakSecretError` for the first secret that is short, well known or repetitive; of a URL, its password."""
    for name in type(settings).model_fields:
        if name not in NOT_SECRET:
            for secret in _secrets_in(getattr(settings, name)):
                _refuse_if_weak(name, secret.get_secret_value())


def _secrets_in(value: Any) -> Iterator[SecretStr]:
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _secrets_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _secrets_in(item)


def _refuse_if_weak(name: str, value: str) -> None:
    secret = unquote(urlsplit(value).password or "") if "://" in value else value
    problem = _weakness(secret)
    if problem:
        raise WeakSecretError(
            f"{name}: {problem}. Generate one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )


def _weakness(secret: str) -> str | None:
    if len(secret) < MIN_SECRET_LENGTH:
        return f"the secret has {len(secret)} characters, at least {MIN_SECRET_LENGTH} are needed"
    if any(part in secret.lower() for part in WELL_KNOWN_PARTS):
        return "the secret comes from an example"
    if len(set(secret)) < MIN_DISTINCT_CHARACTERS:
        return "the secret repeats itself"
    return None
