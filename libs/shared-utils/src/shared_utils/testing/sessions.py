"""One transaction per test that is never committed, however often the code under test commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from shared_utils.db.session import SessionFactory, WriteSession


@asynccontextmanager
async def savepoint_sessionmaker(engine: AsyncEngine) -> AsyncIterator[SessionFactory]:
    """Sessions on one connection, inside one outer transaction that is rolled back at the end.

    Put it into an application's state and its requests commit into savepoints. They share a connection, so they must
    not run at the same time. Without `create_savepoint` the first rollback in the code under test would wipe the
    fixtures' rows.
    """
    async with engine.connect() as connection:
        outer = await connection.begin()
        try:
            yield async_sessionmaker(bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        finally:
            await outer.rollback()


@asynccontextmanager
async def savepoint_session(engine: AsyncEngine) -> AsyncIterator[WriteSession]:
    """One such session. Its `commit` and `rollback` end a savepoint."""
    async with savepoint_sessionmaker(engine) as sessionmaker, sessionmaker() as session:
        yield _as_write_session(session)


def _as_write_session(session: AsyncSession) -> WriteSession:
    return session  # type: ignore[return-value]  # the edge is the only other place that makes one
