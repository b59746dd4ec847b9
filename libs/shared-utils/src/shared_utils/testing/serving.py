"""An application behind a real Uvicorn on a real socket, in the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.types import ASGIApp

from shared_utils.http.server import embedded_server
from shared_utils.testing.ports import free_port
from shared_utils.testing.waiting import until


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running application; its lifespan has started before and ends after."""
    port = free_port()
    server = embedded_server(app, host="127.0.0.1", port=port)
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started or task.done(), what="the server has started")
        if task.done():
            task.result()  # shows why
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
