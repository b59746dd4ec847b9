"""Each service's own part of being closed: internal calls need the key in its one header, and paths make no series."""

import random
import string
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from prometheus_client import REGISTRY, CollectorRegistry
from pydantic import SecretStr

import ai_svc.main
import ai_svc.settings
import core_api.main
import core_api.settings
import worker_svc.main
import worker_svc.settings
from shared_utils.http.app import build_app
from shared_utils.http.errors import install_error_handlers
from shared_utils.http.security import InternalCaller, internal_caller
from shared_utils.observability.metrics import metrics_bytes
from shared_utils.security.internal_key import InternalKeyring
from shared_utils.settings import ServiceSettings

KEY = "the-internal-key-of-this-test-0123456789"
_COMMON: dict[str, Any] = {
    "environment": "test",
    "log_level": "ERROR",
    "database_url": SecretStr("postgresql+asyncpg://x:y@127.0.0.1:1/z"),
    "streams_url": SecretStr("redis://127.0.0.1:1/0"),
    "oidc_issuer": "http://127.0.0.1:1",
    "oidc_audience": "rotina-api",
}


def core() -> FastAPI:
    cache = SecretStr("redis://127.0.0.1:1/1")
    return core_api.main.create_app(core_api.settings.Settings(**_COMMON, cache_url=cache))


def ai() -> FastAPI:
    return ai_svc.main.create_app(ai_svc.settings.Settings(**_COMMON))


def worker(tmp: Any) -> FastAPI:
    more = {"core_api_url": "http://127.0.0.1:1", "internal_key": SecretStr(KEY), "storage_dir": tmp}
    return worker_svc.main.create_app(worker_svc.settings.Settings(**_COMMON, **more))


async def answer(app: FastAPI, method: str, path: str, *headers: tuple[bytes, bytes]) -> int:
    """The status, without a server: nothing is opened, since no lifespan runs."""
    statuses: list[int] = []
    body = {"type": "http.request", "body": b"{}", "more_body": False}

    async def receive() -> Any:
        return body

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"test"), (b"content-type", b"application/json"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {"internal_keyring": InternalKeyring({"worker-svc": [SecretStr(KEY)]})},
    }
    await app(scope, receive, send)
    return statuses[0]


def series(registry: CollectorRegistry = REGISTRY) -> int:
    return sum(not line.startswith(b"#") for line in metrics_bytes(registry).splitlines())


@pytest.mark.parametrize("make", [core, ai])
def test_every_internal_route_asks_for_the_key(make: Callable[[], FastAPI]) -> None:
    def calls(dependant: Any) -> set[Any]:
        return {dependant.call}.union(*(calls(one) for one in dependant.dependencies))

    internal = [one for one in iter_route_contexts(make().routes) if (one.path or "").startswith("/internal")]
    assert len(internal) > 3
    assert [one.path for one in internal if internal_caller not in calls(one.dependant)] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"x-internal-key", KEY.encode())], 200),
        ([], 401),
        ([(b"x_internal_key", KEY.encode())], 401),
        ([(b"x.internal.key", KEY.encode())], 401),
        ([(b"authorization", b"Bearer " + KEY.encode())], 401),
        ([(b"cookie", b"X-Internal-Key=" + KEY.encode())], 401),
        ([(b"x-internal-key", b"")], 401),
        ([(b"x-internal-key", b"wrong")], 401),
        ([(b"x-internal-key", KEY.encode() + b" ")], 401),
        ([(b"x-internal-key", KEY.encode()[:-1])], 401),
    ],
)
async def test_the_key_counts_in_its_one_header_only(headers: list[tuple[bytes, bytes]], status: int) -> None:
    app = FastAPI()

    @app.get("/internal/v1/thing")
    async def thing(caller: InternalCaller) -> str:
        return caller.service

    install_error_handlers(app)
    assert await answer(app, "GET", "/internal/v1/thing", *headers) == status


async def some_requests(app: FastAPI, number: int, chance: random.Random) -> None:
    """Paths and methods that nobody knows."""

    def word(letters: str) -> str:
        return "".join(chance.choices(letters, k=chance.randint(3, 20)))

    for _ in range(number):
        prefix = chance.choice(
            ["/", "/api/", "/api/v1/", "/api/v1/routines/x/", "/internal/v1/", "/health/", "/metrics/"]
        )
        method = chance.choice(["GET", "POST", word(string.ascii_uppercase)])
        path = prefix + word(string.ascii_letters + "/%._-")
        assert await answer(app, method, path) in {307, 401, 404, 405}


async def test_unknown_paths_and_words_make_no_series(tmp_path: Any) -> None:
    chance = random.Random(7)
    apps = [core(), ai(), worker(tmp_path)]
    for app in apps:
        await some_requests(app, 100, chance)
    before = series()
    for app in apps:
        await some_requests(app, 200, chance)
    # One status of a route may have come for the first time; a series per path would be hundreds.
    assert series() - before < 40


async def test_ten_thousand_of_them_make_none_either() -> None:
    """On the shell that all services share, which does the counting."""
    registry = CollectorRegistry()

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        yield {}

    settings = ServiceSettings(environment="test", log_level="ERROR")
    app = build_app(title="shell", version="1", settings=settings, lifespan=nothing, routers=[], registry=registry)
    chance = random.Random(7)
    await some_requests(app, 100, chance)
    before = series(registry)
    await some_requests(app, 10_000, chance)
    assert series(registry) == before
