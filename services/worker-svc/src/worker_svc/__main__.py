"""Process entry: `python -m worker_svc` runs jobs and serves health, metrics and the market API on one loop."""

import asyncio
from types import FrameType

import uvicorn
import uvloop

from worker_svc.main import create_app
from worker_svc.settings import Settings


class Server(uvicorn.Server):
    """Tells the worker to take nothing new in the moment the signal comes, before connections are closed."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        super().handle_exit(sig, frame)


async def serve() -> None:
    """Serve until a signal comes, or the worker breaks."""
    settings = Settings()
    stopping = asyncio.Event()
    config = uvicorn.Config(
        create_app(settings, stopping=stopping),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = Server(config, stopping)

    async def stop_with_the_worker() -> None:
        await stopping.wait()
        server.should_exit = True

    watching = asyncio.create_task(stop_with_the_worker(), name="stop-with-the-worker")
    try:
        await server.serve()
    finally:
        watching.cancel()


def main() -> None:
    """Run on uvloop."""
    uvloop.run(serve())


if __name__ == "__main__":
    main()
