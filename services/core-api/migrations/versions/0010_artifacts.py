"""Files that runs leave."""

revision = "0010_artifacts"
down_revision = "0009_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
