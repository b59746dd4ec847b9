"""How services call each other: one pooled client per target, with retries where they are safe and a circuit breaker.

Internal endpoints answer the bare model, without the envelope; errors come as the envelope's error.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, Self, overload

import httpx
import tenacity
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from shared_utils.errors import AppError, Unavailable
from shared_utils.http.circuit_breaker import BreakerState, CircuitBreaker
from shared_utils.http.tls import trusted
from shared_utils.logging import correlation_id, get_logger
from shared_utils.observability.tracing import current_traceparent, inject, process_tracer, traced

logger = get_logger(__name__)

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "PUT", "DELETE"})
# What another attempt may cure: the gateway or the service is overloaded or restarting.
RETRYABLE_STATUSES: Final = frozenset({429, 502, 503, 504})
MAX_ATTEMPTS: Final = 4
MAX_RETRY_AFTER_SECONDS: Final = 5.0


class UpstreamUnavailable(Unavailable):
    """Another service that this needs does not answer; try again shortly. `retry_after` is in seconds."""

    code = "UPSTREAM_UNAVAILABLE"


class UpstreamRejected(AppError):
    """Another service refused the request. `upstream_code` is its stable error code."""

    code = "UPSTREAM_REJECTED"

    def __init__(self, status: int, upstream_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.upstream_code = upstream_code


class UpstreamBroken(AppError):
    """Another service answered something that does not match the contract."""

    code = "UPSTREAM_BROKEN"


class _RetryableAnswer(Exception):  # a signal to the retry loop, never seen outside
    def __init__(self, response: httpx.Response) -> None:
        self.response = response


class ServiceClient:
    """A client of one service.

        async with ServiceClient(url, service_name="worker-svc", internal_key=key) as core:
            reply = await core.post("/internal/v1/executions/claim", request, response=ClaimReply, idempotent=False)

    GET, PUT and DELETE are repeated after connection errors, time-outs and 429/502/503/504; POST and PATCH only when
    the caller says that they are `idempotent`. Raises `UpstreamUnavailable`, `UpstreamRejected` or `UpstreamBroken`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        service_name: str,
        internal_key: SecretStr | None,
        timeout: float = 10,
        breaker: CircuitBreaker | None = None,
        max_connections: int = 20,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        headers = {"X-Source-Service": service_name, "Accept": "application/json"}
        if internal_key is not None:
            headers["X-Internal-Key"] = internal_key.get_secret_value()
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 3.0), pool=min(timeout, 5.0)),
            limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
            follow_redirects=False,  # a redirect would carry the key elsewhere
            trust_env=False,  # calls between services never go through a proxy of the environment
            transport=transport,
            verify=trusted(),
        )
        self._breaker = breaker or CircuitBreaker()
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the pool."""
        await self._http.aclose()

    @property
    def breaker_state(self) -> BreakerState:
        return self._breaker.state

    async def get[ResponseT](
        self, path: str, *, response: type[ResponseT], params: Mapping[str, Any] | None = None
    ) -> ResponseT:
        """GET, parsed as `response`."""
        parsed: ResponseT = _parsed(await self._call("GET", path, params=params), response)
        return parsed

    @overload
    async def post(
        self, path: str, json_model: BaseModel | None = None, *, response: None = None, idempotent: bool = False
    ) -> None: ...
    @overload
    async def post[ResponseT](
        self, path: str, json_model: BaseModel | None = None, *, response: type[ResponseT], idempotent: bool = False
    ) -> ResponseT: ...
    async def post(
        self, path: str, json_model: BaseModel | None = None, *, response: Any = None, idempotent: bool = False
    ) -> Any:
        """POST of a model, parsed as `response`. Repeated after failures only when it is `idempotent`."""
        return _parsed(await self._call("POST", path, body=json_model, repeatable=idempotent), response)

    @overload
    async def put(self, path: str, json_model: BaseModel | None = None, *, response: None = None) -> None: ...
    @overload
    async def put[ResponseT](
        self, path: str, json_model: BaseModel | None = None, *, response: type[ResponseT]
    ) -> ResponseT: ...
    async def put(self, path: str, json_model: BaseModel | None = None, *, response: Any = None) -> Any:
        """PUT of a model, parsed as `response`."""
        return _parsed(await self._call("PUT", path, body=json_model), response)

    async def upload(
        self,
        path: str,
        chunks: Callable[[], AsyncIterator[bytes]],
        *,
        headers: Mapping[str, str],
        params: Mapping[str, Any] | None = None,
    ) -> None:
        """PUT of a body that is streamed; sent once, since the caller knows whether to begin it again."""
        try:
            answer = await self._http.put(
                path, content=chunks(), params=params, headers={**_headers(with_body=False), **headers}
            )
        except httpx.TransportError as error:
            raise UpstreamUnavailable(f"PUT {path} got no answer: {type(error).__name__}") from error
        if not answer.is_success:
            raise _error_of(answer, "PUT", path)

    async def delete(self, path: str) -> None:
        """DELETE; the answer's body is ignored."""
        await self._call("DELETE", path)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: BaseModel | None = None,
        params: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
    ) -> httpx.Response:
        may_repeat = method in SAFE_METHODS if repeatable is None else repeatable
        content = body.model_dump_json().encode() if body is not None else None
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(MAX_ATTEMPTS if may_repeat else 1),
            wait=_wait,
            sleep=self._sleep,
            retry=tenacity.retry_if_exception_type((httpx.TransportError, _RetryableAnswer)),
            reraise=True,
        )
        try:
            response: httpx.Response = await retrying(self._send, method, path, content, params)
        except httpx.TransportError as error:
            raise UpstreamUnavailable(f"{method} {path} got no answer: {type(error).__name__}") from error
        except _RetryableAnswer as answer:
            raise _error_of(answer.response, method, path) from None
        if not response.is_success:
            raise _error_of(response, method, path)
        return response

    async def _send(
        self, method: str, path: str, content: bytes | None, params: Mapping[str, Any] | None
    ) -> httpx.Response:
        if not self._breaker.allow():
            raise UpstreamUnavailable(f"{method} {path} was not sent: the service failed too often just now")
        try:
            response = await self._exchange(method, path, content, params)
        except httpx.TransportError:
            self._breaker.failure()
            raise
        except asyncio.CancelledError:
            self._breaker.abandon()
            raise
        # Only silence counts against the service: an answer, also a 500, shows that it lives, except the overloaded
        # ones.
        if response.status_code in RETRYABLE_STATUSES:
            self._breaker.failure()
            raise _RetryableAnswer(response)
        self._breaker.success()
        return response

    async def _exchange(
        self, method: str, path: str, content: bytes | None, params: Mapping[str, Any] | None
    ) -> httpx.Response:
        """One request; where spans are exported it is one, and the other side's request is below it."""
        if process_tracer() is None:
            headers = _headers(with_body=content is not None)
            return await self._http.request(method, path, content=content, params=params, headers=headers)
        attributes = {"http.request.method": method, "server.address": self._http.base_url.host, "url.path": path}
        parent = current_traceparent()
        with traced(parent, name=method, kind=SpanKind.CLIENT, attributes=attributes):
            headers = _headers(with_body=content is not None)
            response = await self._http.request(method, path, content=content, params=params, headers=headers)
            trace.get_current_span().set_attribute("http.response.status_code", response.status_code)
            return response


