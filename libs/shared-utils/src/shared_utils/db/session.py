"""Sessions and the one place that commits.

One request or one message is one transaction: it is committed at the edge, before the answer is sent, and rolled back
when anything is raised. Services and repositories never commit.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NewType

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

# A write session may be passed where a read session is wanted, never the other way round: mypy finds a write on a
# replica.
ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", ReadSession)

type SessionFactory = async_sessionmaker[AsyncSession]


def sessionmaker_for(engine: AsyncEngine) -> SessionFactory:
    """Sessions whose objects stay readable after the commit, since the answer is built from them."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessionmaker: SessionFactory) -> AsyncIterator[WriteSession]:
    """A session in a transaction: committed when the block ends, rolled back when it raises."""
    async with sessionmaker() as session:
        try:
            yield WriteSession(ReadSession(session))
        except BaseException:
            await session.rollback()
            raise
        else:
            await session.commit()


@asynccontextmanager
async def read_transaction(sessionmaker: SessionFactory) -> AsyncIterator[ReadSession]:
    """A session in a read-only transaction: PostgreSQL refuses writes. Nothing is ever committed.

    Closing it ends the transaction and leaves what was read as it is; a rollback would expire every object.
    """
    async with sessionmaker() as session:
        # In tests the session joins a transaction that is open already, which cannot turn read-only any more.
        if isinstance(sessionmaker.kw.get("bind"), AsyncEngine):
            await session.connection(execution_options={"postgresql_readonly": True})
        yield ReadSession(session)


@asynccontextmanager
async def undone(session: WriteSession) -> AsyncIterator[None]:
    """What the block writes can be read inside of it; afterwards nothing of it is left. For trying what would happen.

    Events that the block adds to an outbox are forgotten, and its notifications are never sent.
    """
    savepoint = await session.begin_nested()
    try:
        yield
    finally:
        await savepoint.rollback()
