"""The application as a whole: health, aliases, start-up checks, rate limits."""

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from core_api.lifespan import open_state
from core_api.settings import MigrationSettings, Settings
from shared_utils.messaging.streams import StreamsMayEvict, create_redis
from shared_utils.testing.redis_server import RedisServer


async def test_health_and_readiness(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/health")).status_code == 200
    ready = await anonymous.get("/health/ready")
    assert ready.status_code == 200, ready.text
    assert ready.json()["data"]["checks"] == {"database": "ok", "migrations": "ok", "streams": "ok"}
    assert "http_request" in (await anonymous.get("/metrics")).text


async def test_the_newest_version_has_an_alias(as_viewer: httpx.AsyncClient) -> None:
    versioned, alias = await as_viewer.get("/api/v1/calendars"), await as_viewer.get("/api/calendars")
    assert alias.status_code == 200
    assert alias.json()["data"] == versioned.json()["data"]


async def test_answers_are_in_the_envelope(as_viewer: httpx.AsyncClient) -> None:
    answer = await as_viewer.get("/api/v1/pools", headers={"X-Request-ID": "my-request-id-0001"})
    body = answer.json()
    assert set(body) == {"status", "data", "meta", "errors", "timestamp", "request_id"}
    assert (body["status"], body["meta"], body["errors"]) == ("success", None, None)
    assert body["request_id"] == answer.headers["X-Request-ID"] == "my-request-id-0001"
    missing = await as_viewer.get("/api/v1/no-such-thing")
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")


async def test_the_service_refuses_a_streams_redis_that_may_evict(settings: Settings, own_redis: RedisServer) -> None:
    async with open_state(settings) as state:
        assert state["clock"].now().tzinfo is not None
    changed = settings.model_copy(update={"streams_url": SecretStr(own_redis.url())})
    client = create_redis(own_redis.url(), name="test")
    try:
        await client.config_set("maxmemory-policy", "allkeys-lru")
    finally:
        await client.aclose()
    with pytest.raises(StreamsMayEvict, match="noeviction"):
        async with open_state(changed):
            pytest.fail("the service started")


@pytest.mark.usefixtures("patient_limits")
async def test_writes_are_limited_per_caller(as_admin: httpx.AsyncClient) -> None:
    limited = None
    for _ in range(650):
        answer = await as_admin.put("/api/v1/pools/none", json={"slots": 1})
        if answer.status_code == 429:
            limited = answer
            break
        assert answer.status_code == 404
    assert limited is not None
    assert limited.json()["code"] == "TOO_MANY_REQUESTS"
    assert int(limited.headers["Retry-After"]) >= 1
    assert (await as_admin.get("/api/v1/pools")).status_code == 200, "reading is not limited"


def test_settings_refuse_weak_secrets_in_production(settings: Settings) -> None:
    values = settings.model_dump() | {"environment": "production", "internal_keys": {"worker-svc": ["short"]}}
    with pytest.raises(ValidationError, match=r"short|characters"):
        Settings.model_validate(values)


def test_settings_have_no_default_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "STREAMS_URL", "CACHE_URL", "MIGRATION_DATABASE_URL"):
        monkeypatch.delenv(f"CORE_API_{name}", raising=False)
    with pytest.raises(ValidationError) as refused:
        Settings()
    missing = {error["loc"][0] for error in refused.value.errors()}
    assert {"database_url", "streams_url", "cache_url", "oidc_issuer", "oidc_audience"} <= missing
    with pytest.raises(ValidationError):
        MigrationSettings()
