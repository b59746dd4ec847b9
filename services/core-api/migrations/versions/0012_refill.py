"""What waits in backfills gets an index of its own, so that the dispatcher does not pass over it for live work."""

import sqlalchemy as sa
from alembic import op

revision = "0012_refill"
down_revision = "0011_inlined_bucket"
branch_labels = None
depends_on = None

SCHEMA = "core"
ORDER = ["priority", "slot", "id", "due_at"]
LOOKED_AT = "status IN ('PENDING', 'RECOVERY') AND parked_on IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_executions_refill",
        "executions",
        ["backfill_id", *ORDER],
        schema=SCHEMA,
        postgresql_where=sa.text("status IN ('PENDING', 'RECOVERY') AND backfill_id IS NOT NULL"),
    )
    _ready(sa.text(f"{LOOKED_AT} AND backfill_id IS NULL"))


def downgrade() -> None:
    _ready(sa.text(LOOKED_AT))
    op.drop_index("ix_executions_refill", "executions", schema=SCHEMA)


def _ready(where: sa.TextClause) -> None:
    op.drop_index("ix_executions_ready", "executions", schema=SCHEMA)
    op.create_index("ix_executions_ready", "executions", ORDER, schema=SCHEMA, postgresql_where=where)
