"""The word index: the terms of each passage, and in how many passages each term is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "postings",
        sa.Column("chunk_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("access_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("terms", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chunk_id", name="pk_postings"),
        sa.ForeignKeyConstraint(["chunk_id"], ["ai.chunks.id"], name="fk_postings_chunk_id_chunks", ondelete="CASCADE"),
        schema="ai",
    )
    # What is written waits in a list that every search reads through until it is sorted into the index: a short one.
    op.create_index(
        "ix_postings_terms",
        "postings",
        ["terms"],
        schema="ai",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "1024"},
    )
    op.create_index("ix_postings_access_id", "postings", ["access_id"], schema="ai")
    op.create_index("ix_postings_document_id", "postings", ["document_id"], schema="ai")
    op.create_table(
        "terms",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("df", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_terms"),
        schema="ai",
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("ix_terms_stem", "terms", ["stem"], schema="ai", postgresql_ops={"stem": "text_pattern_ops"})
    op.create_table(
        "term_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("terms", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("stems", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("deltas", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("chunks", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_term_changes"),
        schema="ai",
    )
    op.create_table(
        "index_totals",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), autoincrement=False, nullable=False),
        sa.Column("chunks", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_totals"),
        sa.CheckConstraint("id = 1", name=op.f("ck_index_totals_one_row")),
        schema="ai",
    )
    op.execute("INSERT INTO ai.index_totals (id, chunks, tokens) VALUES (1, 0, 0)")
    _count_what_goes()


def _count_what_goes() -> None:
    """However postings go, with their passage, their document or alone, the counts of their terms follow."""
    op.execute(
        """
        CREATE FUNCTION ai.postings_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
        BEGIN
            INSERT INTO ai.term_changes (terms, stems, deltas, chunks, tokens)
            SELECT coalesce(array_agg(counted.term ORDER BY counted.term), '{}'), '{}',
                   coalesce(array_agg(-counted.passages ORDER BY counted.term), '{}'),
                   (SELECT -count(*) FROM gone), (SELECT -coalesce(sum(gone.length), 0) FROM gone)
            FROM (
                SELECT one.term, count(*)::integer AS passages
                FROM gone CROSS JOIN LATERAL unnest(gone.terms) AS one(term)
                GROUP BY one.term
            ) AS counted
            HAVING EXISTS (SELECT FROM gone);
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER postings_gone AFTER DELETE ON ai.postings REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION ai.postings_gone()"
    )


def downgrade() -> None:
    for table in ("index_totals", "term_changes", "terms", "postings"):
        op.drop_table(table, schema="ai")
    op.execute("DROP FUNCTION ai.postings_gone()")
