from alembic import context

from ai_svc.metadata import metadata
from shared_utils.db.migrations import run_env

run_env(context, metadata=metadata, schema="ai")
