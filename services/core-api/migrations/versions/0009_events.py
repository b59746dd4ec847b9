"""Triggers that wait for events: since when a routine does, and the secrets of its webhook."""

import sqlalchemy as sa
from alembic import op

revision = "0009_events"
down_revision = "0008_history"
branch_labels = None
depends_on = None

SCHEMA = "core"


def upgrade() -> None:
    op.add_column(
        "routines",
        sa.Column("trigger_since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_routines_event",
        "routines",
        ["id"],
        schema=SCHEMA,
        postgresql_where=sa.text("trigger ->> 'type' = 'event' AND deleted_at IS NULL"),
    )
    op.create_table(
        "webhook_keys",
        sa.Column("routine_id", sa.Uuid(), sa.ForeignKey("core.routines.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("webhook_keys", schema=SCHEMA)
    op.drop_index("ix_routines_event", table_name="routines", schema=SCHEMA)
    op.drop_column("routines", "trigger_since", schema=SCHEMA)
