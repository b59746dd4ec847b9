"""Embedding spaces and the vectors of chunks: a partition for each space."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ExcludeConstraint

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
INSTANT = sa.DateTime(timezone=True)

# SECURITY DEFINER: the runtime role may ask for a space's table, it may not create tables. Only the number of a space that
# is there goes into the statements; the search path is pinned so that nobody else's objects can stand in for ours.
# The table is made aside and attached, which does not hold up anybody's search. Its HNSW index is there from the start and
# holds settled rows only: no index is ever built over a full table, which would hold up indexing for as long as it takes.
OPEN_SPACE = """
CREATE FUNCTION ai.open_vector_space(space integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ai, extensions, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    size integer := (SELECT dimensions FROM ai.embedding_spaces WHERE id = space);
    partition text := format('chunk_vectors_s%s', space);
BEGIN
    IF size IS NULL THEN
        RAISE EXCEPTION 'there is no embedding space %', space USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('ai.open_vector_space', 0));
    IF to_regclass('ai.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE ai.%I (LIKE ai.chunk_vectors INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE ai.%I ADD CHECK (vector_dims(vector) = %s)', partition, size);
    EXECUTE format(
        'CREATE INDEX %I ON ai.%I USING hnsw ((vector::halfvec(%s)) halfvec_cosine_ops) '
        'WITH (m = 24, ef_construction = 128) WHERE NOT fresh',
        'ix_' || partition || '_hnsw', partition, size);
    EXECUTE format('ALTER TABLE ai.chunk_vectors ATTACH PARTITION ai.%I FOR VALUES IN (%s)', partition, space);
END
$$
"""

CLOSE_SPACE = """
CREATE FUNCTION ai.close_vector_space(space integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ai, extensions, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    partition text := format('chunk_vectors_s%s', space);
BEGIN
    IF EXISTS (SELECT FROM ai.embedding_spaces WHERE id = space AND state = 'live') THEN
        RAISE EXCEPTION 'embedding space % is live', space USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('ai.' || partition) IS NOT NULL THEN
        EXECUTE format('ALTER TABLE ai.chunk_vectors DETACH PARTITION ai.%I', partition);
        EXECUTE format('DROP TABLE ai.%I', partition);
    END IF;
END
$$
"""

# Vectors follow their chunks, whoever deletes those or moves them to other readers: set by set, not row by row.
FORGET = """
CREATE FUNCTION ai.forget_vectors() RETURNS trigger
LANGUAGE plpgsql SET search_path = ai, extensions, pg_temp AS $$
BEGIN
    DELETE FROM ai.chunk_vectors AS kept USING gone WHERE kept.chunk_id = gone.id;
    RETURN NULL;
END
$$
"""
FOLLOW = """
CREATE FUNCTION ai.follow_readers() RETURNS trigger
LANGUAGE plpgsql SET search_path = ai, extensions, pg_temp AS $$
BEGIN
    UPDATE ai.chunk_vectors AS kept SET access_id = moved.access_id
    FROM moved JOIN was USING (id)
    WHERE moved.access_id <> was.access_id AND kept.chunk_id = moved.id;
    RETURN NULL;
END
$$
"""
FORGET_TRIGGER = """
CREATE TRIGGER forget_vectors AFTER DELETE ON ai.chunks REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION ai.forget_vectors()
"""
FOLLOW_TRIGGER = """
CREATE TRIGGER follow_readers AFTER UPDATE ON ai.chunks REFERENCING OLD TABLE AS was NEW TABLE AS moved
FOR EACH STATEMENT EXECUTE FUNCTION ai.follow_readers()
"""


class HalfVec(sa.types.UserDefinedType[str]):
    """pgvector's vector of half-precision numbers, of any size."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "extensions.halfvec"


def upgrade() -> None:
    op.create_table(
        "embedding_spaces",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("preparation", sa.Text(), nullable=False),
        sa.Column("dense_weight", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("live_at", INSTANT, nullable=True),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("filler", sa.Uuid(), nullable=True),
        sa.Column("filler_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_embedding_spaces"),
        sa.CheckConstraint("state IN ('building', 'live', 'retired')", name=op.f("ck_embedding_spaces_state")),
        sa.CheckConstraint("dimensions BETWEEN 1 AND 4000", name=op.f("ck_embedding_spaces_dimensions")),
        sa.CheckConstraint("dense_weight BETWEEN 0 AND 1", name=op.f("ck_embedding_spaces_dense_weight")),
        # Deferrable, so that it is checked when the statement ends that makes one space live and another one retired.
        ExcludeConstraint(
            (sa.column("state"), "="),
            name="only_one_is_live",
            where=sa.text("state = 'live'"),
            using="btree",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        schema="ai",
    )
    op.create_table(
        "chunk_vectors",
        sa.Column("chunk_id", sa.BigInteger(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("access_id", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vector", HalfVec(), nullable=False),
        sa.PrimaryKeyConstraint("chunk_id", "space_id", name="pk_chunk_vectors"),
        schema="ai",
        postgresql_partition_by="LIST (space_id)",
    )
    # Never out of line: an exact search reads every vector of its scope. 4,000 dimensions still fit on a page.
    op.execute("ALTER TABLE ai.chunk_vectors ALTER COLUMN vector SET STORAGE PLAIN")
    op.create_index("ix_chunk_vectors_access_id", "chunk_vectors", ["access_id"], schema="ai")
    op.create_index("ix_chunk_vectors_content_hash", "chunk_vectors", ["content_hash"], schema="ai")
    waiting = sa.text("fresh")
    op.create_index("ix_chunk_vectors_fresh", "chunk_vectors", ["access_id"], schema="ai", postgresql_where=waiting)
    for statement in (OPEN_SPACE, CLOSE_SPACE, FORGET, FOLLOW, FORGET_TRIGGER, FOLLOW_TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    for trigger in ("forget_vectors", "follow_readers"):
        op.execute(sa.text(f"DROP TRIGGER {trigger} ON ai.chunks"))
        op.execute(sa.text(f"DROP FUNCTION ai.{trigger}()"))
    for function in ("open_vector_space", "close_vector_space"):
        op.execute(sa.text(f"DROP FUNCTION ai.{function}(integer)"))
    for table in ("chunk_vectors", "embedding_spaces"):
        op.drop_table(table, schema="ai")
