"""The outbox is part of the transaction: events exist exactly when the change does."""

import json
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Column, Integer, Table, event, func, select
from sqlalchemy.exc import IntegrityError

from shared_schemas.events.envelope import EventEnvelope
from shared_schemas.events.executions import ExecutionFailed, ExecutionQueued
from shared_schemas.events.operations import WorkerLost
from shared_utils.clock import FakeClock
from shared_utils.db.base import metadata_for
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox, event_row, inbox_table, insert_rows, outbox_table
from shared_utils.db.session import sessionmaker_for, transaction, undone
from shared_utils.logging import correlation
from shared_utils.observability.tracing import traced
from shared_utils.testing.events import outbox_entries, published
from shared_utils.testing.sessions import savepoint_session, savepoint_sessionmaker

METADATA = metadata_for("core")
OUTBOX = outbox_table(METADATA, "core")
INBOX = inbox_table(METADATA, "core")
THINGS = Table("things", METADATA, Column("id", Integer, primary_key=True, autoincrement=False))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
async def engine(service_database, open_engine):
    database = service_database.fresh(schema="core")
    async with open_engine(database.owner_url) as owner, owner.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with open_engine(database.runtime_url) as made:
        yield made
    service_database.drop(database)


@pytest.fixture
async def sessions(engine):
    made = sessionmaker_for(engine)
    async with transaction(made) as session:
        await session.execute(OUTBOX.delete())
        await session.execute(THINGS.delete())
    return made


def outbox_of(session) -> Outbox:
    return Outbox(session, source_service="core-api", clock=FakeClock(NOW), table=OUTBOX)


def lost(name: str) -> WorkerLost:
    return WorkerLost(worker_id=name, host="h", executions=1)


async def names(sessions) -> list[str]:
    async with sessions() as session:
        return [envelope.payload.worker_id for envelope in await published(session, OUTBOX, WorkerLost)]


async def test_events_are_committed_with_the_change(sessions):
    async with transaction(sessions) as session:
        await session.execute(THINGS.insert().values(id=1))
        outbox_of(session).add(lost("a"))
    assert await names(sessions) == ["a"]


async def test_events_vanish_with_the_change(sessions):
    with pytest.raises(KeyError):  # noqa: PT012
        async with transaction(sessions) as session:
            outbox_of(session).add(lost("a"))
            raise KeyError
    assert await names(sessions) == []


async def test_a_commit_that_fails_announces_nothing(sessions):
    with pytest.raises(IntegrityError):  # noqa: PT012
        async with transaction(sessions) as session:
            await session.execute(THINGS.insert().values(id=1))
            outbox_of(session).add(lost("a"))
            await session.execute(THINGS.insert().values(id=1))
    assert await names(sessions) == []


async def test_two_outboxes_of_one_session_both_write(sessions):
    """Modules build their own; none of them has to know of the others."""
    async with transaction(sessions) as session:
        outbox_of(session).add(lost("a"))
        outbox_of(session).add(lost("b"))
    assert sorted(await names(sessions)) == ["a", "b"]


async def test_events_of_a_rolled_back_savepoint_are_forgotten(sessions):
    async with transaction(sessions) as session:
        outbox = outbox_of(session)
        outbox.add(lost("before"))
        with pytest.raises(IntegrityError):  # noqa: PT012
            async with session.begin_nested():
                outbox.add(lost("inside"))
                await session.execute(THINGS.insert().values(id=1))
                await session.execute(THINGS.insert().values(id=1))
        async with session.begin_nested():
            outbox.add(lost("kept inside"))
        outbox.add(lost("after"))
    assert sorted(await names(sessions)) == ["after", "before", "kept inside"]


async def test_a_session_that_goes_on_after_a_commit_writes_nothing_twice(sessions):
    async with sessions() as session:
        outbox = outbox_of(session)
        outbox.add(lost("a"))
        await session.commit()
        outbox.add(lost("b"))
        await session.commit()
        outbox.add(lost("c"))
        await session.rollback()
        await session.commit()
    assert await names(sessions) == ["a", "b"]


async def test_a_thousand_events_are_one_statement(sessions, engine):
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        async with transaction(sessions) as session:
            await outbox_of(session).add_all([lost(f"w{number}") for number in range(1000)])
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len([statement for statement in statements if "INSERT" in statement]) == 1
    assert await names(sessions) == [f"w{number}" for number in range(1000)]


async def test_nothing_to_announce_is_no_statement(sessions, engine):
    statements: list[str] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    async with transaction(sessions) as session:
        await outbox_of(session).add_all([])
        await outbox_of(session).flush()
    assert statements == []


async def test_plain_entries(sessions):
    async with transaction(sessions) as session:
        outbox_of(session).add_entries("queue:worker:{default}:p1", [{"execution_id": "1"}, {"execution_id": "ç\"'\\"}])
    async with sessions() as session:
        entries = await outbox_entries(session, OUTBOX, "queue:worker:{default}:p1")
    assert entries == [{"execution_id": "1"}, {"execution_id": "ç\"'\\"}]


