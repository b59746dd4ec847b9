"""What the house's middlewares cost per request, over the same route on a bare FastAPI application."""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any, Literal

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from bench.report import Measure
from shared_utils.http.app import build_app
from shared_utils.settings import ServiceSettings

ROUNDS = 15
REQUESTS_PER_ROUND = 400
BAR_MICROSECONDS = 60

type App = Callable[..., Any]

SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/ping",
    "raw_path": b"/ping",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"localhost"), (b"accept", b"application/json")],
    "client": ("127.0.0.1", 40000),
    "server": ("127.0.0.1", 8000),
}


async def measure_middleware() -> list[Measure]:
    """Alternates rounds of both applications, so that a slow moment of the machine falls on both; medians of rounds."""
    base, quiet = await _compare(_bare(), _ours("WARNING"))
    chatty_base, chatty = await _compare(_bare(), _ours("INFO"))
    return [
        Measure(
            "middleware stack per request",
            quiet - base,
            "us",
            bar=BAR_MICROSECONDS,
            note=f"bare FastAPI {base:.0f} us, ours {quiet:.0f} us",
        ),
        Measure("the same, writing the access log", chatty - chatty_base, "us", note="one JSON line per request"),
    ]


async def _compare(bare: App, ours: App) -> tuple[float, float]:
    # The log goes to standard output; here it is written to nowhere, which costs the same but for the terminal.
    with _silence():
        for app in (bare, ours):
            await _round(app)
        pairs = [(await _round(bare), await _round(ours)) for _ in range(ROUNDS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


@contextmanager
def _silence() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


async def _round(app: App) -> float:
    """Microseconds of processor time per request: nothing here waits, and a busy machine changes it little."""
    began = time.process_time()
    for _ in range(REQUESTS_PER_ROUND):
        await app({**SCOPE, "headers": list(SCOPE["headers"]), "state": {}}, _receive, _send)
    return (time.process_time() - began) / REQUESTS_PER_ROUND * 1e6


async def _receive() -> MutableMapping[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(_message: MutableMapping[str, Any]) -> None:
    return None


def _router() -> APIRouter:
    router = APIRouter()

    @router.get("/ping", tags=["bench"])
    async def ping() -> dict[str, str]:
        return {"answer": "pong"}

    return router


def _bare() -> FastAPI:
    app = FastAPI()
    app.include_router(_router())
    return app


def _ours(level: Literal["WARNING", "INFO"]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        yield {}

    return build_app(
        title="bench",
        version="0",
        settings=ServiceSettings(environment="test", log_level=level),
        lifespan=lifespan,
        routers=[("", _router())],
        registry=CollectorRegistry(),
    )
