"""Shapes of runs by hand."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from core_api.inputs import Input, JsonObject


class RunRequest(Input):
    """A run of a routine by hand. `params` replace the routine's own by name, for this run only; `***` keeps a secret.

    `with_downstream` also runs, after it and in order, what waits for it on that business date, each as a run of its
    own beside the scheduled ones. `dry_run` answers what would be written and what it would wait for, and writes
    nothing: its ids lead nowhere.
    """

    business_date: date | None = None
    params: JsonObject = Field(default_factory=dict)
    with_downstream: StrictBool = False
    dry_run: StrictBool = False


class ChainedRunRead(BaseModel):
    """A run that comes after the one that was asked for."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    execution_id: UUID
    routine_id: UUID
    routine_name: str
    business_date: date


class RunMeta(BaseModel):
    """What comes with a run, in order; and whether all of it was only tried."""

    model_config = ConfigDict(frozen=True)

    dry_run: bool
    downstream: list[ChainedRunRead]
