"""What the house's middlewares cost per request over bare FastAPI (bar: 60 us). Not a test: `python measure_middleware.py`.

The applications are called directly, without sockets. What counts is CPU time of the process, in rounds that alternate, and
the fastest round of each, so that whatever else the machine does disturbs both alike.
"""

import asyncio
import logging
import os
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from shared_utils.http.app import build_app
from shared_utils.settings import ServiceSettings

REQUESTS = 2000
ROUNDS = 15
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/thing/7",
    "raw_path": b"/thing/7",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"localhost"), (b"accept", b"application/json"), (b"x-request-id", b"0123456789abcdef")],
    "client": ("127.0.0.1", 50000),
    "server": ("127.0.0.1", 8000),
}


@asynccontextmanager
async def no_lifespan(_app: FastAPI) -> Any:
    yield {}


router = APIRouter()


@router.get("/thing/{number}")
async def thing(number: int) -> dict[str, int]:
    return {"number": number}


def bare() -> FastAPI:
    app = FastAPI()
    app.include_router(router)
    return app


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_message: Any) -> None:
    pass


async def seconds_for(app: FastAPI) -> float:
    started = time.process_time()
    for _ in range(REQUESTS):
        await app(dict(SCOPE, state={}), receive, send)
    return (time.process_time() - started) / REQUESTS


async def main() -> None:
    house = build_app(
        title="measured",
        version="1",
        settings=ServiceSettings(environment="production"),
        lifespan=no_lifespan,
        routers=[("", router)],
    )
    # The log goes where a container's would, but is not waited for.
    stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    logging.getLogger().handlers[:] = [handler]
    applications = {"bare": bare(), "house": house}
    best = dict.fromkeys(applications, float("inf"))
    for _ in range(ROUNDS):
        for name, app in applications.items():
            best[name] = min(best[name], await seconds_for(app))
    stream.close()
    for name, seconds in best.items():
        print(f"{name:6} {seconds * 1e6:7.1f} us per request")
    print(f"the middlewares cost {(best['house'] - best['bare']) * 1e6:.1f} us (bar: 60)")


if __name__ == "__main__":
    asyncio.run(main())
