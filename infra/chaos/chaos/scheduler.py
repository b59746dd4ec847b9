"""A scheduler on the simulated clock: `python -m chaos.scheduler`."""

import asyncio
import signal

import uvloop

from chaos.clock import SharedClock
from core_api.scheduler import SERVICE, SchedulerSettings, run
from shared_utils.logging import configure_logging


async def main() -> None:
    """The product's scheduler; only its clock is another one."""
    settings = SchedulerSettings()
    configure_logging(service=SERVICE, level=settings.log_level, fmt=settings.log_format)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(settings, stop=stop, clock=SharedClock.of_environment())


if __name__ == "__main__":
    uvloop.run(main())
