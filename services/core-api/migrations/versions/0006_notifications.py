"""Deadlines, incidents, channels."""

revision = "0006_notifications"
down_revision = "0005_calendars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
