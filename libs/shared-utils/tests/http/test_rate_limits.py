"""Limits hold across replicas, follow the verified caller, and never stand in the way when the cache is down."""

import asyncio
import os
import signal
import time
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from limits import parse

from shared_schemas.auth import AuthContext, Role
from shared_schemas.envelope import ApiResponse
from shared_utils.http.envelope import ok
from shared_utils.http.rate_limit import RateLimiter, rate_limit
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.serving import served

LIMIT = parse("3/minute")
router = APIRouter(tags=["limited"])


@router.post("/run", dependencies=[Depends(rate_limit("3/minute", scope="run"))])
async def run() -> ApiResponse[None, None]:
    return ok(None)


@router.post("/other")
async def other(_limit: Annotated[None, Depends(rate_limit("2/minute", scope="other"))]) -> ApiResponse[None, None]:
    return ok(None)


class AnybodysVerifier:
    """Takes the token for the subject: verification has tests of its own."""

    async def verify(self, token: str) -> AuthContext:
        return AuthContext(subject=token, issuer="test", roles=frozenset({Role.OPERATOR}))


@pytest.fixture
async def cache(redis_cache_url):
    async with create_redis(redis_cache_url, name="test") as client:
        await client.flushdb()
        yield redis_cache_url


@pytest.fixture
async def limiter(cache, monkeypatch):
    """Waits for the cache as long as it takes: a machine that stalls for a moment lets no request pass uncounted."""
    monkeypatch.setattr("shared_utils.http.rate_limit.TIMEOUT_SECONDS", 20.0)
    made = RateLimiter(cache)
    yield made
    await made.aclose()


async def allowed(limiter: RateLimiter, subject: str = "ana", scope: str = "run") -> bool:
    return await limiter.hit(LIMIT, scope=scope, subject=subject) is None


async def test_the_limit_holds(limiter):
    assert [await allowed(limiter) for _ in range(5)] == [True, True, True, False, False]


async def test_the_wait_is_told(limiter):
    for _ in range(3):
        await limiter.hit(LIMIT, scope="run", subject="ana")
    wait = await limiter.hit(LIMIT, scope="run", subject="ana")
    assert wait is not None
    assert 1 <= wait <= 60


async def test_callers_and_scopes_are_counted_apart(limiter):
    for _ in range(3):
        assert await allowed(limiter)
    assert await allowed(limiter, subject="bruno")
    assert await allowed(limiter, scope="cancel")
    assert not await allowed(limiter)


async def test_two_replicas_share_the_count(limiter, cache):
    replica = RateLimiter(cache)
    results = [await allowed(one) for one in (limiter, replica, limiter, replica, limiter, replica)]
    await replica.aclose()
    assert results == [True, True, True, False, False, False]


async def test_simultaneous_requests_do_not_slip_through(limiter):
    results = await asyncio.gather(*(allowed(limiter) for _ in range(20)))
    assert results.count(True) == 3


async def test_counts_expire(limiter, cache):
    await limiter.hit(LIMIT, scope="run", subject="ana")
    async with create_redis(cache, name="test") as client:
        keys = [key async for key in client.scan_iter("*")]
        assert keys
        for key in keys:
            assert 0 < await client.ttl(key) <= 120


async def test_without_a_cache_the_process_counts():
    limiter = RateLimiter(None)
    assert [await allowed(limiter) for _ in range(4)] == [True, True, True, False]
    await limiter.aclose()


async def test_a_cache_that_is_down_lets_requests_pass(own_redis):
    limiter = RateLimiter(own_redis.url())
    for _ in range(3):
        assert await allowed(limiter)
    own_redis.kill()
    assert all([await allowed(limiter) for _ in range(10)])
    await limiter.aclose()


async def test_a_cache_that_stalls_costs_one_short_wait(own_redis):
    """A frozen server accepts connections and never answers, as one with a slow command of somebody else would."""
    now = [0.0]
    limiter = RateLimiter(own_redis.url(), monotonic=lambda: now[0])
    assert await allowed(limiter)
    os.kill(own_redis.pid, signal.SIGSTOP)
    started = time.monotonic()
    assert all([await allowed(limiter) for _ in range(50)])
    assert time.monotonic() - started < 1.5
    os.kill(own_redis.pid, signal.SIGCONT)
    now[0] += 2
    assert [await allowed(limiter) for _ in range(4)].count(False) >= 1  # it counts again
    await limiter.aclose()


async def test_over_http(make_app, limiter):
    state = {"oidc": AnybodysVerifier(), "rate_limiter": limiter}
    async with served(make_app(router, state=state)) as client:

        async def post(path: str, subject: str, **headers: str) -> tuple[int, str | None]:
            response = await client.post(path, headers={"Authorization": f"Bearer {subject}"} | headers)
            return response.status_code, response.headers.get("Retry-After")

        for _ in range(3):
            assert await post("/api/v1/run", "ana") == (200, None)
        status, wait = await post("/api/v1/run", "ana", **{"X-Forwarded-For": "6.6.6.6"})
        assert status == 429
        assert wait is not None
        assert 1 <= int(wait) <= 60
        assert (await post("/api/v1/run", "bruno"))[0] == 200
        assert (await post("/api/v1/other", "ana"))[0] == 200
        body = (await client.post("/api/v1/run", headers={"Authorization": "Bearer ana"})).json()
        assert body["code"] == "TOO_MANY_REQUESTS"
        assert (await client.post("/api/v1/run")).status_code == 401


def test_a_limit_that_cannot_be_read_fails_at_import_time():
    with pytest.raises(ValueError, match="many"):
        rate_limit("many per day", scope="x")
