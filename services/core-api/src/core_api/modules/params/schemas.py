"""Shapes of params."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared_utils.security.secret_params import Schema


class JobParams(NamedTuple):
    """Params of a job, with their schema where a worker announced it."""

    job: str
    schema: Schema | None
    params: Mapping[str, Any]
