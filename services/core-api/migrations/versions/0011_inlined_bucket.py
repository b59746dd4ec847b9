"""The bucket of a duration as an expression: called as a function, it takes longer than everything else in a statistic."""

from alembic import op

revision = "0011_inlined_bucket"
down_revision = "0010_artifacts"
branch_labels = None
depends_on = None

# PostgreSQL puts a function's expression in place of its call only if the function has no settings of its own and is
# not STRICT beyond its body. What it refers to was looked up when it was made (BEGIN ATOMIC), so no setting is needed.
INLINED = """
CREATE OR REPLACE FUNCTION core.stats_bucket(seconds double precision) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN seconds IS NOT NULL THEN floor(ln(greatest(seconds, 0.001) * 1000) / ln(1.05))::smallint END
"""
CALLED = """
CREATE OR REPLACE FUNCTION core.stats_bucket(seconds double precision) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT floor(ln(greatest(seconds, 0.001) * 1000) / ln(1.05))::smallint
$$
"""


def upgrade() -> None:
    op.execute(INLINED)


def downgrade() -> None:
    op.execute(CALLED)
