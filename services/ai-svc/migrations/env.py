"""Runs ai-svc's migrations: one at a time behind an advisory lock, with a lock timeout (shared_utils.db.migrations)."""

import re
from typing import Any

from alembic import context

from ai_svc.metadata import metadata
from shared_utils.db.migrations import run_env

PARTITION = re.compile(r"^chunk_vectors_s\d+$")


def without_partitions(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:  # noqa: FBT001  Alembic's signature
    """Partitions come and go at run time (ai.open_vector_space): the models describe their parent."""
    return not (kind == "table" and reflected and name is not None and PARTITION.match(name))


run_env(context, metadata=metadata, schema="ai", include_object=without_partitions)
