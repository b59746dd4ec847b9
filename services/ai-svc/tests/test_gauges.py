"""What the service's gauges say of documents and tasks."""

from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.gauges import reading
from shared_utils.clock import FakeClock
from shared_utils.testing.sessions import savepoint_sessionmaker

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_what_waits_has_a_number_and_an_age(engine: AsyncEngine) -> None:
    registry = CollectorRegistry()
    async with savepoint_sessionmaker(engine) as sessions:
        async with sessions() as session:
            await session.execute(text(TASKS), {"now": NOW})
            await session.commit()
        await reading(sessions, FakeClock(NOW), registry=registry)()

    def told(name: str, **labels: Any) -> float | None:
        return registry.get_sample_value(name, labels)

    assert (told("ai_tasks", status="PENDING"), told("ai_tasks", status="RUNNING")) == (2, 1)
    assert told("ai_tasks_oldest_seconds") == 90
    assert [told("ai_documents", status=one) for one in ("INDEXING", "READY", "FAILED")] == [0, 0, 0]
    assert (told("ai_indexing_waiting_documents"), told("ai_indexing_oldest_seconds")) == (0, 0)
    assert told("outbox_waiting_rows") == 0


TASKS = """
    INSERT INTO ai.tasks (kind, owner, status, input, progress, items_total, items_done, items_failed, attempts, due_at,
        created_at)
    SELECT 'text', 'u', status, '{}', 0, 0, 0, 0, 0, CAST(:now AS timestamptz) - make_interval(secs => age), :now
    FROM (VALUES ('PENDING', 90), ('PENDING', -30), ('RUNNING', 500), ('SUCCEEDED', 900)) AS given (status, age)
"""
