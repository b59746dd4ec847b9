"""Documents, their chunks, and who may read them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
ZERO = sa.text("0")
EMPTY = sa.text("'{}'")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "access_lists",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("readers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_lists"),
        sa.UniqueConstraint("digest", name="uq_access_lists_digest"),
        sa.CheckConstraint("cardinality(readers) > 0", name=op.f("ck_access_lists_readers")),
        schema="ai",
    )
    op.create_index("ix_access_lists_readers", "access_lists", ["readers"], schema="ai", postgresql_using="gin")
    _create_documents()
    op.create_table(
        "document_originals",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "revision", "part", name="pk_document_originals"),
        _of_a_document("document_originals"),
        schema="ai",
    )
    # Files are mostly compressed already, and PostgreSQL would try at every part.
    op.execute("ALTER TABLE ai.document_originals ALTER COLUMN data SET STORAGE EXTERNAL")
    op.create_table(
        "document_texts",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_document_texts"),
        _of_a_document("document_texts"),
        schema="ai",
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("access_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chunks"),
        sa.UniqueConstraint(
            "document_id", "ordinal", name="uq_chunks_document_id_ordinal", deferrable=True, initially="IMMEDIATE"
        ),
        sa.CheckConstraint("0 <= start_offset AND start_offset < end_offset", name=op.f("ck_chunks_offsets")),
        _of_a_document("chunks"),
        schema="ai",
        postgresql_with={"fillfactor": "90"},
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), server_default=sa.func.uuidv7(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_uri", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("source_config", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("access_id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("chunking", sa.Text(), server_default="heading", nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("recipe", sa.Text(), nullable=True),
        sa.Column("chunk_count", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("indexed_at", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("status", sa.Text(), server_default="INDEXING", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("wanted_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("forced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("due_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=ZERO, nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("owner", "source_kind", "source_key", name="uq_documents_owner_source_kind_source_key"),
        sa.ForeignKeyConstraint(["access_id"], ["ai.access_lists.id"], name="fk_documents_access_id_access_lists"),
        sa.CheckConstraint("status IN ('INDEXING', 'READY', 'FAILED')", name=op.f("ck_documents_status")),
        sa.CheckConstraint(
            "source_kind IN ('upload', 'text', 'folder', 'url', 'api', 'product')",
            name=op.f("ck_documents_source_kind"),
        ),
        schema="ai",
    )
    waiting = sa.text("status = 'INDEXING'")
    op.create_index("ix_documents_due_at", "documents", ["due_at"], schema="ai", postgresql_where=waiting)
    op.create_index("ix_documents_access_id", "documents", ["access_id"], schema="ai")
    op.create_index("ix_documents_collection_id", "documents", ["collection", "id"], schema="ai")
    op.create_index("ix_documents_tags", "documents", ["tags"], schema="ai", postgresql_using="gin")


def _of_a_document(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_document_id_documents"
    return sa.ForeignKeyConstraint(["document_id"], ["ai.documents.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("chunks", "document_texts", "document_originals", "documents", "access_lists"):
        op.drop_table(table, schema="ai")
