"""Tasks remember the trace of whoever asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("traceparent", sa.Text(), nullable=True), schema="ai")


def downgrade() -> None:
    op.drop_column("tasks", "traceparent", schema="ai")
