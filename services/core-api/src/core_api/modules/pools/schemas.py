"""Shapes of pools."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core_api.inputs import Input, LongText

PoolName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class PoolChange(Input):
    """0 slots hold everything in the pool back; what is running goes on."""

    slots: int = Field(ge=0, le=10_000, strict=True, examples=[2])
    description: LongText = ""


class PoolCreate(PoolChange):
    name: PoolName = Field(examples=["b3"])


class PoolRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    slots: int
    description: str
