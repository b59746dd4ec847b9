"""Documents' texts are stored as they are: compressing one takes longer than writing all of its passages' rows."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # For what is written from now on; no table is rewritten.
    op.execute("ALTER TABLE ai.document_texts ALTER COLUMN text SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE ai.document_texts ALTER COLUMN text SET STORAGE EXTENDED")
