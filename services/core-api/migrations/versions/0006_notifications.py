"""Deadlines of groups, incidents, channels and rules, and the messages that tell people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_notifications"
down_revision = "0005_calendars"
branch_labels = None
depends_on = None

SCHEMA = "core"
TEXTS = sa.ARRAY(sa.Text())
UUIDS = sa.ARRAY(sa.Uuid())


def upgrade() -> None:
    _create_deadlines()
    _create_incidents()
    _create_channels()
    _create_deliveries()
    # The watchdog looks for these every few seconds; both hold few rows of any number of executions.
    op.create_index(
        "ix_executions_failed",
        "executions",
        ["finished_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'FAILED'"),
    )
    op.create_index(
        "ix_executions_recovered",
        "executions",
        ["business_date"],
        schema=SCHEMA,
        postgresql_where=sa.text("recoveries >= 2"),
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable, unique=unique)


def _flag(name: str, *, default: bool) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text(str(default).lower()))


def _new_id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), primary_key=True, server_default=sa.func.uuidv7())


def _create_deadlines() -> None:
    op.create_table(
        "group_deadlines",
        _new_id(),
        _text("name", unique=True),
        _text("tag"),
        _text("time"),
        sa.Column("day_offset", sa.Integer(), nullable=False),
        sa.Column("calendar_code", sa.Text(), sa.ForeignKey("core.calendars.code"), nullable=False, index=True),
        _text("time_zone"),
        _flag("enabled", default=True),
        _instant("updated_at"),
        _text("updated_by"),
        sa.CheckConstraint("day_offset BETWEEN 0 AND 10", name="day_offset"),
        schema=SCHEMA,
    )


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("dedup_key", unique=True),
        _text("kind"),
        _text("subject"),
        _text("title"),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("routine_id", sa.Uuid(), nullable=True),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("tags", TEXTS, nullable=False, server_default=sa.text("'{}'::text[]")),
        sa.Column("details", JSONB(), nullable=False),
        _instant("opened_at"),
        _instant("last_seen_at"),
        _instant("last_event_at", nullable=True),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False, server_default=sa.text("1")),
        _instant("resolved_at", nullable=True),
        _text("resolution", nullable=True),
        _instant("acknowledged_at", nullable=True),
        _text("acknowledged_by", nullable=True),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolution"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_incidents_open", "incidents", ["kind"], schema=SCHEMA, postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_index("ix_incidents_routine", "incidents", ["routine_id", "id"], schema=SCHEMA)
    op.create_table(
        "incident_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _incident(index=True),
        _text("change"),
        _instant("at"),
        sa.CheckConstraint("change IN ('OPENED', 'REPEATED', 'RESOLVED')", name="change"),
        schema=SCHEMA,
    )


def _incident(*, index: bool) -> sa.Column[object]:
    key = sa.ForeignKey("core.incidents.id", ondelete="CASCADE")
    return sa.Column("incident_id", sa.Uuid(), key, nullable=False, index=index)


def _channel() -> sa.Column[object]:
    return sa.Column("channel_id", sa.Uuid(), sa.ForeignKey("core.channels.id", ondelete="CASCADE"), nullable=False)


def _create_channels() -> None:
    op.create_table(
        "channels",
        _new_id(),
        _text("name", unique=True),
        _text("kind"),
        sa.Column("config", JSONB(), nullable=False),
        _text("sealed", nullable=True),
        _text("language"),
        _flag("send_resolved", default=True),
        _flag("enabled", default=True),
        _instant("updated_at"),
        _text("updated_by"),
        sa.CheckConstraint("kind IN ('webhook', 'email', 'slack')", name="kind"),
        sa.CheckConstraint("language IN ('pt-BR', 'en')", name="language"),
        schema=SCHEMA,
    )
    op.create_table(
        "notification_rules",
        _new_id(),
        _text("name", unique=True),
        _flag("enabled", default=True),
        _flag("is_default", default=False),
        sa.Column("kinds", TEXTS, nullable=False),
        sa.Column("routine_ids", UUIDS, nullable=False),
        sa.Column("tags", TEXTS, nullable=False),
        sa.Column("channel_ids", UUIDS, nullable=False),
        _instant("updated_at"),
        _text("updated_by"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_notification_rules_default",
        "notification_rules",
        ["is_default"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("is_default"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _channel(),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        _text("what"),
        sa.Column("status", sa.Text(), nullable=False, server_default=sa.text("'PENDING'")),
        _instant("created_at"),
        _instant("send_at"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _instant("lease_until", nullable=True),
        _instant("sent_at", nullable=True),
        _text("last_error", nullable=True),
        sa.CheckConstraint("what IN ('opened', 'resolved', 'digest')", name="what"),
        sa.CheckConstraint("status IN ('PENDING', 'SENT', 'DEAD')", name="status"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_deliveries_pending",
        "deliveries",
        ["send_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    op.create_index("ix_deliveries_channel", "deliveries", ["channel_id", "id"], schema=SCHEMA)
    op.create_table(
        "delivery_items",
        sa.Column("delivery_id", sa.Uuid(), sa.ForeignKey("core.deliveries.id", ondelete="CASCADE"), nullable=False),
        _incident(index=True),
        sa.Column("times", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("delivery_id", "incident_id"),
        schema=SCHEMA,
    )
    op.create_table(
        "notification_threads",
        _channel(),
        _text("thread"),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        _instant("told_at"),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("told", UUIDS, nullable=False),
        sa.Column("held", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("held_incident_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("channel_id", "thread"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_notification_threads_held",
        "notification_threads",
        ["told_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("held > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_executions_recovered", table_name="executions", schema=SCHEMA)
    op.drop_index("ix_executions_failed", table_name="executions", schema=SCHEMA)
    for table in (
        *("notification_threads", "delivery_items", "deliveries"),
        *("notification_rules", "channels"),
        *("incident_changes", "incidents", "group_deadlines"),
    ):
        op.drop_table(table, schema=SCHEMA)
