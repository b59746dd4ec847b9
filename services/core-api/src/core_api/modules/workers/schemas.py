"""Shapes of workers and jobs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class JobRead(Output):
    """A job of the catalog. `available` says whether a live worker offers it at the moment."""

    name: str
    title: str
    description: str
    params_schema: dict[str, Any]
    light: bool
    default_timeout_seconds: int | None
    queues: list[str]
    available: bool
    updated_at: datetime


class WorkerRead(Output):
    """A worker; `lost` when it went silent without saying goodbye."""

    id: str
    host: str
    pid: int
    queues: list[str]
    slots: int
    running: int
    version: str
    status: Literal["alive", "draining", "lost"]
    jobs: list[str]
    registered_at: datetime
    last_heartbeat_at: datetime
    lost_at: datetime | None


@dataclass(frozen=True, slots=True)
class LostWorker:
    id: str
    host: str
