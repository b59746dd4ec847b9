"""Files that runs leave, when a run thinks that it will be done, and a list of what ended for one reason."""

import sqlalchemy as sa
from alembic import op

revision = "0010_artifacts"
down_revision = "0009_events"
branch_labels = None
depends_on = None

SCHEMA = "core"
UNWELL = sa.text("status IN ('FAILED', 'CANCELLED', 'SKIPPED')")


def upgrade() -> None:
    # Not partitioned: few runs leave files, and the rows of a month are a range of the key.
    op.create_table(
        "artifacts",
        sa.Column("execution_id", sa.Uuid(), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_executions_reason", "executions", ["reason", "id"], schema=SCHEMA, postgresql_where=UNWELL)
    op.add_column("executions", sa.Column("eta_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("executions", "eta_at", schema=SCHEMA)
    op.drop_index("ix_executions_reason", "executions", schema=SCHEMA)
    op.drop_table("artifacts", schema=SCHEMA)
