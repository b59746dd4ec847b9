"""Calendars of one's own, unions and intersections, and corrections that keep their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_calendars"
down_revision = "0004_rules"
branch_labels = None
depends_on = None

SCHEMA = "core"
KINDS_BEFORE = "kind IN ('generated', 'custom', 'every_day')"
KINDS = "kind IN ('generated', 'custom', 'every_day', 'union', 'intersection')"


def upgrade() -> None:
    op.drop_constraint("kind", "calendars", schema=SCHEMA, type_="check")
    op.create_check_constraint("kind", "calendars", KINDS, schema=SCHEMA)
    op.add_column(
        "calendars", sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False), schema=SCHEMA
    )
    op.alter_column("calendar_versions", "coverage_start", nullable=True, schema=SCHEMA)
    op.alter_column("calendar_versions", "coverage_end", nullable=True, schema=SCHEMA)
    op.add_column("calendar_versions", sa.Column("content", JSONB(), nullable=True), schema=SCHEMA)
    op.add_column("calendar_versions", sa.Column("created_by", sa.Text(), nullable=True), schema=SCHEMA)
    op.create_table(
        "calendar_members",
        sa.Column(
            "version_id", sa.Uuid(), sa.ForeignKey("core.calendar_versions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("member_code", sa.Text(), sa.ForeignKey("core.calendars.code"), primary_key=True, index=True),
        schema=SCHEMA,
    )
    _keep_history_of_overrides()


def _keep_history_of_overrides() -> None:
    op.drop_constraint("pk_calendar_overrides", "calendar_overrides", schema=SCHEMA, type_="primary")
    op.add_column(
        "calendar_overrides",
        sa.Column("id", sa.Uuid(), server_default=sa.func.uuidv7(), nullable=False),
        schema=SCHEMA,
    )
    op.create_primary_key("pk_calendar_overrides", "calendar_overrides", ["id"], schema=SCHEMA)
    op.add_column("calendar_overrides", sa.Column("ended_by", sa.Text(), nullable=True), schema=SCHEMA)
    op.add_column("calendar_overrides", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)
    op.create_index(
        "ux_calendar_overrides_current",
        "calendar_overrides",
        ["calendar_code", "day"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_calendar_overrides_calendar_code_day", "calendar_overrides", ["calendar_code", "day"], schema=SCHEMA
    )


def downgrade() -> None:
    op.execute("DELETE FROM core.calendar_overrides WHERE ended_at IS NOT NULL")
    op.drop_index("ix_calendar_overrides_calendar_code_day", "calendar_overrides", schema=SCHEMA)
    op.drop_index("ux_calendar_overrides_current", "calendar_overrides", schema=SCHEMA)
    op.drop_column("calendar_overrides", "ended_at", schema=SCHEMA)
    op.drop_column("calendar_overrides", "ended_by", schema=SCHEMA)
    op.drop_constraint("pk_calendar_overrides", "calendar_overrides", schema=SCHEMA, type_="primary")
    op.drop_column("calendar_overrides", "id", schema=SCHEMA)
    op.create_primary_key("pk_calendar_overrides", "calendar_overrides", ["calendar_code", "day"], schema=SCHEMA)
    op.drop_table("calendar_members", schema=SCHEMA)
    # A combined calendar cannot be told without its members. One that a day group uses stops the downgrade here.
    op.execute(
        "DELETE FROM core.calendar_overrides AS own USING core.calendars AS calendar"
        " WHERE calendar.code = own.calendar_code AND calendar.kind IN ('union', 'intersection')"
    )
    op.execute(
        "DELETE FROM core.calendar_versions AS own USING core.calendars AS calendar"
        " WHERE calendar.code = own.calendar_code AND calendar.kind IN ('union', 'intersection')"
    )
    op.execute("DELETE FROM core.calendars WHERE kind IN ('union', 'intersection')")
    op.drop_column("calendar_versions", "created_by", schema=SCHEMA)
    op.drop_column("calendar_versions", "content", schema=SCHEMA)
    op.alter_column("calendar_versions", "coverage_end", nullable=False, schema=SCHEMA)
    op.alter_column("calendar_versions", "coverage_start", nullable=False, schema=SCHEMA)
    # The groups carry the calendars' part of their revision again, so that none of them seems to have gone back.
    op.execute(
        "UPDATE core.day_groups AS own SET revision = own.revision + calendar.revision"
        " FROM core.calendars AS calendar WHERE calendar.code = own.calendar_code"
    )
    op.drop_column("calendars", "revision", schema=SCHEMA)
    op.drop_constraint("kind", "calendars", schema=SCHEMA, type_="check")
    op.create_check_constraint("kind", "calendars", KINDS_BEFORE, schema=SCHEMA)
