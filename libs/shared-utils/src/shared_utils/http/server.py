"""Uvicorn with the house's options, for processes that serve HTTP beside their main work."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

# Uvicorn waits for open SSE streams after SIGTERM, without a limit of its own: this must be below the container's
# grace period.
GRACEFUL_SHUTDOWN_SECONDS = 5


class EmbeddedServer(uvicorn.Server):
    """A server that leaves signals to the process that embeds it. Set `should_exit` to stop it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: the process has handlers of its own."""
        yield


def embedded_server(
    app: ASGIApp, *, host: str, port: int, lifespan: Literal["auto", "on", "off"] = "auto"
) -> EmbeddedServer:
    """A server for `await server.serve()`: logs go to the house's handler, and no `Server` header tells its version."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # it stands behind no gateway: a forwarded address would be the client's own word
        date_header=False,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
        lifespan=lifespan,
    )
    return EmbeddedServer(config)


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[None]:
    """For the time of the block `app`, which has no lifespan, is served. Raises when it cannot listen."""
    sockets = [socket.create_server((host, port))]
    server = embedded_server(app, host=host, port=port, lifespan="off")
    task = asyncio.create_task(server.serve(sockets=sockets), name="probes")
    try:
        yield
    finally:
        server.should_exit = True
        await task
        for one in sockets:
            one.close()
