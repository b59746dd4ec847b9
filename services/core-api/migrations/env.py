"""Runs core-api's migrations: one at a time behind an advisory lock, with a lock timeout (shared_utils.db.migrations)."""

from alembic import context

from core_api.database import SCHEMA
from core_api.metadata import metadata
from shared_utils.db.migrations import run_env

run_env(context, metadata=metadata, schema=SCHEMA)
