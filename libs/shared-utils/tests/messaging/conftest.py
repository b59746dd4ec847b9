from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, Integer, Table, Text, text

from shared_schemas.events.operations import WorkerLost
from shared_utils.clock import FakeClock
from shared_utils.db.base import metadata_for
from shared_utils.db.outbox import Outbox, inbox_table, outbox_table
from shared_utils.db.session import sessionmaker_for, transaction

METADATA = metadata_for("core")
OUTBOX = outbox_table(METADATA, "core")
INBOX = inbox_table(METADATA, "core")
EFFECTS = Table("effects", METADATA, Column("id", Integer, primary_key=True, autoincrement=True), Column("what", Text))


@pytest.fixture(scope="module")
async def database(service_database: Any, open_engine: Any) -> Any:
    made = service_database.fresh(schema="core")
    async with open_engine(made.owner_url) as owner, owner.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield made
    service_database.drop(made)


@pytest.fixture(scope="module")
async def engine(database: Any, open_engine: Any) -> Any:
    async with open_engine(database.runtime_url, pool_size=10) as made:
        yield made


@pytest.fixture
async def sessions(engine: Any) -> Any:
    made = sessionmaker_for(engine)
    async with transaction(made) as session:
        for table in (OUTBOX, INBOX, EFFECTS):
            await session.execute(table.delete())
    return made


@pytest.fixture
def announce(sessions: Any) -> Any:
    """`await announce(n)`: commits n worker.lost events, and returns their worker ids."""

    async def commit(count: int = 1) -> list[str]:
        names = [f"worker-{uuid4()}" for _ in range(count)]
        async with transaction(sessions) as session:
            outbox = Outbox(
                session, source_service="core-api", clock=FakeClock(datetime(2026, 11, 20, tzinfo=UTC)), table=OUTBOX
            )
            for name in names:
                outbox.add(WorkerLost(worker_id=name, host="h", executions=1))
        return names

    return commit


@pytest.fixture
def outbox_size(sessions: Any) -> Any:
    async def size() -> int:
        async with sessions() as session:
            return int((await session.execute(text("SELECT count(*) FROM core.outbox"))).scalar_one())

    return size
