from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Prefix = Annotated[str, Field(max_length=200)]


class SpaceCreate(BaseModel):
    """A model whose vectors shall replace the live ones, once every passage has one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "provider": "openai_compatible",
                "model": "multilingual-e5-small",
                "dimensions": 384,
                "query_prefix": "query: ",
                "passage_prefix": "passage: ",
                "dense_weight": 0.4,
            }
        },
    )

    provider: Literal["local", "openai", "openai_compatible"]
    model: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The provider's name of it. `local` has the one model that the service's settings name."""
    dimensions: Annotated[int, Field(ge=1, le=4000)] | None = None
    """How many numbers a vector has; `local` knows by itself."""
    query_prefix: Prefix = ""
    passage_prefix: Prefix = ""
    dense_weight: Annotated[float, Field(ge=0, le=1)] | None = None
    """How much vectors count beside words, from 0 to 1; by default what suits the provider."""


class SpaceProgress(BaseModel):
    model_config = ConfigDict(frozen=True)

    passages: int
    vectors: int
    missing: int
    unindexed: int
    """Vectors that searches still read one by one."""


class SpaceRead(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    provider: str
    model: str
    dimensions: int
    query_prefix: str
    passage_prefix: str
    dense_weight: float
    state: Literal["building", "live", "retired"]
    created_at: datetime
    live_at: datetime | None
    retired_at: datetime | None
    error_code: str | None
    """Why its vectors are not being made at the moment."""
    progress: SpaceProgress
