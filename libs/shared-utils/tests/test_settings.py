import json

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

from shared_utils.settings import (
    CacheSettings,
    DatabaseSettings,
    InternalKeySettings,
    OidcSettings,
    OwnerSettings,
    ServiceSettings,
    StreamsSettings,
    WeakSecretError,
    refuse_weak_secrets,
)

STRONG = "kT9sVw2qZ7xPp4LmN8bRf3GhJ6dYcA1u"


class Settings(ServiceSettings, DatabaseSettings, StreamsSettings, CacheSettings, OidcSettings, InternalKeySettings):
    model_config = SettingsConfigDict(env_prefix="DEMO_", frozen=True, extra="ignore")


@pytest.fixture
def environment(monkeypatch):
    values = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": f"postgresql+asyncpg://core:{STRONG}@db:5432/rotina",
        "STREAMS_URL": f"redis://:{STRONG}@redis:6379/0",
        "CACHE_URL": f"redis://:{STRONG}@cache:6379/0",
        "OIDC_ISSUER": "https://id.rotina.dev",
        "OIDC_AUDIENCE": "rotina-api",
        "INTERNAL_KEYS": json.dumps({"worker-svc": [STRONG, STRONG[::-1]]}),
    }

    def set_all(**changed: str | None) -> None:
        for name, value in (values | changed).items():
            if value is None:
                monkeypatch.delenv(f"DEMO_{name}", raising=False)
            else:
                monkeypatch.setenv(f"DEMO_{name}", value)

    set_all()
    return set_all


def test_settings_come_from_the_environment_with_the_services_prefix(environment, monkeypatch):
    monkeypatch.setenv("DATABASE_POOL_SIZE", "99")
    monkeypatch.setenv("DEMO_DATABASE_MAX_OVERFLOW", "7")
    settings = Settings()
    assert settings.environment == "production"
    assert (settings.database_pool_size, settings.database_max_overflow) == (5, 7)
    assert [key.get_secret_value() for key in settings.internal_keys["worker-svc"]] == [STRONG, STRONG[::-1]]
    assert (settings.log_level, settings.log_format, settings.oidc_roles_provider) == ("INFO", "json", "generic")


def test_they_are_frozen(environment):
    with pytest.raises(ValidationError, match="frozen"):
        Settings().environment = "local"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DATABASE_URL", "postgresql+asyncpg://core:short@db/rotina", "5 characters"),
        ("DATABASE_URL", "postgresql+asyncpg://core@db/rotina", "0 characters"),
        ("STREAMS_URL", "redis://redis:6379/0", "0 characters"),
        ("CACHE_URL", f"redis://:changeme{STRONG}@cache:6379/0", "from an example"),
        ("INTERNAL_KEYS", json.dumps({"worker-svc": [STRONG], "ai-svc": ["x" * 40]}), "repeats itself"),
        ("INTERNAL_KEYS", json.dumps({"ai-svc": ["too-short"]}), "9 characters"),
        ("INTERNAL_KEYS", json.dumps({"ai-svc": ["please-Change-Me-please-change-me-now"]}), "from an example"),
    ],
)
def test_production_refuses_weak_secrets(environment, name, value, problem):
    environment(**{name: value})
    with pytest.raises(ValidationError, match=problem) as caught:
        Settings()
    assert STRONG not in str(caught.value)
    assert name.lower() in str(caught.value)


@pytest.mark.parametrize("where", ["local", "test", "staging"])
def test_elsewhere_they_are_allowed(environment, where):
    environment(ENVIRONMENT=where, DATABASE_URL="postgresql+asyncpg://core:x@db/rotina")
    assert Settings().environment == where


def test_a_password_may_be_percent_encoded(environment):
    environment(DATABASE_URL="postgresql+asyncpg://core:" + "%41%42%43%44%45" * 3 + "@db/rotina")
    with pytest.raises(ValidationError, match="15 characters"):
        Settings()


