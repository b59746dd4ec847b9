"""Shapes of what an operator does to executions."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from core_api.inputs import Input, StorableText
from core_api.modules.executions.public import Status

MAX_BULK = 1000


class ActionRequest(Input):
    """Whether routines that wait for this one on the same business date are brought forward with it."""

    with_downstream: bool = True


class RetryRequest(Input):
    """Whether what waits for it, directly or through others, is run again with it.

    `failed` opens what failed, was cancelled, or was skipped for what came before it. `all` also runs again what had
    succeeded, after it and in order, as runs by hand beside the old ones.
    """

    with_downstream: bool = True
    mode: Literal["failed", "all"] = "failed"


class BulkFilter(Input):
    """The executions that a list with the same filter shows."""

    business_date: date | None = None
    status: tuple[Status, ...] = ()
    routine_id: UUID | None = None
    backfill_id: UUID | None = None
    q: Annotated[StorableText, StringConstraints(max_length=100)] | None = None
    tag: Annotated[str, StringConstraints(max_length=60, pattern="^[a-z0-9-]+$")] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any((self.business_date, self.status, self.routine_id, self.backfill_id, self.q, self.tag)):
            raise ValueError("a filter names at least one thing to look for")
        return self


class BulkRequest(Input):
    """One action on many executions, given by `ids` or found by `filter`; at most 1,000 at a time."""

    action: Literal["cancel", "retry", "run_now"] = Field(examples=["retry"])
    ids: tuple[UUID, ...] = Field(default=(), max_length=MAX_BULK)
    filter: BulkFilter | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if bool(self.ids) == (self.filter is not None):
            raise ValueError("give either ids or filter")
        return self


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ChainedRead(Output):
    """An execution that a retry brought with it."""

    execution_id: UUID
    routine_id: UUID
    routine_name: str
    business_date: date
    outcome: Literal["reopened", "runs_again"]


class RetryMeta(Output):
    """What comes with a retry, in the order of the queue."""

    downstream: list[ChainedRead]


class BulkItem(Output):
    """What became of one execution. `status` is the one that it has now; `message` says what to do about a refusal."""

    execution_id: UUID
    routine_name: str | None
    outcome: Literal["done", "refused", "not_found"]
    status: Status | None
    message: str | None


class BulkResult(Output):
    """`more` is true when the filter finds still more: repeat the request for the next 1,000."""

    action: str
    done: int
    refused: int
    more: bool
    items: list[BulkItem]
