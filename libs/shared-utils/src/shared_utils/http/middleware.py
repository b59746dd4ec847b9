"""Pure ASGI middlewares, outermost first: context, telemetry, security headers, body limit, error boundary.

Each keeps its per-request state in locals. What the stack costs is measured by `tests/http/measure_middleware.py`.
"""

import logging
import random
import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared_utils.errors import TooLarge
from shared_utils.http.errors import render_app_error, render_internal_error
from shared_utils.logging import bind_correlation_id, get_logger, unbind_correlation_id
from shared_utils.observability.metrics import HttpMetrics
from shared_utils.observability.tracing import enter_trace, unbind_traceparent

logger = get_logger(__name__)
access_logger = get_logger("access")

_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
UNMATCHED_ROUTE = "unmatched"
PROBE_PATHS = frozenset({"/health", "/health/ready", "/metrics"})

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class RequestContext:
    """Correlation id and trace context for everything done in the request, and `X-Request-ID` on the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, traceparent = _incoming_ids(scope)
        header = (b"x-request-id", request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        correlation_token = bind_correlation_id(request_id)
        trace_token = enter_trace(traceparent)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            unbind_traceparent(trace_token)
            unbind_correlation_id(correlation_token)


class RequestTelemetry:
    """RED metrics by route template, and one access log line per request (probes are counted, not logged)."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A client that hangs up before the answer starts leaves no status: 499, as nginx writes it.
        status = 499
        started = perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.active += 1
        try:
            await self.app(scope, receive, send_and_note)
        except BaseException:
            status = 500 if status == 499 else status
            raise
        finally:
            self._metrics.active -= 1
            self._finish(scope, status, perf_counter() - started)

    def _finish(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        self._metrics.observe(method=scope["method"], route=route, status=status, seconds=seconds)
        if scope["path"] in PROBE_PATHS:
            return
        client = scope.get("client")
        fields = {
            "method": scope["method"],
            "path": scope["path"],
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
            "client": client[0] if client else None,
        }
        _write_access_line(fields)


class SecurityHeaders:
    """Headers for every answer of an API; `Cache-Control: no-store` unless the route decided otherwise."""

    def __init__(self, app: ASGIApp, relaxed_paths: frozenset[str] = frozenset()) -> None:
        self.app = app
        self._relaxed_paths = relaxed_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._relaxed_paths:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *SECURITY_HEADERS]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Alias:
    """Serves one path prefix by the routes of another. Routes that are included twice cost memory and time twice.

    Stands first: whatever comes after it sees the path that has routes.
    """

    def __init__(self, app: ASGIApp, aliases: Mapping[str, str]) -> None:
        self.app = app
        self._aliases = tuple((f"{alias}/", f"{prefix}/") for alias, prefix in aliases.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(self._meant(scope) if scope["type"] == "http" else scope, receive, send)

    def _meant(self, scope: Scope) -> Scope:
        path = scope["path"]
        for alias, prefix in self._aliases:
            if path.startswith(alias) and not path.startswith(prefix):
                raw = scope.get("raw_path")
                raw_path = raw and prefix.encode() + raw[len(alias) :]
                return {**scope, "path": prefix + path[len(alias) :], "raw_path": raw_path}
        return scope


class BodyLimit:
    """Refuses request bodies past a limit, by their announced length or as soon as too much has arrived.

    `larger` maps path prefixes to limits of their own, for uploads.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self._max_bytes = max_bytes
        self._larger = tuple((larger or {}).items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        if _content_length(scope) > limit:
            await render_app_error(TooLarge())(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit:
                    # FastAPI lets only an HTTPException through from the reading of a body.
                    raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)

    def _limit(self, path: str) -> int:
        for prefix, limit in self._larger:
            if path.startswith(prefix):
                return limit
        return self._max_bytes


class ErrorBoundary:
    """The last resort: logs what nobody handled with its traceback and answers 500 without leaking any of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            logger.exception("unhandled error", extra={"fields": {"method": scope["method"], "path": scope["path"]}})
            if started:
                raise  # half an answer is out: the server must cut the connection so that the client notices
            await render_internal_error()(scope, receive, send)


def _write_access_line(fields: dict[str, Any]) -> None:
    """Like `access_logger.info`, without walking the stack for the caller, which is half of its cost."""
    if access_logger.isEnabledFor(logging.INFO):
        record = access_logger.makeRecord(access_logger.name, logging.INFO, __file__, 0, "request", (), None)
        record.fields = fields
        access_logger.handle(record)


def route_template(scope: Scope) -> str:
    """The path template that matched, with its prefixes, so that metrics have one series per route and not per id."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    template = getattr(context, "path_format", None) or getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) else UNMATCHED_ROUTE


def _incoming_ids(scope: Scope) -> tuple[str, str | None]:
    request_id = traceparent = None
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = value.decode("latin-1")
        elif name == b"traceparent":
            traceparent = value.decode("latin-1")
    if request_id is None or not _REQUEST_ID.match(request_id):
        request_id = f"{random.getrandbits(128):032x}"
    return request_id, traceparent


def _content_length(scope: Mapping[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