async def test_set_based_sql_can_build_rows_itself(sessions):
    rows = [event_row(lost(f"w{number}"), source_service="x", occurred_at=NOW) for number in range(3)]
    async with transaction(sessions) as session:
        arrays = {"streams": [row[0] for row in rows], "fields": [json.dumps(row[1]) for row in rows]}
        await session.execute(insert_rows(OUTBOX), arrays)
    assert await names(sessions) == ["w0", "w1", "w2"]


def test_an_event_row_carries_the_context():
    with correlation("request-1"), traced() as traceparent:
        stream, fields = event_row(lost("a"), source_service="core-api", occurred_at=NOW)
    envelope = json.loads(fields["data"])
    assert stream == "events:worker.lost"
    assert envelope == {
        "event_id": envelope["event_id"],
        "event_type": "worker.lost",
        "version": 1,
        "occurred_at": "2026-11-20T12:00:00Z",
        "correlation_id": "request-1",
        "source_service": "core-api",
        "traceparent": traceparent,
        "payload": {"worker_id": "a", "host": "h", "executions": 1},
    }
    assert UUID(envelope["event_id"]).version == 7
    assert list(envelope) == list(EventEnvelope.model_fields)


def test_an_event_outside_of_any_request_is_its_own_correlation():
    fields = event_row(lost("a"), source_service="x", occurred_at=NOW)[1]
    envelope = json.loads(fields["data"])
    assert envelope["correlation_id"] == UUID(envelope["event_id"]).hex


def test_payloads_keep_all_fields_of_their_class():
    execution = {
        "execution_id": uuid7(),
        "routine_id": uuid7(),
        "routine_name": "r",
        "job": "j",
        "business_date": NOW.date(),
        "slot": NOW,
        "origin": "schedule",
        "attempt": 1,
    }
    failed = ExecutionFailed(**execution, error_code="X", error_message="y")
    data = event_row(failed, source_service="x", occurred_at=NOW)[1]["data"]
    assert json.loads(data)["payload"]["error_code"] == "X"
    queued = event_row(ExecutionQueued(**execution), source_service="x", occurred_at=NOW)
    assert queued[0] == "events:execution.queued"


class TestSavepointSessions:
    async def test_commits_and_rollbacks_of_the_code_under_test_stay_inside(self, engine, sessions):
        async with savepoint_session(engine) as session:
            await session.execute(THINGS.insert().values(id=1))
            await session.commit()
            await session.execute(THINGS.insert().values(id=2))
            await session.rollback()
            found = (await session.execute(select(func.array_agg(THINGS.c.id)))).scalar_one()
            assert found == [1]
        async with sessions() as session:
            assert (await session.execute(select(func.count()).select_from(THINGS))).scalar_one() == 0

    async def test_sessions_of_one_sessionmaker_see_each_other(self, engine):
        async with savepoint_sessionmaker(engine) as maker:
            async with transaction(maker) as session:
                await session.execute(THINGS.insert().values(id=5))
                outbox_of(session).add(lost("seen-by-the-next-session"))
            async with maker() as session:
                # The table may hold committed rows of tests that ran before in the same database.
                seen = [event.payload.worker_id for event in await published(session, OUTBOX, WorkerLost)]
                assert seen.count("seen-by-the-next-session") == 1

    async def test_a_failed_transaction_keeps_what_came_before(self, engine):
        async with savepoint_sessionmaker(engine) as maker:
            async with transaction(maker) as session:
                await session.execute(THINGS.insert().values(id=5))
            with pytest.raises(IntegrityError):
                async with transaction(maker) as session:
                    await session.execute(THINGS.insert().values(id=5))
            async with maker() as session:
                assert (await session.execute(select(func.count()).select_from(THINGS))).scalar_one() == 1


class TestUuid7:
    def test_it_is_a_version_7_uuid_of_now(self):
        identifier = uuid7()
        assert (identifier.version, identifier.variant) == (7, "specified in RFC 4122")
        assert abs((identifier.int >> 80) / 1000 - time.time()) < timedelta(seconds=5).total_seconds()

    def test_ids_do_not_repeat(self):
        assert len({uuid7() for _ in range(10_000)}) == 10_000


async def test_what_is_only_tried_leaves_neither_rows_nor_events(sessions) -> None:
    async with transaction(sessions) as session:
        outbox = outbox_of(session)
        outbox.add(lost("before"))
        async with undone(session):
            await session.execute(THINGS.insert().values(id=1))
            outbox.add(lost("tried"))
            assert await session.scalar(select(func.count()).select_from(THINGS)) == 1
        with pytest.raises(ZeroDivisionError):
            await _try_and_fail(session)
        outbox.add(lost("after"))
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(THINGS)) == 0
    assert await names(sessions) == ["before", "after"]


async def _try_and_fail(session) -> None:
    async with undone(session):
        await session.execute(THINGS.insert().values(id=2))
        raise ZeroDivisionError
