"""Calendars in full."""

revision = "0005_calendars"
down_revision = "0004_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
