"""Process entry: `python -m worker_svc` runs jobs and serves health, metrics and the market API on one loop."""

import asyncio
import signal

import uvloop

from shared_utils.http.server import embedded_server
from worker_svc.main import create_app
from worker_svc.settings import Settings


async def serve() -> None:
    """Serve until a signal comes, or the worker breaks. Ends when runs are finished or handed back."""
    settings = Settings()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    server = embedded_server(create_app(settings, stopping=stopping), host=settings.http_host, port=settings.http_port)

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