def test_a_sentry_dsn_is_not_measured(environment):
    environment(SENTRY_DSN="https://abc@sentry.rotina.dev/1")
    assert Settings().sentry_dsn == SecretStr("https://abc@sentry.rotina.dev/1")


@pytest.mark.parametrize("keys", [{"a": []}, {"a": [STRONG] * 3}, {"a": [""]}])
def test_one_or_two_keys_per_caller(environment, keys):
    environment(ENVIRONMENT="local", INTERNAL_KEYS=json.dumps(keys))
    with pytest.raises(ValidationError, match=r"internal_keys\['a'\]"):
        Settings()


def test_a_missing_setting_is_named_and_no_value_is_shown(environment):
    environment(OIDC_ISSUER=None, DATABASE_POOL_SIZE="the-password")
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "oidc_issuer" in str(caught.value)
    assert "the-password" not in str(caught.value)


def test_secrets_are_not_printed(environment):
    assert STRONG not in repr(Settings())


def test_refusing_can_be_asked_for(environment):
    environment(ENVIRONMENT="staging", STREAMS_URL="redis://:x@r/0")
    with pytest.raises(WeakSecretError, match="streams_url"):
        refuse_weak_secrets(Settings())


class Migration(OwnerSettings):
    model_config = SettingsConfigDict(env_prefix="DEMO_", frozen=True, extra="ignore")


@pytest.fixture
def secret_file(tmp_path, monkeypatch):
    """Writes a secret and points `DEMO_<NAME>_FILE` at it."""

    def write(name: str, content: str) -> None:
        path = tmp_path / name.lower()
        path.write_text(content)
        monkeypatch.setenv(f"DEMO_{name}_FILE", str(path))

    return write


def test_a_setting_may_come_from_a_file(environment, secret_file):
    environment(DATABASE_URL=None, INTERNAL_KEYS=None)
    secret_file("DATABASE_URL", f"postgresql+asyncpg://core:{STRONG}@db:5432/rotina\n")
    secret_file("INTERNAL_KEYS", json.dumps({"ai-svc": [STRONG]}) + "\n")
    settings = Settings()
    assert settings.database_url.get_secret_value() == f"postgresql+asyncpg://core:{STRONG}@db:5432/rotina"
    assert settings.internal_keys["ai-svc"][0].get_secret_value() == STRONG


def test_the_variable_wins_over_the_file(environment, secret_file):
    secret_file("CACHE_URL", f"redis://:{STRONG}@elsewhere:6379/0")
    assert "@cache:" in Settings().cache_url.get_secret_value()


def test_a_weak_secret_is_refused_from_a_file_too(environment, secret_file):
    environment(STREAMS_URL=None)
    secret_file("STREAMS_URL", "redis://:change-me-change-me-change-me-change-me@redis:6379/0")
    with pytest.raises(ValidationError, match="streams_url: the secret comes from an example"):
        Settings()


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "No such file"), (b"\n", "is empty"), (b"\xff\xfe", "no UTF-8 text")]
)
def test_a_file_that_gives_nothing_is_named(environment, monkeypatch, tmp_path, content, problem):
    environment(STREAMS_URL=None)
    path = tmp_path / "streams_url"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("DEMO_STREAMS_URL_FILE", str(path))
    with pytest.raises(SettingsError, match=rf"DEMO_STREAMS_URL_FILE: .*{problem}"):
        Settings()


def test_a_setting_whose_own_name_ends_in_file_is_no_secret_file(environment, monkeypatch):
    monkeypatch.setenv("DEMO_B3_CA_FILE", "/nowhere")
    assert Settings().environment == "production"


def test_a_migration_refuses_a_weak_owner_password_in_production(environment, monkeypatch):
    monkeypatch.setenv("DEMO_MIGRATION_DATABASE_URL", "postgresql+asyncpg://core_owner:short@db/rotina")
    with pytest.raises(ValidationError, match="migration_database_url"):
        Migration()
    environment(ENVIRONMENT="local")
    assert Migration().migration_database_url.get_secret_value().startswith("postgresql+asyncpg://core_owner:")