def _headers(*, with_body: bool) -> dict[str, str]:
    headers: dict[str, str] = {}
    inject(headers)
    if request_id := correlation_id():
        headers["X-Request-ID"] = request_id
    if with_body:
        headers["Content-Type"] = "application/json"
    return headers


def _parsed(response: httpx.Response, model: Any) -> Any:
    if model is None:
        return None
    try:
        return _adapter(model).validate_json(response.content)
    except ValidationError as error:
        path = response.request.url.path
        raise UpstreamBroken(f"{path} answered something that is not a {getattr(model, '__name__', model)}") from error


@lru_cache(maxsize=256)
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _error_of(response: httpx.Response, method: str, path: str) -> AppError:
    """The typed error of an answer that is no success: 5xx and 429 pass, everything else is our mistake."""
    code, message = _code_and_message(response)
    if response.status_code in RETRYABLE_STATUSES:
        return UpstreamUnavailable(f"{method} {path}: {message}", retry_after=_retry_after(response) or 2)
    return UpstreamRejected(response.status_code, code, f"{method} {path}: {message}")


def _code_and_message(response: httpx.Response) -> tuple[str, str]:
    try:
        body = response.json()
        return str(body["code"]), str(body["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP_{response.status_code}", f"HTTP {response.status_code}"


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return min(float(value), MAX_RETRY_AFTER_SECONDS) if value.isdigit() else None


_backoff = tenacity.wait_exponential(multiplier=0.1, max=2.0) + tenacity.wait_random(0, 0.1)


def _wait(state: tenacity.RetryCallState) -> float:
    """Exponential with jitter, or what the other side asked for."""
    error = state.outcome.exception() if state.outcome else None
    asked = _retry_after(error.response) if isinstance(error, _RetryableAnswer) else None
    return asked if asked is not None else _backoff(state)
