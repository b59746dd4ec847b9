"""Tasks and their items."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, REAL

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("input", JSONB(), nullable=False),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("progress", REAL(), nullable=False),
        sa.Column("items_total", sa.Integer(), nullable=False),
        sa.Column("items_done", sa.Integer(), nullable=False),
        sa.Column("items_failed", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("runner", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("cancel_requested_by", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')", name="ck_tasks_status"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        schema="ai",
    )
    op.create_index(
        "ix_tasks_waiting", "tasks", ["due_at", "id"], schema="ai", postgresql_where=sa.text("status = 'PENDING'")
    )
    op.create_index(
        "ix_tasks_lease", "tasks", ["lease_until"], schema="ai", postgresql_where=sa.text("status = 'RUNNING'")
    )
    op.create_index("ix_tasks_owner", "tasks", ["owner", sa.text("id DESC")], schema="ai")
    op.create_index("ix_tasks_expires_at", "tasks", ["expires_at"], schema="ai")
    op.create_index(
        "uq_tasks_idempotency_key",
        "tasks",
        ["owner", "idempotency_key"],
        unique=True,
        schema="ai",
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_table(
        "task_items",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("input", JSONB(), nullable=False),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint("status IN ('PENDING', 'SUCCEEDED', 'FAILED', 'CANCELLED')", name="ck_task_items_status"),
        sa.ForeignKeyConstraint(["task_id"], ["ai.tasks.id"], name="fk_task_items_task_id_tasks", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", "ordinal", name="pk_task_items"),
        schema="ai",
    )


def downgrade() -> None:
    for table in ("task_items", "tasks"):
        op.drop_table(table, schema="ai")
