"""FastAPI dependencies that hand out sessions.

`scope="function"` is the rule: the session is committed before the answer is sent, and a failing commit is a 500. With
FastAPI's default scope the client reads 200 before, and even without, a commit.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from shared_utils.db.session import ReadSession, WriteSession, read_transaction, transaction


async def get_write_session(request: Request) -> AsyncIterator[WriteSession]:
    """A session of `request.state.sessionmaker`, committed when the route returns, rolled back when anything raises."""
    async with transaction(request.state.sessionmaker) as session:
        yield session


async def get_read_session(request: Request) -> AsyncIterator[ReadSession]:
    """A session in a read-only transaction."""
    async with read_transaction(request.state.sessionmaker) as session:
        yield session


WriteSessionDep = Annotated[WriteSession, Depends(get_write_session, scope="function")]
ReadSessionDep = Annotated[ReadSession, Depends(get_read_session, scope="function")]
