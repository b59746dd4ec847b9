"""Releases, quotes and loads of market data, the outbox and the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_market"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "market"

# The runtime role has no DDL, so partitions are made by functions of the owner. A partition is created beside the table and
# then attached, which does not lock readers out; a whole year is copied in between, before there is an index to maintain.
CREATE_PARTITION = """
CREATE FUNCTION market.create_quote_partition(of_year integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  partition_name text := format('quotes_y%s', of_year);
BEGIN
  IF of_year NOT BETWEEN 1986 AND 2100 THEN
    RAISE EXCEPTION 'year % is outside 1986 to 2100', of_year;
  END IF;
  IF to_regclass(format('market.%I', partition_name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('market.create_quote_partition', of_year));
  IF to_regclass(format('market.%I', partition_name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format(
    'CREATE TABLE market.%I (LIKE market.quotes INCLUDING DEFAULTS INCLUDING CONSTRAINTS,'
    ' CONSTRAINT of_year CHECK (trade_date >= %L AND trade_date < %L))',
    partition_name, make_date(of_year, 1, 1), make_date(of_year + 1, 1, 1)
  );
  RETURN true;
END
$$
"""
ATTACH_PARTITION = """
CREATE FUNCTION market.attach_quote_partition(of_year integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '256MB' AS $$
DECLARE
  partition_name text := format('quotes_y%s', of_year);
BEGIN
  EXECUTE format('ALTER TABLE market.%I ADD PRIMARY KEY (trade_date, codneg, tpmerc, prazot)', partition_name);
  EXECUTE format(
    'ALTER TABLE market.quotes ATTACH PARTITION market.%I FOR VALUES FROM (%L) TO (%L)',
    partition_name, make_date(of_year, 1, 1), make_date(of_year + 1, 1, 1)
  );
  EXECUTE format('ALTER TABLE market.%I DROP CONSTRAINT of_year', partition_name);
END
$$
"""
ENSURE_PARTITIONS = """
CREATE FUNCTION market.ensure_quote_partitions(from_year integer, to_year integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  created integer := 0;
BEGIN
  FOR of_year IN from_year .. to_year LOOP
    IF market.create_quote_partition(of_year) THEN
      PERFORM market.attach_quote_partition(of_year);
      created := created + 1;
    END IF;
  END LOOP;
  RETURN created;
END
$$
"""


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _text(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, **options)  # type: ignore[arg-type]


def upgrade() -> None:
    _create_releases()
    _create_quotes()
    _create_loads()
    _create_outbox_and_inbox()


def _create_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("dataset"),
        sa.Column("reference_date", sa.Date(), nullable=False),
        _text("url"),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        _text("sha256"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        _text("storage_path"),
        sa.Column("member_name", sa.Text(), nullable=True),
        _text("outcome"),
        sa.Column("detail", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("records", sa.Integer(), nullable=True),
        _now("seen_at"),
        _now("last_checked_at"),
        sa.UniqueConstraint("dataset", "reference_date", "sha256"),
        sa.CheckConstraint("outcome IN ('got', 'broken')", name="outcome"),
        schema=SCHEMA,
    )


def _price(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(13, 2), nullable=False)


def _create_quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("trade_date", sa.Date(), primary_key=True),
        sa.Column("codneg", sa.Text(), primary_key=True),
        sa.Column("tpmerc", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("prazot", sa.Text(), primary_key=True, server_default=""),
        *(_text(name) for name in ("codbdi", "nomres", "especi", "modref")),
        *(_price(name) for name in ("preabe", "premax", "premin", "premed", "preult", "preofc", "preofv")),
        sa.Column("totneg", sa.Integer(), nullable=False),
        sa.Column("quatot", sa.BigInteger(), nullable=False),
        sa.Column("voltot", sa.Numeric(18, 2), nullable=False),
        _price("preexe"),
        sa.Column("indopc", sa.SmallInteger(), nullable=False),
        sa.Column("datven", sa.Date(), nullable=True),
        sa.Column("fatcot", sa.Integer(), nullable=False),
        sa.Column("ptoexe", sa.Numeric(13, 6), nullable=False),
        _text("codisi"),
        sa.Column("dismes", sa.SmallInteger(), nullable=False),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (trade_date)",
    )
    # Empty for ever if ensure_quote_partitions is called before a load; a safety net, not a home.
    op.execute("CREATE TABLE market.quotes_default PARTITION OF market.quotes DEFAULT")
    for function in (CREATE_PARTITION, ATTACH_PARTITION, ENSURE_PARTITIONS):
        op.execute(function)


def _create_loads() -> None:
    op.create_table(
        "loads",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("dataset"),
        sa.Column("release_id", sa.Uuid(), sa.ForeignKey("market.releases.id"), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "inserted", "updated", "deleted", "unchanged")
        ),
        sa.Column("checks", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        _now("loaded_at"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_loads_dataset_reference_date", "loads", ["dataset", "reference_date", "loaded_at"], schema=SCHEMA
    )


def _create_outbox_and_inbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _text("stream"),
        sa.Column("fields", JSONB(), nullable=False),
        _now("created_at"),
        schema=SCHEMA,
    )
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        _now("received_at"),
        schema=SCHEMA,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("inbox", "outbox", "loads", "quotes", "releases"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION market.ensure_quote_partitions(integer, integer)")
    op.execute("DROP FUNCTION market.attach_quote_partition(integer)")
    op.execute("DROP FUNCTION market.create_quote_partition(integer)")
