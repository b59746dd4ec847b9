"""The rules of the engine in full: missed slots, dependencies with dates and policies, rates of pools, backfills."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_rules"
down_revision = "0003_presence"
branch_labels = None
depends_on = None

SCHEMA = "core"
CATCH_UP = "catch_up IN ('none', 'latest', 'all')"
POLICIES = ("on_failure", "on_skip")
ORIGINS = "origin IN ('schedule', 'manual', 'backfill', 'event', 'webhook')"
ORIGINS_BEFORE = "origin IN ('schedule', 'manual', 'backfill')"
RATE = "(rate_count IS NULL) = (rate_seconds IS NULL) AND rate_count BETWEEN 1 AND 100000 AND rate_seconds BETWEEN 1 AND 86400"
WAITING = "status IN ('PENDING', 'RECOVERY')"
EMPTY_TEXTS = sa.text("'{}'::text[]")


def upgrade() -> None:
    _change_routines()
    _change_dependencies()
    _change_executions()
    op.add_column("pools", sa.Column("rate_count", sa.Integer(), nullable=True), schema=SCHEMA)
    op.add_column("pools", sa.Column("rate_seconds", sa.Integer(), nullable=True), schema=SCHEMA)
    op.create_check_constraint("rate", "pools", RATE, schema=SCHEMA)
    _create_backfills()
    _create_dispatch()


def _rules(table: str) -> None:
    """What a routine says and an execution remembers."""
    columns = (
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False, server_default=EMPTY_TEXTS),
        sa.Column("catch_up", sa.Text(), nullable=False, server_default=sa.text("'latest'")),
        sa.Column("misfire_grace_seconds", sa.Integer(), nullable=True),
        sa.Column("cancel_grace_seconds", sa.Integer(), nullable=False, server_default=sa.text("10")),
    )
    for column in columns:
        op.add_column(table, column, schema=SCHEMA)
    op.create_check_constraint("catch_up", table, CATCH_UP, schema=SCHEMA)


def _change_routines() -> None:
    _rules("routines")
    op.add_column("routines", sa.Column("coalesce", sa.Boolean(), nullable=True), schema=SCHEMA)
    op.add_column("routines", sa.Column("deadline", JSONB(), nullable=True), schema=SCHEMA)
    op.create_index("ix_routines_tags", "routines", ["tags"], schema=SCHEMA, postgresql_using="gin")


def _change_dependencies() -> None:
    table = "routine_dependencies"
    op.add_column(
        table, sa.Column("day_offset", sa.SmallInteger(), nullable=False, server_default=sa.text("0")), schema=SCHEMA
    )
    for name, default in zip(POLICIES, ("wait", "skip"), strict=True):
        op.add_column(
            table, sa.Column(name, sa.Text(), nullable=False, server_default=sa.text(f"'{default}'")), schema=SCHEMA
        )
        op.create_check_constraint(name, table, f"{name} IN ('wait', 'skip', 'run')", schema=SCHEMA)
    op.create_check_constraint("day_offset", table, "day_offset BETWEEN -30 AND 0", schema=SCHEMA)


def _change_executions() -> None:
    table = "executions"
    _rules(table)
    columns = (
        sa.Column("coalesce", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("upstream_dates", sa.ARRAY(sa.Date()), nullable=False, server_default=sa.text("'{}'::date[]")),
        sa.Column("upstream_rules", sa.ARRAY(sa.Text()), nullable=False, server_default=EMPTY_TEXTS),
        sa.Column("backfill_id", sa.Uuid(), nullable=True),
        sa.Column("cause", JSONB(), nullable=True),
        sa.Column("reason_context", JSONB(), nullable=True),
        sa.Column("parked_on", sa.Text(), nullable=True),
    )
    for column in columns:
        op.add_column(table, column, schema=SCHEMA)
    # What waits from before: every edge means the same date, waits for what failed and skips what was skipped.
    op.execute(
        "UPDATE core.executions SET upstream_dates = array_fill(business_date, ARRAY[cardinality(depends_on)]), "
        "upstream_rules = array_fill('wait skip'::text, ARRAY[cardinality(depends_on)]) WHERE depends_on <> '{}'"
    )
    op.create_index(
        "ix_executions_backfill",
        table,
        ["backfill_id", "status"],
        schema=SCHEMA,
        postgresql_where=sa.text("backfill_id IS NOT NULL"),
    )
    op.drop_index("ix_executions_ready", table_name=table, schema=SCHEMA)
    _index_ready(WAITING + " AND parked_on IS NULL")
    op.create_index(
        "ix_executions_parked",
        table,
        ["parked_on"],
        schema=SCHEMA,
        postgresql_where=sa.text(WAITING + " AND parked_on IS NOT NULL"),
    )
    # What a claim looks for, in the order of E4.
    op.create_index(
        "ix_executions_queued",
        table,
        ["priority", "slot", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'QUEUED'"),
    )
    op.drop_constraint("origin", table, schema=SCHEMA, type_="check")
    op.create_check_constraint("origin", table, ORIGINS, schema=SCHEMA)


def _index_ready(where: str) -> None:
    op.create_index(
        "ix_executions_ready",
        "executions",
        ["priority", "slot", "id", "due_at"],
        schema=SCHEMA,
        postgresql_where=sa.text(where),
    )


def _create_backfills() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", sa.Uuid(), server_default=sa.func.uuidv7(), primary_key=True),
        sa.Column("request_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("max_active", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("routine_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("executions", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('ACTIVE', 'PAUSED', 'CANCELLED', 'DONE')", name="status"),
        sa.CheckConstraint("mode IN ('all', 'missing', 'failed')", name="mode"),
        sa.CheckConstraint("max_active BETWEEN 1 AND 1000", name="max_active"),
        sa.CheckConstraint("priority BETWEEN 1 AND 1000", name="priority"),
        sa.CheckConstraint("start_date <= end_date", name="dates"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_backfills_open",
        "backfills",
        ["id"],
        schema=SCHEMA,
        postgresql_where=sa.text("status IN ('ACTIVE', 'PAUSED')"),
    )


def _create_dispatch() -> None:
    op.create_index("ix_routines_paused", "routines", ["id"], schema=SCHEMA, postgresql_where=sa.text("paused"))
    op.create_table(
        "dispatch_state",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), primary_key=True),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("single", name="one_row"),
        schema=SCHEMA,
    )
    op.create_table(
        "dispatch_gaps",
        sa.Column("started_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("started_at < ended_at", name="forwards"),
        schema=SCHEMA,
    )
    op.create_table(
        "pool_starts",
        sa.Column("execution_id", sa.Uuid(), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_pool_starts_pool", "pool_starts", ["pool", "started_at"], schema=SCHEMA)


def downgrade() -> None:
    for name in ("pool_starts", "dispatch_gaps", "dispatch_state"):
        op.drop_table(name, schema=SCHEMA)
    op.drop_index("ix_routines_paused", table_name="routines", schema=SCHEMA)
    op.drop_index("ix_executions_parked", table_name="executions", schema=SCHEMA)
    op.drop_index("ix_executions_ready", table_name="executions", schema=SCHEMA)
    _index_ready(WAITING)
    op.drop_index("ix_executions_queued", table_name="executions", schema=SCHEMA)
    op.drop_table("backfills", schema=SCHEMA)
    op.drop_constraint("rate", "pools", schema=SCHEMA, type_="check")
    op.drop_column("pools", "rate_seconds", schema=SCHEMA)
    op.drop_column("pools", "rate_count", schema=SCHEMA)
    # Runs that the older schema has no word for were started by hand, as far as it can tell.
    op.execute("UPDATE core.executions SET origin = 'manual' WHERE origin IN ('event', 'webhook')")
    op.drop_constraint("origin", "executions", schema=SCHEMA, type_="check")
    op.create_check_constraint("origin", "executions", ORIGINS_BEFORE, schema=SCHEMA)
    op.drop_index("ix_executions_backfill", table_name="executions", schema=SCHEMA)
    for column in (
        "parked_on",
        "reason_context",
        "cause",
        "backfill_id",
        "upstream_rules",
        "upstream_dates",
        "coalesce",
    ):
        op.drop_column("executions", column, schema=SCHEMA)
    for name in (*POLICIES, "day_offset"):
        op.drop_column("routine_dependencies", name, schema=SCHEMA)
    op.drop_index("ix_routines_tags", table_name="routines", schema=SCHEMA)
    op.drop_column("routines", "deadline", schema=SCHEMA)
    op.drop_column("routines", "coalesce", schema=SCHEMA)
    for table in ("executions", "routines"):
        for column in ("cancel_grace_seconds", "misfire_grace_seconds", "catch_up", "tags"):
            op.drop_column(table, column, schema=SCHEMA)
