"""Prompts, their versions and labels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "prompts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("release_version", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("archived_at", AT),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prompts"),
        sa.UniqueConstraint("name", name="uq_prompts_name"),
        schema="ai",
    )
    op.create_table(
        "prompt_versions",
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("variables", JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("origin IN ('release', 'person')", name="origin"),
        sa.ForeignKeyConstraint(["prompt_id"], ["ai.prompts.id"], name="fk_prompt_versions_prompt_id_prompts"),
        sa.PrimaryKeyConstraint("prompt_id", "number", name="pk_prompt_versions"),
        sa.UniqueConstraint("prompt_id", "sha256", name="uq_prompt_versions_prompt_id_sha256"),
        schema="ai",
    )
    op.create_table(
        "prompt_labels",
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("follows_release", sa.Boolean(), nullable=False),
        sa.Column("moved_at", AT, nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prompt_id", "version"],
            ["ai.prompt_versions.prompt_id", "ai.prompt_versions.number"],
            name="fk_prompt_labels_prompt_id_version_prompt_versions",
        ),
        sa.PrimaryKeyConstraint("prompt_id", "label", name="pk_prompt_labels"),
        schema="ai",
    )
    op.create_table(
        "prompt_label_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_version", sa.BigInteger()),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.Column("followed_release", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.BigInteger()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("moved_at", AT, nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('release', 'move', 'rollback')", name="kind"),
        sa.CheckConstraint("(kind = 'rollback') = (undoes IS NOT NULL)", name="undoes"),
        sa.ForeignKeyConstraint(["prompt_id"], ["ai.prompts.id"], name="fk_prompt_label_moves_prompt_id_prompts"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt_label_moves"),
        schema="ai",
    )
    newest = ["prompt_id", "label", sa.text("id DESC")]
    op.create_index("ix_prompt_label_moves_prompt_id_label_id", "prompt_label_moves", newest, schema="ai")
    # What a call was made with can be read for ever; ai.refuse_change comes with the books (0005).
    op.execute(
        "CREATE TRIGGER prompt_versions_stay BEFORE UPDATE OR DELETE ON ai.prompt_versions "
        "FOR EACH ROW EXECUTE FUNCTION ai.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER prompt_label_moves_stay BEFORE UPDATE OR DELETE ON ai.prompt_label_moves "
        "FOR EACH ROW EXECUTE FUNCTION ai.refuse_change()"
    )


def downgrade() -> None:
    for table in ("prompt_label_moves", "prompt_labels", "prompt_versions", "prompts"):
        op.drop_table(table, schema="ai")
