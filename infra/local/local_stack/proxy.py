"""Passes a request to a service and its answer back, byte by byte as they come."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from itertools import count
from urllib.parse import urlsplit

import httpcore

from local_stack.asgi import Receive, Scope, Send, refuse
from local_stack.gateway_config import HealthCheck

CONNECT_SECONDS = 2.0
FIRST_BYTE_SECONDS = 60.0
# uvicorn closes an idle connection after 5 s; taking one from the pool just then would lose the request.
IDLE_SECONDS = 4.0
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"trailers",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
    }
)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

logger = logging.getLogger("front_door")

type Origin = tuple[bytes, bytes, int]
"""Scheme, host, port."""


class ClientGoneError(Exception):
    """The client hung up before its request was complete."""


def end_to_end(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Without the headers that concern one connection only, those that `Connection` names included."""
    named = {
        name.strip().lower() for key, value in headers if key.lower() == b"connection" for name in value.split(b",")
    }
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP and name.lower() not in named]


def create_pool() -> httpcore.AsyncConnectionPool:
    """No upper limit: each open event stream holds one connection."""
    return httpcore.AsyncConnectionPool(
        max_connections=None, max_keepalive_connections=64, keepalive_expiry=IDLE_SECONDS
    )


class ServiceProxy:
    """One service with its addresses, used in turn; those that say that they are not ready are left out."""

    def __init__(
        self, name: str, urls: Sequence[str], pool: httpcore.AsyncConnectionPool, check: HealthCheck | None = None
    ) -> None:
        self.name = name
        self.pool = pool
        self.check = check
        self._servers = [_origin(url) for url in urls]
        self._turns = count()
        self._unready: set[Origin] = set()

    def next_origin(self) -> Origin:
        """The next address; any when none is ready, for its own answer says best what is the matter."""
        ready = [server for server in self._servers if server not in self._unready] or self._servers
        return ready[next(self._turns) % len(ready)]

    async def watch(self) -> None:
        """Asks every server again and again whether it is ready. One server alone is asked for by its requests."""
        if self.check is None or len(self._servers) < 2:
            return
        while True:
            await asyncio.gather(*(self._look(server, self.check) for server in self._servers))
            await asyncio.sleep(self.check.interval)

    async def _look(self, server: Origin, check: HealthCheck) -> None:
        scheme, host, port = server
        url = httpcore.URL(scheme=scheme, host=host, port=port, target=check.path.encode("ascii"))
        limits = dict.fromkeys(("connect", "read", "write", "pool"), check.timeout)
        headers = [(b"host", host), (b"connection", b"close")]
        try:
            answer = await self.pool.request("GET", url, headers=headers, extensions={"timeout": limits})
            ready = 200 <= answer.status < 400
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            ready = False
        if ready == (server in self._unready):
            logger.info("%s on %d is %s", self.name, port, "ready" if ready else "not ready")
        if ready:
            self._unready.discard(server)
        else:
            self._unready.add(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body_read = asyncio.Event()
        started = asyncio.Event()
        exchange = asyncio.create_task(self._exchange(scope, _body(receive, body_read), send, body_read, started))
        leaving = asyncio.create_task(_until_disconnect(receive, body_read))
        try:
            await asyncio.wait({exchange, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if exchange.done():
                await exchange
        except httpcore.TimeoutException as error:
            await self._failed(scope, send, started, error, 504, "GATEWAY_TIMEOUT", "did not answer in time")
        except TimeoutError as error:
            await self._failed(scope, send, started, error, 504, "GATEWAY_TIMEOUT", "did not answer in time")
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            await self._failed(scope, send, started, error, 502, "BAD_GATEWAY", "cannot be reached")
        except ClientGoneError:
            logger.debug("client left: %s", scope["path"])
        finally:
            for task in (exchange, leaving):
                task.cancel()
            await asyncio.gather(exchange, leaving, return_exceptions=True)

    async def _exchange(
        self, scope: Scope, body: AsyncIterator[bytes], send: Send, body_read: asyncio.Event, started: asyncio.Event
    ) -> None:
        headers = end_to_end(scope["headers"])
        has_body = any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
        if has_body and not any(name == b"content-length" for name, _ in headers):
            headers.append((b"transfer-encoding", b"chunked"))
        if not has_body:
            body_read.set()
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        repeatable = scope["method"] in _SAFE_METHODS and not has_body
        response = await self._request(
            scope["method"], target, headers, body if has_body else None, repeatable=repeatable
        )
        try:
            # Our own server dates every answer.
            headers = [(name, value) for name, value in end_to_end(response.headers) if name.lower() != b"date"]
            start = {"type": "http.response.start", "status": response.status, "headers": headers}
            started.set()
            await send(start)
            async for chunk in response.aiter_stream():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await response.aclose()

    async def _request(
        self,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: AsyncIterator[bytes] | None,
        *,
        repeatable: bool,
    ) -> httpcore.Response:
        """Once more on a fresh connection when a kept one turned out to be closed and nothing is lost by asking again."""
        for last in (not repeatable, True):
            scheme, host, port = self.next_origin()
            request = httpcore.Request(
                method,
                httpcore.URL(scheme=scheme, host=host, port=port, target=target),
                headers=headers,
                content=body,
                extensions={
                    "timeout": {"connect": CONNECT_SECONDS, "write": FIRST_BYTE_SECONDS, "pool": CONNECT_SECONDS}
                },
            )
            try:
                async with asyncio.timeout(FIRST_BYTE_SECONDS):
                    return await self.pool.handle_async_request(request)
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
                if last:
                    raise
        raise AssertionError("unreachable")

    async def _failed(
        self, scope: Scope, send: Send, started: asyncio.Event, error: Exception, status: int, code: str, what: str
    ) -> None:
        logger.warning("%s %s: %s %s (%r)", scope["method"], scope["path"], self.name, what, error)
        if started.is_set():
            raise error  # the server cuts the connection, so that the client sees an incomplete answer as such
        await refuse(
            scope, send, status=status, code=code, message=f"The service {self.name} {what}. Try again shortly."
        )


async def _body(receive: Receive, read: asyncio.Event) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body", False):
            read.set()
            return


async def _until_disconnect(receive: Receive, body_read: asyncio.Event) -> None:
    """Two readers of one stream would steal from each other: this one starts when the body is complete."""
    await body_read.wait()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return


def _origin(url: str) -> Origin:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not the address of a service: {url}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme.encode("ascii"), parts.hostname.encode("ascii"), port
