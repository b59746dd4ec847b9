"""Days that no load wrote whole: what was left out of them, and loads that catch up with days gone by."""

import sqlalchemy as sa
from alembic import op

revision = "0007_backfills"
down_revision = "0006_notifications"
branch_labels = None
depends_on = None

SCHEMA = "core"
TRIGGERS = "trigger IN ('schedule', 'startup', 'catch_up', 'manual', 'routine_change', 'seed')"
TRIGGERS_BEFORE = "trigger IN ('schedule', 'startup', 'manual', 'routine_change', 'seed')"


def upgrade() -> None:
    op.drop_constraint("trigger", "daily_loads", schema=SCHEMA, type_="check")
    op.create_check_constraint("trigger", "daily_loads", TRIGGERS, schema=SCHEMA)
    op.add_column(
        "daily_loads",
        sa.Column("unplanned", sa.Integer(), nullable=False, server_default=sa.text("0")),
        schema=SCHEMA,
    )
    op.create_table(
        "unplanned_routines",
        sa.Column("business_date", sa.Date(), primary_key=True),
        sa.Column("routine_id", sa.Uuid(), primary_key=True),
        sa.Column("routine_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("unplanned_routines", schema=SCHEMA)
    op.drop_column("daily_loads", "unplanned", schema=SCHEMA)
    op.drop_constraint("trigger", "daily_loads", schema=SCHEMA, type_="check")
    op.execute("UPDATE core.daily_loads SET trigger = 'startup' WHERE trigger = 'catch_up'")
    op.create_check_constraint("trigger", "daily_loads", TRIGGERS_BEFORE, schema=SCHEMA)
