"""Years of history: indexes for its lists, daily numbers that outlive it, months that go; restarts of loops."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB

revision = "0008_history"
down_revision = "0007_backfills"
branch_labels = None
depends_on = None

SCHEMA = "core"
OVER = sa.text("status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')")
UNWELL = sa.text("status IN ('FAILED', 'CANCELLED', 'SKIPPED')")

# SECURITY DEFINER as core.ensure_partitions: the runtime role may let go of a month that is over, it may not drop tables.
# Whoever reads or writes executions waits while the lock is waited for, so that is not long; the next round tries again.
DROP_MONTH = """
CREATE FUNCTION core.drop_month(month date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    first constant date := date_trunc('month', month)::date;
    ending constant text := to_char(first, '"_y"YYYY"m"MM');
    parent name;
    unfinished boolean;
    dropped integer := 0;
BEGIN
    IF first IS NULL OR first > (date_trunc('month', now() AT TIME ZONE 'UTC') - INTERVAL '2 months')::date THEN
        RAISE EXCEPTION 'the month of % has not been over for a month: only history goes', month
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('core.drop_month', 0)) THEN
        RAISE EXCEPTION 'another process is dropping a month' USING ERRCODE = 'lock_not_available';
    END IF;
    -- The parent alone: whoever reads another month by its own name is not waited for.
    LOCK TABLE ONLY core.executions IN ACCESS EXCLUSIVE MODE;
    SELECT EXISTS (
        SELECT 1 FROM core.executions
        WHERE id >= core.partition_floor(first) AND id < core.partition_floor((first + INTERVAL '1 month')::date)
          AND (status IN ('PENDING', 'RECOVERY') OR status IN ('QUEUED', 'RUNNING'))) INTO unfinished;
    IF unfinished THEN
        RAISE EXCEPTION 'executions of % are not finished: the month stays', to_char(first, 'YYYY-MM')
            USING ERRCODE = 'object_in_use';
    END IF;
    -- Whatever is partitioned by the ids of executions: artifacts that a later migration adds go with them.
    FOR parent IN
        SELECT p.relname FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relkind = 'r'
        JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'p'
        WHERE p.relnamespace = 'core'::regnamespace AND c.relname = p.relname || ending
        ORDER BY p.relname = 'executions' DESC, p.relname
    LOOP
        EXECUTE format('ALTER TABLE core.%I DETACH PARTITION core.%I', parent, parent || ending);
        EXECUTE format('DROP TABLE core.%I', parent || ending);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$
"""

# Buckets grow by 5 %, from a millisecond on: a value read from its bucket's middle is right within 2.5 %.
STATS_BUCKET = """
CREATE FUNCTION core.stats_bucket(seconds double precision) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT floor(ln(greatest(seconds, 0.001) * 1000) / ln(1.05))::smallint
$$
"""
STATS_P95 = """
CREATE FUNCTION core.stats_p95(buckets smallint[], counts integer[]) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 0.001 * power(1.05::double precision, min(bucket) + 0.5)
    FROM (SELECT bucket, sum(n) OVER (ORDER BY bucket) AS so_far, sum(n) OVER () AS total
          FROM unnest(buckets, counts) AS u (bucket, n)) AS counted
    WHERE so_far >= 0.95 * total
$$
"""


def upgrade() -> None:
    op.create_index(
        "ix_executions_over", "executions", ["routine_id", "id", "status"], schema=SCHEMA, postgresql_where=OVER
    )
    op.create_index("ix_executions_unwell", "executions", ["id", "status"], schema=SCHEMA, postgresql_where=UNWELL)
    op.create_index("ix_executions_ended", "executions", ["updated_at"], schema=SCHEMA, postgresql_where=OVER)
    op.execute(DROP_MONTH)
    op.execute(STATS_BUCKET)
    op.execute(STATS_P95)
    op.execute(
        "REVOKE ALL ON FUNCTION core.drop_month(date), core.stats_bucket(double precision), "
        "core.stats_p95(smallint[], integer[]) FROM PUBLIC"
    )
    _create_stats()
    _create_restarts()


def _create_stats() -> None:
    def number(name: str) -> sa.Column[object]:
        return sa.Column(name, sa.Integer(), nullable=False)

    def seconds(kind: str) -> list[sa.Column[object]]:
        return [
            number(f"{kind}s"),
            sa.Column(f"{kind}_sum", DOUBLE_PRECISION(), nullable=False),
            sa.Column(f"{kind}_p95", DOUBLE_PRECISION(), nullable=True),
            sa.Column(f"{kind}_buckets", sa.ARRAY(sa.SmallInteger()), nullable=False),
            sa.Column(f"{kind}_counts", sa.ARRAY(sa.Integer()), nullable=False),
        ]

    op.create_table(
        "daily_stats",
        sa.Column("business_date", sa.Date(), primary_key=True),
        sa.Column("routine_id", sa.Uuid(), primary_key=True),
        *(number(name) for name in ("succeeded", "failed", "skipped", "cancelled", "with_warnings", "recoveries")),
        *seconds("duration"),
        *seconds("delay"),
        sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        schema=SCHEMA,
        # Today's rows are written again every minute.
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "ix_daily_stats_routine_id_business_date", "daily_stats", ["routine_id", "business_date"], schema=SCHEMA
    )
    op.create_table(
        "stats_progress",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        schema=SCHEMA,
    )
    # The loop makes the numbers of what is there already, day after day, and then goes on with what comes.
    op.execute(
        "INSERT INTO core.stats_progress SELECT 1, coalesce(min(updated_at), now()) FROM core.executions "
        "WHERE status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')"
    )


def _create_restarts() -> None:
    op.add_column(
        "scheduler_instances",
        sa.Column("loops", JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
        schema=SCHEMA,
    )
    op.create_table(
        "loop_restarts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("scheduler_ids", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("loops", sa.ARRAY(sa.Text()), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_loop_restarts_requested_at", "loop_restarts", ["requested_at"], schema=SCHEMA)
    op.create_table(
        "loop_restart_reports",
        sa.Column(
            "restart_id", sa.Uuid(), sa.ForeignKey("core.loop_restarts.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("scheduler_id", sa.Text(), primary_key=True),
        sa.Column("loops", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("restarted_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("loop_restart_reports", schema=SCHEMA)
    op.drop_table("loop_restarts", schema=SCHEMA)
    op.drop_column("scheduler_instances", "loops", schema=SCHEMA)
    op.drop_table("stats_progress", schema=SCHEMA)
    op.drop_table("daily_stats", schema=SCHEMA)
    op.execute("DROP FUNCTION core.stats_p95(smallint[], integer[])")
    op.execute("DROP FUNCTION core.stats_bucket(double precision)")
    op.execute("DROP FUNCTION core.drop_month(date)")
    for index in ("ended", "unwell", "over"):
        op.drop_index(f"ix_executions_{index}", "executions", schema=SCHEMA)
