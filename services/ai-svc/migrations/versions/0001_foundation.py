"""Outbox, inbox, and episodes: the notable events that the assistant remembers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        schema="ai",
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
        schema="ai",
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], schema="ai")
    op.create_table(
        "episodes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_service", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("summary", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_episodes"),
        schema="ai",
    )
    newest = [sa.text("occurred_at DESC"), sa.text("event_id DESC")]
    op.create_index("ix_episodes_occurred_at_event_id", "episodes", newest, schema="ai")
    op.create_index("ix_episodes_event_type_occurred_at_event_id", "episodes", ["event_type", *newest], schema="ai")


def downgrade() -> None:
    for table in ("episodes", "inbox", "outbox"):
        op.drop_table(table, schema="ai")
