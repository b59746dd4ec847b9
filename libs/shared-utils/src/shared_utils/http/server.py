"""Uvicorn with the house's options, for processes that serve HTTP beside their main work."""

from collections.abc import Iterator
from contextlib import contextmanager

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


def embedded_server(app: ASGIApp, *, host: str, port: int) -> EmbeddedServer:
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
    )
    return EmbeddedServer(config)
