from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for

ADMIN = AuthContext(subject="adm", issuer="test", roles=frozenset({Role.ADMIN}))


@pytest.fixture
async def prompts_engine(database: Any) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.runtime_url, application_name="test-prompts")
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(prompts_engine: AsyncEngine) -> SessionFactory:
    return sessionmaker_for(prompts_engine)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))


@pytest.fixture
def adm() -> AuthContext:
    return ADMIN
