"""GET /api/v1/ai/status tells which providers there are, and never a key."""

from typing import Any

import httpx
import pytest

from ai_svc.settings import Settings

URL = "/api/v1/ai/status"
KEY = "a-key-that-must-stay-inside"


async def test_with_no_key_everything_runs_on_local(client: httpx.AsyncClient) -> None:
    answer = await client.get(URL)
    assert answer.status_code == 200
    status = answer.json()["data"]
    assert (status["provider"], status["listening"]) == ("local", True)
    assert [one["name"] for one in status["providers"] if one["configured"]] == ["local"]
    assert status["providers"][-1]["name"] == "local"
    link = {"provider": "local", "model": "extractive", "breaker": "closed", "retry_after_seconds": 0}
    assert (status["chain"], status["tracing"]) == ([link], False)


@pytest.mark.parametrize(
    ("setting", "provider"),
    [
        ({"openai_api_key": KEY}, "openai"),
        ({"openai_compatible_url": "http://models.internal/v1"}, "openai_compatible"),
        ({"anthropic_api_key": KEY}, "anthropic"),
        ({"google_api_key": KEY, "anthropic_api_key": KEY}, "anthropic"),
    ],
)
async def test_a_configured_provider_is_asked_first(
    serve: Any, settings: Settings, streams_redis: Any, setting: dict[str, str], provider: str
) -> None:
    configured = Settings.model_validate(settings.model_dump() | setting)
    async with serve(configured) as client:
        answer = await client.get(URL)
    status = answer.json()["data"]
    assert status["provider"] == status["chain"][0]["provider"] == provider
    assert status["chain"][-1]["provider"] == "local", "the chain ends in local"
    assert KEY not in answer.text
    assert "models.internal" not in answer.text


async def test_without_a_token_it_is_401(client: httpx.AsyncClient) -> None:
    answer = await client.get(URL, headers={"Authorization": ""})
    assert (answer.status_code, answer.json()["status"]) == (401, "error")


def test_an_empty_key_in_the_environment_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql+asyncpg://ai:x@127.0.0.1:1/rotina",
        "STREAMS_URL": "redis://127.0.0.1:1/0",
        "OIDC_ISSUER": "http://127.0.0.1:1",
        "OIDC_AUDIENCE": "rotina-api",
        "OPENAI_API_KEY": "",
        "OPENAI_COMPATIBLE_URL": "",
    }.items():
        monkeypatch.setenv(f"AI_SVC_{name}", value)
    settings = Settings()
    assert (settings.openai_api_key, settings.openai_compatible_url) == (None, None)
