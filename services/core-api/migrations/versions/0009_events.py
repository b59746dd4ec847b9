"""Triggers that wait for events."""

revision = "0009_events"
down_revision = "0008_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
