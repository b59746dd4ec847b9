"""API processes say that they are there, as schedulers do: a lease counts only while somebody could renew it."""

import sqlalchemy as sa
from alembic import op

revision = "0003_presence"
down_revision = "0002_engine"
branch_labels = None
depends_on = None

SCHEMA = "core"


def upgrade() -> None:
    op.add_column(
        "scheduler_instances",
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'scheduler'")),
        schema=SCHEMA,
    )
    op.create_check_constraint("kind", "scheduler_instances", "kind IN ('scheduler', 'api')", schema=SCHEMA)


def downgrade() -> None:
    op.drop_constraint("kind", "scheduler_instances", schema=SCHEMA, type_="check")
    op.execute("DELETE FROM core.scheduler_instances WHERE kind <> 'scheduler'")
    op.drop_column("scheduler_instances", "kind", schema=SCHEMA)
