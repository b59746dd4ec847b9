"""Make the table equal to the file for every session in it: insert, update and delete, in one transaction.

A reload of the same file changes nothing; a restated file changes what differs and says how much.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import asyncpg
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date

from shared_utils.db.copying import driver_connection
from shared_utils.db.session import WriteSession
from worker_svc.database import SCHEMA
from worker_svc.market.models import Quote

STAGING = "staged_quotes"
NULL = "\\N"
KEY = ("trade_date", "codneg", "tpmerc", "prazot")
_COLUMNS = tuple(column.name for column in Quote.__table__.columns)
_VALUES = tuple(name for name in _COLUMNS if name not in KEY)
_DAYS = bindparam("days", type_=ARRAY(Date))


class DuplicateQuote(ValueError):
    """The file holds two quotes with the same day, ticker, market and forward days."""


class CopyBatch(Protocol):
    """Quotes as lines for COPY (tabs between values), and how many of them belong to each session."""

    @property
    def lines(self) -> bytes: ...

    @property
    def sessions(self) -> dict[date, int]: ...


@dataclass(slots=True)
class SessionChange:
    """What a load did to one session."""

    rows: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def unchanged(self) -> int:
        return self.rows - self.inserted - self.updated

    @property
    def changed(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


async def ensure_partitions(session: WriteSession, *, first: date, last: date) -> None:
    """Make the partitions of these years. Outside of the load's transaction, which would keep its locks for long."""
    statement = text("SELECT market.ensure_quote_partitions(:first, :last)")
    await session.execute(statement, {"first": first.year, "last": last.year})


async def load_quotes(
    session: WriteSession,
    batches: AsyncIterator[CopyBatch],
    *,
    columns: Sequence[str],
    first: date,
    last: date,
) -> dict[date, SessionChange]:
    """Load every batch; all of their quotes are from `first` to `last`, whose partitions exist.

    Raises `DuplicateQuote`, and whatever `batches` raises. Where nothing is there yet the rows go straight into the
    table; otherwise through a temporary one and a MERGE.
    """
    await _lock_years(session, first=first, last=last)
    if await _is_empty(session, first=first, last=last):
        return _all_inserted(await _copy(session, batches, table="quotes", schema=SCHEMA, columns=columns))
    await session.execute(text(f"CREATE TEMPORARY TABLE {STAGING} (LIKE {SCHEMA}.quotes) ON COMMIT DROP"))
    changes = await _copy(session, batches, table=STAGING, schema=None, columns=columns)
    await _merge(session, changes)
    return changes


async def load_year(
    session: WriteSession, batches: AsyncIterator[CopyBatch], *, columns: Sequence[str], year: int
) -> dict[date, SessionChange]:
    """Load a whole year. One that is new is copied before its index exists, which takes half the time."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    await _lock_years(session, first=first, last=last)
    created = await session.execute(text("SELECT market.create_quote_partition(:year)"), {"year": year})
    if not created.scalar_one():
        return await load_quotes(session, batches, columns=columns, first=first, last=last)
    changes = await _copy(session, batches, table=f"quotes_y{year}", schema=SCHEMA, columns=columns)
    with _duplicates_named():
        await session.execute(text("SELECT market.attach_quote_partition(:year)"), {"year": year})
    return _all_inserted(changes)


def _all_inserted(changes: dict[date, SessionChange]) -> dict[date, SessionChange]:
    for change in changes.values():
        change.inserted = change.rows
    return changes


async def _lock_years(session: WriteSession, *, first: date, last: date) -> None:
    """Two loads of one year take turns: each compares with what the other has committed."""
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended('market.quotes:' || :year, 0))")
    for year in range(first.year, last.year + 1):
        await session.execute(lock, {"year": str(year)})


async def _is_empty(session: WriteSession, *, first: date, last: date) -> bool:
    query = text(f"SELECT NOT EXISTS (SELECT 1 FROM {SCHEMA}.quotes WHERE trade_date BETWEEN :first AND :last)")  # noqa: S608
    return bool((await session.execute(query, {"first": first, "last": last})).scalar_one())


async def _copy(
    session: WriteSession,
    batches: AsyncIterator[CopyBatch],
    *,
    table: str,
    schema: str | None,
    columns: Sequence[str],
) -> dict[date, SessionChange]:
    changes: dict[date, SessionChange] = {}

    async def chunks() -> AsyncIterator[bytes]:
        async for batch in batches:
            for day, rows in batch.sessions.items():
                changes.setdefault(day, SessionChange()).rows += rows
            yield batch.lines

    connection = await driver_connection(session)
    with _duplicates_named():
        await connection.copy_to_table(
            table, schema_name=schema, columns=list(columns), source=chunks(), format="text", null=NULL
        )
    return changes


async def _merge(session: WriteSession, changes: dict[date, SessionChange]) -> None:
    # By the driver: errors that come through SQLAlchemy name no values, and this one has to say which quote it is.
    connection = await driver_connection(session)
    with _duplicates_named():
        await connection.execute(_KEY_INDEX)
    days = {"days": sorted(changes)}
    for day, action, count in (await session.execute(text(_MERGE).bindparams(_DAYS), days)).all():
        if action == "INSERT":
            changes[day].inserted = count
        else:
            changes[day].updated = count
    for day, count in (await session.execute(text(_DELETE).bindparams(_DAYS), days)).all():
        changes[day].deleted = count


@contextmanager
def _duplicates_named() -> Iterator[None]:
    """A violated key means that the file is wrong, and PostgreSQL says which quote it is."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise DuplicateQuote(f"the file holds a quote twice: {error.detail}") from error


def _list(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


_SAME_KEY = " AND ".join(f"q.{name} = s.{name}" for name in KEY)

_KEY_INDEX = f"CREATE UNIQUE INDEX ON {STAGING} ({_list(KEY)})"

# What is gone from the file is deleted by a statement of its own: NOT MATCHED BY SOURCE in the MERGE would read every
# session of every year.
_MERGE = f"""
WITH merged AS (
  MERGE INTO {SCHEMA}.quotes AS q
  USING {STAGING} AS s ON {_SAME_KEY} AND q.trade_date = ANY(:days)
  WHEN MATCHED AND ({_list(_VALUES, "q.")}) IS DISTINCT FROM ({_list(_VALUES, "s.")})
    THEN UPDATE SET {", ".join(f"{name} = s.{name}" for name in _VALUES)}
  WHEN NOT MATCHED
    THEN INSERT ({_list(_COLUMNS)}) VALUES ({_list(_COLUMNS, "s.")})
  RETURNING s.trade_date, merge_action() AS action
)
SELECT trade_date, action, count(*) FROM merged GROUP BY trade_date, action
"""  # noqa: S608  identifiers come from the table's own columns

_DELETE = f"""
WITH gone AS (
  DELETE FROM {SCHEMA}.quotes AS q
  WHERE q.trade_date = ANY(:days) AND NOT EXISTS (SELECT 1 FROM {STAGING} AS s WHERE {_SAME_KEY})
  RETURNING q.trade_date
)
SELECT trade_date, count(*) FROM gone GROUP BY trade_date
"""  # noqa: S608  as above
