"""Runs worker-svc's migrations: one at a time behind an advisory lock, with a lock timeout (shared_utils.db.migrations)."""

from typing import Any

from alembic import context

from shared_utils.db.migrations import run_env
from worker_svc.database import SCHEMA
from worker_svc.metadata import metadata


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:  # noqa: FBT001
    """Partitions of quotes are made by the function ensure_quote_partitions, not by models."""
    return not (kind == "table" and (name or "").startswith("quotes_"))


run_env(context, metadata=metadata, schema=SCHEMA, include_object=include_object)
