"""Settings of the service for tests that open nothing."""

from typing import Any

from pydantic import SecretStr

from ai_svc.settings import Settings

NEEDED: dict[str, Any] = {
    "database_url": SecretStr("postgresql+asyncpg://ai:x@127.0.0.1:1/rotina"),
    "streams_url": SecretStr("redis://127.0.0.1:1/0"),
    "oidc_issuer": "http://127.0.0.1:1",
    "oidc_audience": "rotina-api",
}


def settings_with(**options: Any) -> Settings:
    return Settings.model_validate(NEEDED | {"environment": "test"} | options)
