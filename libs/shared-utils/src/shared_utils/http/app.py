"""The application shell that all services share: `create_app` of a service is a call of `build_app`."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from prometheus_client import REGISTRY, CollectorRegistry
from pydantic.json_schema import models_json_schema
from starlette.middleware import Middleware

from shared_schemas.envelope import ApiError
from shared_utils.http.draining import Drain, Draining
from shared_utils.http.envelope import ERROR_RESPONSES
from shared_utils.http.errors import install_error_handlers
from shared_utils.http.health import ReadinessCheck, health_router
from shared_utils.http.middleware import (
    PROBE_PATHS,
    Alias,
    BodyLimit,
    ErrorBoundary,
    RequestContext,
    RequestTelemetry,
    SecurityHeaders,
)
from shared_utils.logging import configure_logging
from shared_utils.observability.errors import init_sentry
from shared_utils.observability.metrics import METRICS_CONTENT_TYPE, http_metrics, metrics_bytes, tell_build
from shared_utils.observability.tracing import Tracing, close_tracing, open_tracing
from shared_utils.settings import ServiceSettings

DEFAULT_MAX_BODY_BYTES = 1024 * 1024
DOCS_PATHS = frozenset({"/docs", "/docs/oauth2-redirect"})

type Lifespan = Callable[[FastAPI], Any]


def build_app(
    *,
    title: str,
    version: str,
    settings: ServiceSettings,
    lifespan: Lifespan,
    routers: Sequence[tuple[str, APIRouter]],
    readiness: Sequence[ReadinessCheck] = (),
    service: str | None = None,
    description: str = "",
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
    larger_bodies: Mapping[str, int] | None = None,
    aliases: Mapping[str, str] | None = None,
    registry: CollectorRegistry = REGISTRY,
    handles_signals: bool = False,
) -> FastAPI:
    """An application with the house's middlewares, error envelopes, health, metrics and OpenAPI.

    `lifespan` yields the typed state that dependencies read from `request.state` (`engine`, `sessionmaker`, `oidc`,
    ...). `routers` are (prefix, router) pairs; `aliases` are other names of such prefixes (`{"/api": "/api/v1"}`),
    which stay out of the OpenAPI document and need no `larger_bodies` of their own. The state gets `drain`, too; a
    process that handles its signals itself (`handles_signals`) begins it through `app.state.drain`.
    """
    name = service or title.lower().replace(" ", "-")
    configure_logging(service=name, level=settings.log_level, fmt=settings.log_format)
    init_sentry(settings.sentry_dsn, service=name, environment=settings.environment, release=version)
    tell_build(service=name, version=version)
    tracing = open_tracing(
        settings.traces_endpoint,
        headers=settings.traces_headers,
        service=name,
        version=version,
        environment=settings.environment,
    )
    local = settings.environment == "local"
    drain = Drain(settings.draining)
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=_closing(_draining(lifespan, drain, on_signals=not handles_signals), tracing),
        docs_url="/docs" if local else None,
        redoc_url=None,
        responses=ERROR_RESPONSES,
        generate_unique_id_function=operation_id,
        telemetry=_telemetry(tracing),
        middleware=[
            Middleware(Alias, aliases=aliases or {}),
            Middleware(Draining, drain=drain),
            Middleware(RequestContext),
            Middleware(RequestTelemetry, metrics=http_metrics(registry)),
            Middleware(SecurityHeaders, relaxed_paths=DOCS_PATHS if local else frozenset()),
            Middleware(BodyLimit, max_bytes=max_body_bytes, larger=larger_bodies),
            Middleware(ErrorBoundary),
        ],
    )
    app.state.drain = drain
    install_error_handlers(app)
    # Routes are tried in order, so what is asked for most comes first.
    for prefix, router in routers:
        app.include_router(router, prefix=prefix)
    app.include_router(health_router(service=name, version=version, checks=readiness, drain=drain))
    app.include_router(_metrics_router(registry))
    _document_errors(app)
    return app


def _draining(lifespan: Lifespan, drain: Drain, *, on_signals: bool) -> Lifespan:
    """The lifespan with the drain in its state; the order to end reaches the server through it."""

    @asynccontextmanager
    async def with_drain(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with lifespan(app) as state:
            with drain.on_signals() if on_signals else nullcontext():
                yield {**(state or {}), "drain": drain}

    return with_drain


def operation_id(route: APIRoute) -> str:
    """`<tag>_<function>`: the method names of the generated client."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def _closing(lifespan: Lifespan, tracing: Tracing | None) -> Lifespan:
    """The lifespan, after which the spans that wait are sent."""

    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncIterator[Any]:
        try:
            async with lifespan(app) as state:
                yield state
        finally:
            await close_tracing(tracing)

    return closing if tracing is not None else lifespan


def _telemetry(tracing: Tracing | None) -> TelemetryConfig:
    """FastAPI's own spans, where spans are exported; metrics and logs are ours."""
    return {
        "exclude": _is_probe,
        "tracer_provider": tracing.provider if tracing is not None else None,
        "tracing": tracing is not None,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
    }


def _is_probe(scope: Any) -> bool:
    return scope.get("path") in PROBE_PATHS


def _metrics_router(registry: CollectorRegistry) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics", response_class=Response)
    def metrics() -> Response:
        return Response(metrics_bytes(registry), media_type=METRICS_CONTENT_TYPE)

    return router


def _document_errors(app: FastAPI) -> None:
    """Puts `ApiError`, which every error refers to, into the OpenAPI document; FastAPI's own schemas of errors go."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        _, error = models_json_schema([(ApiError, "serialization")], ref_template="#/components/schemas/{model}")
        components = document.setdefault("components", {})
        schemas = error["$defs"] | components.get("schemas", {})
        unused = {"HTTPValidationError", "ValidationError"}
        components["schemas"] = {name: schemas[name] for name in sorted(schemas.keys() - unused)}
        return document

    app.openapi = openapi  # type: ignore[method-assign]
