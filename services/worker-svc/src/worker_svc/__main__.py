"""Process entry: `python -m worker_svc` runs jobs and serves health, metrics and the market API on one loop."""

import asyncio
import signal

import uvloop

from shared_utils.http.server import embedded_server
from shared_utils.messaging.pause import wait_first
from worker_svc.main import create_app
from worker_svc.runtime.linux import adopt_orphans
from worker_svc.settings import Settings

SAME_ORDER_SECONDS = 1.0


async def serve() -> None:
    """Serve until a signal comes, or the worker breaks. Ends when runs are finished or handed back.

    A second signal hands back at once what still runs. Within a second of the first it is taken for the same order: a
    terminal and a supervisor may both pass it on.
    """
    settings = Settings()
    stopping, hurrying = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    first: list[float] = []

    def told_to_stop() -> None:
        if stopping.is_set() and first and loop.time() - first[0] >= SAME_ORDER_SECONDS:
            hurrying.set()
        first.append(loop.time())
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop)
    app = create_app(settings, stopping=stopping, hurrying=hurrying)
    server = embedded_server(app, host=settings.http_host, port=settings.http_port)

    async def stop_with_the_worker() -> None:
        await stopping.wait()
        # The worker takes nothing from now on; its API answers until the gateway knows that it should not ask.
        app.state.drain.begin()
        await wait_first(hurrying, timeout=settings.draining)
        server.should_exit = True

    watching = asyncio.create_task(stop_with_the_worker(), name="stop-with-the-worker")
    try:
        await server.serve()
    finally:
        watching.cancel()


def main() -> None:
    """Run on uvloop. Should the fork server be killed, what its jobs had started comes to this process to be ended."""
    adopt_orphans()
    uvloop.run(serve())


if __name__ == "__main__":
    main()
