"""Calendars, day groups, pools, routines and the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_foundation"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "core"


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _uuid_key() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.func.uuidv7(), primary_key=True)


def upgrade() -> None:
    _create_calendars()
    _create_day_groups()
    op.create_table(
        "pools",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.CheckConstraint("slots BETWEEN 0 AND 10000", name="slots"),
        schema=SCHEMA,
    )
    _create_routines()
    _create_audit_log()


def _create_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('generated', 'custom', 'every_day')", name="kind"),
        schema=SCHEMA,
    )
    op.create_table(
        "calendar_versions",
        _uuid_key(),
        sa.Column("calendar_code", sa.Text(), sa.ForeignKey("core.calendars.code"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("coverage_start", sa.Date(), nullable=False),
        sa.Column("coverage_end", sa.Date(), nullable=False),
        sa.Column("names", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _now("created_at"),
        sa.UniqueConstraint("calendar_code", "version"),
        schema=SCHEMA,
    )
    op.create_table(
        "calendar_sessions",
        sa.Column(
            "version_id", sa.Uuid(), sa.ForeignKey("core.calendar_versions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        schema=SCHEMA,
    )
    op.create_table(
        "calendar_overrides",
        sa.Column("calendar_code", sa.Text(), sa.ForeignKey("core.calendars.code"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("is_business_day", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        _now("created_at"),
        schema=SCHEMA,
    )


def _create_day_groups() -> None:
    op.create_table(
        "day_groups",
        _uuid_key(),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("calendar_code", sa.Text(), sa.ForeignKey("core.calendars.code"), nullable=False, index=True),
        sa.Column("rule", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        schema=SCHEMA,
    )


def _create_routines() -> None:
    op.create_table(
        "routines",
        _uuid_key(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("trigger", JSONB(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("day_group_id", sa.Uuid(), sa.ForeignKey("core.day_groups.id"), nullable=True, index=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), sa.ForeignKey("core.pools.name"), nullable=True, index=True),
        sa.Column("concurrency_key", sa.Text(), nullable=True),
        sa.Column("max_instances", sa.Integer(), nullable=False),
        sa.Column("retry", JSONB(), nullable=False),
        sa.Column("max_recoveries", sa.Integer(), nullable=False),
        sa.Column("timeout_seconds", sa.Integer(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("loaded_version", sa.Integer(), nullable=True),
        sa.Column("loaded_revision", sa.BigInteger(), nullable=True),
        _now("created_at"),
        _now("updated_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 1000", name="priority"),
        sa.CheckConstraint("max_instances BETWEEN 1 AND 1000", name="max_instances"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_routines_name",
        "routines",
        ["name"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "routine_dependencies",
        sa.Column("routine_id", sa.Uuid(), sa.ForeignKey("core.routines.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("upstream_id", sa.Uuid(), sa.ForeignKey("core.routines.id"), primary_key=True, index=True),
        sa.CheckConstraint("routine_id <> upstream_id", name="not_itself"),
        schema=SCHEMA,
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _now("at"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_log_entity_id", "audit_log", ["entity", "entity_id", "id"], schema=SCHEMA)
    op.create_index("ix_audit_log_actor", "audit_log", ["actor", "id"], schema=SCHEMA)


def downgrade() -> None:
    for table in (
        "audit_log",
        "routine_dependencies",
        "routines",
        "pools",
        "day_groups",
        "calendar_overrides",
        "calendar_sessions",
        "calendar_versions",
        "calendars",
    ):
        op.drop_table(table, schema=SCHEMA)
