"""Health and metrics of a process that serves nothing else: two paths, without the weight of an application."""

import json
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry
from starlette.types import ASGIApp, Receive, Scope, Send

from shared_utils.observability.metrics import METRICS_CONTENT_TYPE, metrics_bytes

_PLAIN: Final = "text/plain; charset=utf-8"


def probe_app(*, service: str, version: str, registry: CollectorRegistry = REGISTRY) -> ASGIApp:
    """`/health` says that the process lives, `/metrics` how it is. Anything else is not there."""
    health = json.dumps({"service": service, "version": version, "status": "ok"}).encode()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "GET":
            await _answer(send, 405, _PLAIN, b"method not allowed")
        elif scope["path"] == "/health":
            await _answer(send, 200, "application/json", health)
        elif scope["path"] == "/metrics":
            await _answer(send, 200, METRICS_CONTENT_TYPE, metrics_bytes(registry))
        else:
            await _answer(send, 404, _PLAIN, b"not found")

    return app


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
