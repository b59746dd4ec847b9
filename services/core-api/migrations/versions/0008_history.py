"""Years of history."""

revision = "0008_history"
down_revision = "0007_backfills"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
