"""Runs core-api's migrations: one at a time behind an advisory lock, with a lock timeout (shared_utils.db.migrations)."""

import re
from typing import Any

from alembic import context

from core_api.database import SCHEMA
from core_api.metadata import metadata
from shared_utils.db.migrations import run_env

PARTITION = re.compile(r"^(executions|attempts|execution_logs)_(default|y\d{4}m\d{2})$")


def without_partitions(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:  # noqa: FBT001  Alembic's signature
    """Partitions come and go at run time (core.ensure_partitions): the models describe their parents."""
    return not (kind == "table" and reflected and name is not None and PARTITION.match(name))


run_env(context, metadata=metadata, schema=SCHEMA, include_object=without_partitions)
