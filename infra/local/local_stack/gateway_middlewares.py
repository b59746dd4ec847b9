"""Traefik's middlewares that the gateway files use, as pure ASGI."""

import math
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_stack.asgi import App, Message, Receive, Scope, Send, header, refuse
from local_stack.gateway_config import Middleware, parse_duration

MIN_COMPRESSED_BYTES = 1024
MAX_TRACKED_SOURCES = 65_536
_ALREADY_COMPRESSED = (
    "image/",
    "video/",
    "audio/",
    "font/",
    "application/zip",
    "application/gzip",
    "application/octet-stream",
)


def build_middleware(middleware: Middleware, app: App) -> App:
    """Wraps `app`. The configuration is checked already."""
    return _BUILDERS[middleware.kind](app, middleware.options)


class _Headers:
    """Sets or removes headers. An empty value removes; the security options replace what the service said."""

    def __init__(self, app: App, options: Mapping[str, Any]) -> None:
        self.app = app
        self.request = _lowered(options.get("customRequestHeaders") or {})
        self.response = _security_headers(options) | _lowered(options.get("customResponseHeaders") or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start" and self.response:
                message["headers"] = _changed(message["headers"], self.response)
            await send(message)

        if self.request:
            scope = {**scope, "headers": _changed(scope["headers"], self.request)}
        await self.app(scope, receive, send_changed)


def _lowered(headers: Mapping[str, Any]) -> dict[bytes, bytes]:
    return {name.lower().encode("latin-1"): str(value).encode("latin-1") for name, value in headers.items()}


def _security_headers(options: Mapping[str, Any]) -> dict[bytes, bytes]:
    """HSTS is left out: Traefik sends it over TLS only, and the front door has none."""
    found: dict[bytes, bytes] = {}
    if options.get("contentTypeNosniff"):
        found[b"x-content-type-options"] = b"nosniff"
    if options.get("frameDeny"):
        found[b"x-frame-options"] = b"DENY"
    for option, name in (
        ("referrerPolicy", b"referrer-policy"),
        ("permissionsPolicy", b"permissions-policy"),
        ("contentSecurityPolicy", b"content-security-policy"),
    ):
        if options.get(option):
            found[name] = str(options[option]).encode("latin-1")
    return found


def _changed(headers: list[tuple[bytes, bytes]], changes: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() not in changes]
    return kept + [(name, value) for name, value in changes.items() if value]


@dataclass
class _Bucket:
    tokens: float
    updated: float


class _RateLimit:
    """A token bucket per source address: `burst` at once, `average` per `period` in the long run. average 0 = no limit."""

    def __init__(self, app: App, options: Mapping[str, Any], clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.burst = max(1, int(options.get("burst", 1)))
        self.per_second = int(options.get("average", 0)) / parse_duration(options.get("period", 1))
        self.clock = clock
        self.buckets: dict[str, _Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self.take(scope["client"][0] if scope.get("client") else "")
        if wait <= 0:
            await self.app(scope, receive, send)
            return
        await refuse(
            scope,
            send,
            status=429,
            code="TOO_MANY_REQUESTS",
            message="Too many requests from this address. Wait as long as Retry-After says.",
            headers=[(b"retry-after", str(math.ceil(wait)).encode("ascii"))],
        )

    def take(self, source: str) -> float:
        """Takes a token. Returns 0, or the seconds until there is one."""
        if self.per_second <= 0:
            return 0.0
        now = self.clock()
        bucket = self.buckets.get(source)
        if bucket is None:
            self._forget_idle(now)
            bucket = self.buckets[source] = _Bucket(self.burst, now)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.updated) * self.per_second)
        bucket.updated = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self.per_second

    def _forget_idle(self, now: float) -> None:
        if len(self.buckets) >= MAX_TRACKED_SOURCES:
            full_after = self.burst / self.per_second
            self.buckets = {key: one for key, one in self.buckets.items() if now - one.updated < full_after}


class _BodyTooLargeError(Exception):
    """The body passed the limit while it was read."""


class _BodyLimit:
    """`buffering.maxRequestBodyBytes`: 413 at once when the length is declared, else as soon as the limit is passed."""

    def __init__(self, app: App, options: Mapping[str, Any]) -> None:
        self.app = app
        self.limit = int(options.get("maxRequestBodyBytes", 0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = header(scope, b"content-length")
        if self.limit and declared and declared.isdigit() and int(declared) > self.limit:
            await self._too_large(scope, send)
            return
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body") or b"")
            if self.limit and seen > self.limit:
                raise _BodyTooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _BodyTooLargeError:
            if started:
                raise
            await self._too_large(scope, send)

    async def _too_large(self, scope: Scope, send: Send) -> None:
        message = f"The request body is larger than {self.limit} bytes."
        await refuse(
            scope, send, status=413, code="PAYLOAD_TOO_LARGE", message=message, headers=[(b"connection", b"close")]
        )


class _Compress:
    """gzip for what is worth it, chunk by chunk: a chunk that came is a chunk that leaves."""

    def __init__(self, app: App, options: Mapping[str, Any]) -> None:
        self.app = app
        self.excluded = tuple(str(kind).lower() for kind in options.get("excludedContentTypes") or ())
        self.minimum = int(options.get("minResponseBodyBytes", MIN_COMPRESSED_BYTES))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = header(scope, b"accept-encoding") or ""
        if scope["method"] == "HEAD" or not _accepts_gzip(accepted):
            await self.app(scope, receive, send)
            return
        compressor: Any = None

        async def compressed(message: Message) -> None:
            nonlocal compressor
            if message["type"] == "http.response.start":
                if self._worth_it(message):
                    compressor = zlib.compressobj(5, zlib.DEFLATED, zlib.MAX_WBITS | 16)
                    message["headers"] = _gzip_headers(message["headers"])
            elif compressor is not None and message["type"] == "http.response.body":
                last = not message.get("more_body", False)
                packed = compressor.compress(message.get("body", b""))
                packed += compressor.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
                message["body"] = packed
            await send(message)

        await self.app(scope, receive, compressed)

    def _worth_it(self, message: Message) -> bool:
        headers = {name.lower(): value for name, value in message["headers"]}
        kind = headers.get(b"content-type", b"").decode("latin-1").split(";")[0].strip().lower()
        length = headers.get(b"content-length")
        if message["status"] in {204, 206, 304} or b"content-encoding" in headers or not kind:
            return False
        if kind in self.excluded or kind.startswith(_ALREADY_COMPRESSED):
            return False
        return length is None or int(length) >= self.minimum


def _accepts_gzip(accepted: str) -> bool:
    for wish in accepted.lower().split(","):
        name, _, parameters = wish.strip().partition(";")
        if name.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _gzip_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The length is another one now, and a strong validator of the plain bytes is only a weak one of these."""
    changed = []
    for name, value in headers:
        if name.lower() == b"etag" and not value.startswith(b"W/"):
            changed.append((name, b"W/" + value))
        elif name.lower() != b"content-length":
            changed.append((name, value))
    return [*changed, (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]


_BUILDERS: Mapping[str, Callable[[App, Mapping[str, Any]], App]] = {
    "headers": _Headers,
    "rateLimit": _RateLimit,
    "buffering": _BodyLimit,
    "compress": _Compress,
}
