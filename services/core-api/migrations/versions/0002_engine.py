"""The engine: the queue and its attempts and logs (partitioned by month), workers, loads, schedulers, outbox and inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, REAL

revision = "0002_engine"
down_revision = "0001_foundation"
branch_labels = None
depends_on = None

SCHEMA = "core"
WAITING = sa.text("status IN ('PENDING', 'RECOVERY')")
ACTIVE = sa.text("status IN ('QUEUED', 'RUNNING')")

# Storage parameters cannot stand on a partitioned table, so each partition gets them. The queue's rows change four times in
# their life: free space on the page keeps renewals of the lease heap-only, and vacuum must not wait for 20 % dead rows.
HOT = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0.05"
STORAGE = {
    "executions": f"fillfactor = 70, {HOT}",
    "attempts": f"fillfactor = 85, {HOT}",
    "execution_logs": "fillfactor = 100",
}

PARTITION_FLOOR = """
CREATE FUNCTION core.partition_floor(month date) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    -- The lowest id of a month: its first instant in UTC, in milliseconds, in the first 48 bits.
    SELECT (lpad(to_hex((extract(epoch FROM month::timestamp AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0')
            || repeat('0', 20))::uuid
$$
"""

# SECURITY DEFINER: the runtime role may ask for months, it may not create tables. The search path is pinned so that nobody
# else's objects can stand in for ours.
ENSURE_PARTITIONS = """
CREATE FUNCTION core.ensure_partitions(from_month date, to_month date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    month date := date_trunc('month', from_month)::date;
    parents constant text[] := ARRAY['executions', 'attempts', 'execution_logs'];
    keys constant text[] := ARRAY['id', 'execution_id', 'execution_id'];
    storage constant text[] := ARRAY[{storage}];
    partition text;
    created integer := 0;
BEGIN
    IF month < DATE '1970-01-01' OR to_month < from_month OR to_month > month + INTERVAL '30 years' THEN
        RAISE EXCEPTION 'months % to % are not a range of at most 30 years after 1970', from_month, to_month
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WHILE month <= to_month LOOP
        FOR n IN 1 .. 3 LOOP
            partition := format('%s_%s', parents[n], to_char(month, '"y"YYYY"m"MM'));
            CONTINUE WHEN to_regclass('core.' || partition) IS NOT NULL;
            -- One at a time; checked again under the lock, since another scheduler may have been faster.
            PERFORM pg_advisory_xact_lock(hashtextextended('core.ensure_partitions', 0));
            CONTINUE WHEN to_regclass('core.' || partition) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE core.%I (LIKE core.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES) WITH (%s)',
                partition, parents[n], storage[n]);
            -- Rows of this month that came before their partition wait in the default one: attaching would refuse them.
            EXECUTE format('LOCK TABLE core.%I IN ACCESS EXCLUSIVE MODE', parents[n] || '_default');
            EXECUTE format(
                'WITH moved AS (DELETE FROM core.%1$I WHERE %2$I >= $1 AND %2$I < $2 RETURNING *) '
                'INSERT INTO core.%3$I SELECT * FROM moved',
                parents[n] || '_default', keys[n], partition)
                USING core.partition_floor(month), core.partition_floor((month + INTERVAL '1 month')::date);
            EXECUTE format('ALTER TABLE core.%I ATTACH PARTITION core.%I FOR VALUES FROM (%L) TO (%L)',
                parents[n], partition, core.partition_floor(month),
                core.partition_floor((month + INTERVAL '1 month')::date));
            created := created + 1;
        END LOOP;
        month := (month + INTERVAL '1 month')::date;
    END LOOP;
    RETURN created;
END
$$
"""


def upgrade() -> None:
    _create_executions()
    _create_attempts()
    _create_partitions()
    _create_workers()
    _create_scheduler_tables()
    _create_daily_loads()
    _create_messaging()


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _int(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    server_default = None if default is None else sa.text(default)
    return sa.Column(name, sa.Integer(), nullable=nullable, server_default=server_default)


def _create_executions() -> None:
    op.create_table(
        "executions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("routine_id", sa.Uuid(), nullable=False),
        _text("routine_name"),
        _text("title"),
        _instant("slot"),
        sa.Column("business_date", sa.Date(), nullable=False),
        _text("origin"),
        sa.Column("run_key", sa.Text(), nullable=False, server_default=sa.text("''")),
        _text("job"),
        sa.Column("params", JSONB(), nullable=False),
        _text("queue"),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        _text("pool", nullable=True),
        _text("concurrency_key", nullable=True),
        _int("max_instances"),
        sa.Column("depends_on", sa.ARRAY(sa.Uuid()), nullable=False, server_default=sa.text("'{}'::uuid[]")),
        _text("status"),
        _instant("due_at"),
        _instant("queued_at", nullable=True),
        _int("sent_count", default="0"),
        _instant("started_at", nullable=True),
        _instant("finished_at", nullable=True),
        _int("attempt", default="0"),
        _int("recoveries", default="0"),
        _int("failures", default="0"),
        _int("max_attempts"),
        _int("max_recoveries"),
        sa.Column("retry", JSONB(), nullable=False),
        _int("timeout_seconds", nullable=True),
        _text("worker_id", nullable=True),
        _instant("lease_until", nullable=True),
        _text("cancel_requested_by", nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("warnings", JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
        sa.Column("error", JSONB(), nullable=True),
        _text("reason", nullable=True),
        sa.Column("progress", REAL(), nullable=True),
        _text("progress_message", nullable=True),
        _text("correlation_id"),
        _text("traceparent", nullable=True),
        _text("requested_by", nullable=True),
        _instant("created_at"),
        _instant("updated_at"),
        sa.CheckConstraint(
            "status IN ('PENDING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'RECOVERY', 'CANCELLED', 'SKIPPED')",
            name="status",
        ),
        sa.CheckConstraint("origin IN ('schedule', 'manual', 'backfill')", name="origin"),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (id)",
    )
    _create_execution_indexes()


def _create_execution_indexes() -> None:
    table = "executions"
    op.create_index(
        "ix_executions_ready", table, ["priority", "slot", "id", "due_at"], schema=SCHEMA, postgresql_where=WAITING
    )
    op.create_index("ix_executions_due", table, ["due_at"], schema=SCHEMA, postgresql_where=WAITING)
    op.create_index("ix_executions_active", table, ["queue", "status"], schema=SCHEMA, postgresql_where=ACTIVE)
    op.create_index("ix_executions_day", table, ["business_date", "slot", "priority", "id"], schema=SCHEMA)
    op.create_index("ix_executions_routine_day", table, ["routine_id", "business_date", "slot"], schema=SCHEMA)


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("execution_id", sa.Uuid(), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True, autoincrement=False),
        _text("worker_id"),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        _text("outcome", nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("error", JSONB(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'LOST', 'HANDED_BACK')", name="outcome"
        ),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (execution_id)",
    )
    op.create_table(
        "execution_logs",
        sa.Column("execution_id", sa.Uuid(), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        _instant("at"),
        _text("level"),
        _text("message"),
        sa.Column("fields", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (execution_id)",
    )


def _create_partitions() -> None:
    storage = ", ".join(f"'{parameters}'" for parameters in STORAGE.values())
    for table, parameters in STORAGE.items():
        op.execute(f"CREATE TABLE core.{table}_default PARTITION OF core.{table} DEFAULT WITH ({parameters})")
    op.execute(PARTITION_FLOOR)
    op.execute(ENSURE_PARTITIONS.replace("{storage}", storage))
    # Default privileges grant EXECUTE to the runtime role and to nobody else.
    op.execute("REVOKE ALL ON FUNCTION core.ensure_partitions(date, date), core.partition_floor(date) FROM PUBLIC")
    op.execute("SELECT core.ensure_partitions((now() - INTERVAL '1 month')::date, (now() + INTERVAL '3 months')::date)")


def _create_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), primary_key=True),
        _text("host"),
        _int("pid"),
        sa.Column("queues", sa.ARRAY(sa.Text()), nullable=False),
        _int("slots"),
        _text("version"),
        sa.Column("draining", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        _instant("registered_at"),
        _instant("last_heartbeat_at"),
        _instant("lease_until"),
        _instant("lost_at", nullable=True),
        schema=SCHEMA,
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), primary_key=True),
        _text("title"),
        _text("description"),
        sa.Column("params_schema", JSONB(), nullable=False),
        sa.Column("light", sa.Boolean(), nullable=False),
        _int("default_timeout_seconds", nullable=True),
        sa.Column("queues", sa.ARRAY(sa.Text()), nullable=False),
        _instant("updated_at"),
        schema=SCHEMA,
    )
    op.create_table(
        "worker_jobs",
        sa.Column("worker_id", sa.Text(), sa.ForeignKey("core.workers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("job", sa.Text(), sa.ForeignKey("core.jobs.name"), primary_key=True, index=True),
        schema=SCHEMA,
    )


def _create_scheduler_tables() -> None:
    op.create_table(
        "scheduler_instances",
        sa.Column("id", sa.Text(), primary_key=True),
        _text("host"),
        _int("pid"),
        _instant("started_at"),
        _instant("last_seen_at"),
        schema=SCHEMA,
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "scheduler_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        _text("level"),
        _text("event"),
        _text("message"),
        sa.Column("fields", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.CheckConstraint("level IN ('INFO', 'WARNING', 'ERROR')", name="level"),
        schema=SCHEMA,
    )
    op.create_index("ix_scheduler_logs_event_id", "scheduler_logs", ["event", "id"], schema=SCHEMA)
    op.create_index("ix_scheduler_logs_at", "scheduler_logs", ["at"], schema=SCHEMA)


def _create_daily_loads() -> None:
    op.create_table(
        "daily_loads",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        _text("trigger"),
        _text("requested_by", nullable=True),
        _instant("started_at"),
        _instant("finished_at"),
        _int("created"),
        _int("already_there"),
        _int("routines"),
        sa.CheckConstraint("trigger IN ('schedule', 'startup', 'manual', 'routine_change', 'seed')", name="trigger"),
        schema=SCHEMA,
    )
    op.create_index("ix_daily_loads_business_date", "daily_loads", ["business_date"], schema=SCHEMA)
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("route", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _text("body_hash"),
        sa.Column("execution_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        _instant("created_at"),
        schema=SCHEMA,
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], schema=SCHEMA)


def _create_messaging() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _text("stream"),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        schema=SCHEMA,
        # Every row is deleted within milliseconds: without frequent vacuum the relay would read through the dead ones.
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), index=True),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in (
        *("inbox", "outbox", "idempotency_keys", "daily_loads", "scheduler_logs", "scheduler_instances"),
        *("worker_jobs", "jobs", "workers", "execution_logs", "attempts", "executions"),
    ):
        # Dropping a partitioned table drops its partitions.
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION core.ensure_partitions(date, date)")
    op.execute("DROP FUNCTION core.partition_floor(date)")
