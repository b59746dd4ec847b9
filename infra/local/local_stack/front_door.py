"""The one address of the local stack: an ASGI reverse proxy that reads Traefik's dynamic files.

Run: python -m local_stack.front_door --port N, with the addresses of the services in the environment (CORE_API_URL, ...) and
the web app's settings in ROTINA_SPA_CONFIG. A service whose address is `file:///folder` is served as static files.
"""

import argparse
import asyncio
import json
import logging
import os
import posixpath
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import uvicorn

from local_stack.asgi import App, Message, Receive, Scope, Send, refuse
from local_stack.gateway_config import GatewayConfig, GatewayConfigError, HealthCheck, load_gateway_config
from local_stack.gateway_middlewares import build_middleware
from local_stack.gateway_rules import RequestView
from local_stack.proxy import ServiceProxy, create_pool
from local_stack.static_site import StaticSite
from local_stack.tools import GATEWAY_FOLDER
from shared_utils.observability.tracing import is_traceparent, new_traceparent

# What traefik.yml switches off with encodedCharacters: an encoded slash, backslash or NUL.
_REFUSED_ENCODINGS = re.compile(rb"%(?:2f|5c|00)", re.IGNORECASE)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What traefik.yml has removed with aliasHeadersStrategy: servers may read X_Internal_Key and X.Internal.Key as X-Internal-Key.
_ALIAS = re.compile(rb"[^A-Za-z0-9-]")
_FORWARDED = (b"x-forwarded-", b"x-real-ip", b"forwarded")

logger = logging.getLogger("front_door")


class BadPathError(ValueError):
    """The path is refused before any routing."""


def normalise_path(raw: bytes) -> bytes:
    """Traefik's three steps: refuse dangerous encodings, decode unreserved ones, remove `.`, `..` and double slashes."""
    if not raw.startswith(b"/") or b"\\" in raw or _REFUSED_ENCODINGS.search(raw):
        raise BadPathError(raw)

    def decoded(match: re.Match[bytes]) -> bytes:
        byte = int(match[1], 16)
        return bytes([byte]) if byte in _UNRESERVED else match[0].upper()

    path = _PERCENT.sub(decoded, raw)
    clean = posixpath.normpath(path)
    clean = b"/" + clean.lstrip(b"/")
    ends_in_folder = path.endswith((b"/", b"/.", b"/.."))
    return clean + b"/" if ends_in_folder and clean != b"/" else clean


def clean_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Without names that may be read as others, and with forwarding headers that say what is so, not what the client claims."""
    kept = [
        (name, value) for name, value in scope["headers"] if not _ALIAS.search(name) and not name.startswith(_FORWARDED)
    ]
    client = (scope.get("client") or ("", 0))[0].encode("ascii")
    host = next((value for name, value in kept if name == b"host"), b"")
    return [
        *kept,
        (b"x-forwarded-for", client),
        (b"x-real-ip", client),
        (b"x-forwarded-proto", scope["scheme"].encode("ascii")),
        (b"x-forwarded-host", host),
    ]


def trace_of(scope: Scope) -> str:
    """The caller's trace when it names exactly one and that is well-formed, else a new one: every request has one."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"]
    return given[0] if len(given) == 1 and is_traceparent(given[0]) else new_traceparent()


class FrontDoor:
    """Finds the router of each request; the routers' middlewares and services are built once."""

    def __init__(self, config: GatewayConfig, spa_config: Mapping[str, Any]) -> None:
        self.pool = create_pool()
        self.proxies: list[ServiceProxy] = []
        services = {
            name: self._service(name, urls, config.health_checks.get(name), spa_config)
            for name, urls in config.services.items()
        }
        # A middleware that several routers name is one object per router in Traefik too; each counts on its own.
        self.routes = [
            (router, _wrapped(config, router.middlewares, services[router.service])) for router in config.routers
        ]

    def _service(self, name: str, urls: list[str], check: HealthCheck | None, spa_config: Mapping[str, Any]) -> App:
        parts = urlsplit(urls[0])
        if parts.scheme == "file":
            return StaticSite(Path(unquote(parts.path)), spa_config)
        self.proxies.append(ServiceProxy(name, urls, self.pool, check))
        return self.proxies[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            raise RuntimeError(f"not served: {scope['type']}")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        watching = [asyncio.create_task(proxy.watch(), name=f"watch-{proxy.name}") for proxy in self.proxies]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await self.pool.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, trace = time.perf_counter(), 0, trace_of(scope)
        others = [(name, value) for name, value in scope["headers"] if name not in {b"traceparent", b"tracestate"}]
        scope = {**scope, "headers": [*others, (b"traceparent", trace.encode("ascii"))]}

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._route(scope, receive, noted)
        finally:
            # The path only: a query may carry an authorization code.
            taken = (time.perf_counter() - began) * 1000
            logger.info("%s %s %d %.1fms trace=%s", scope["method"], scope["path"], status, taken, trace[3:35])

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            raw = normalise_path(scope["raw_path"])
        except BadPathError:
            await refuse(
                scope, send, status=400, code="BAD_REQUEST", message="The path holds characters that are not accepted."
            )
            return
        scope = {
            **scope,
            "raw_path": raw,
            "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
            "headers": clean_headers(scope),
        }
        app = self.find(scope)
        if app is None:
            await refuse(scope, send, status=404, code="NOT_FOUND", message="There is nothing at this address.")
            return
        await app(scope, receive, send)

    def find(self, scope: Scope) -> App | None:
        """The routed application of a cleaned request; None when no rule takes it."""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        view = RequestView(scope["method"], _host_name(host), scope["path"], scope["headers"])
        return next((app for router, app in self.routes if router.matches(view)), None)


def _host_name(host: str) -> str:
    """Without the port; an IPv6 address keeps its brackets."""
    return host.rsplit(":", 1)[0] if ":" in host and not host.endswith("]") else host


def _wrapped(config: GatewayConfig, names: tuple[str, ...], app: App) -> App:
    for _, middleware in reversed(config.flat_middlewares(names)):
        app = build_middleware(middleware, app)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description="The front door of the local stack.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--config", type=Path, default=GATEWAY_FOLDER / "dynamic")
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        config = load_gateway_config(options.config, os.environ)
    except GatewayConfigError as error:
        raise SystemExit(f"services/gateway: {error}") from error
    app = FrontDoor(config, json.loads(os.environ.get("ROTINA_SPA_CONFIG", "{}")))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
