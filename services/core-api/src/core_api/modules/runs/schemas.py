"""Shapes of runs by hand."""

from datetime import date

from pydantic import Field

from core_api.inputs import Input, JsonObject


class RunRequest(Input):
    """A run of a routine by hand. `params` replace the routine's own by name, for this run only."""

    business_date: date | None = None
    params: JsonObject = Field(default_factory=dict)
    with_downstream: bool = False
