"""Shapes of pools."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core_api.inputs import Input, LongText

PoolName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class PoolChange(Input):
    """0 slots hold everything in the pool back; what is running goes on.

    A rate allows at most `rate_count` starts within any `rate_seconds`; give both, or neither for no rate.
    """

    slots: int = Field(ge=0, le=10_000, strict=True, examples=[2])
    description: LongText = ""
    rate_count: int | None = Field(default=None, ge=1, le=100_000, strict=True, examples=[30])
    rate_seconds: int | None = Field(default=None, ge=1, le=86_400, strict=True, examples=[60])

    @model_validator(mode="after")
    def _whole_rate(self) -> Self:
        if (self.rate_count is None) != (self.rate_seconds is None):
            raise ValueError("a rate needs both rate_count and rate_seconds; leave both out for no rate")
        return self


class PoolCreate(PoolChange):
    name: PoolName = Field(examples=["b3"])


class PoolRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    slots: int
    description: str
    rate_count: int | None
    rate_seconds: int | None
