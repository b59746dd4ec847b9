"""Shapes of artifacts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ArtifactRead(BaseModel):
    """A file that an attempt left. `sha256` is of its bytes, in hexadecimal."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    name: str
    attempt: int
    content_type: str
    size_bytes: int
    sha256: str
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a worker says of an artifact before it sends its bytes."""

    execution_id: UUID
    attempt: int
    name: str
    worker_id: str
    content_type: str
    size_bytes: int
    sha256: str
