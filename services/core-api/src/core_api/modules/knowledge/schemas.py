"""Sort keys, as they travel in cursors."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict


class RoutineKey(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: UUID


class ErrorKey(BaseModel):
    model_config = ConfigDict(frozen=True)

    finished_at: AwareDatetime
    id: UUID
