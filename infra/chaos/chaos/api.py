"""core-api on the simulated clock: `uvicorn chaos.api:create_app --factory`."""

from fastapi import FastAPI

import core_api.main
from chaos.clock import SharedClock


def create_app() -> FastAPI:
    """The product's application; only its clock is another one."""
    return core_api.main.create_app(clock=SharedClock.of_environment())
