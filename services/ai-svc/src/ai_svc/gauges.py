"""How documents, tasks and the outbox stand, as metrics: read by a loop, never inside a scrape."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Gauge
from sqlalchemy import Double, Integer, Text, column, text

from ai_svc.database import OUTBOX
from shared_utils.clock import Clock
from shared_utils.db.outbox import waiting
from shared_utils.db.session import SessionFactory, read_transaction
from shared_utils.observability.metrics import outbox_gauges

DOCUMENT_STATUSES: Final = ("INDEXING", "READY", "FAILED")
TASK_STATUSES: Final = ("PENDING", "RUNNING")


class ServiceGauges:
    """The whole service's, so every replica tells the same: take the maximum."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(name, what, labels, registry=registry)

        self.documents = gauge("ai_documents", "Documents.", "status")
        self.waiting = gauge("ai_indexing_waiting_documents", "Documents that are due to be indexed.")
        self.oldest = gauge("ai_indexing_oldest_seconds", "For how long the oldest of them has been due.")
        self.tasks = gauge("ai_tasks", "Tasks that are not over.", "status")
        self.oldest_task = gauge("ai_tasks_oldest_seconds", "For how long the oldest PENDING task has been due.")


@cache
def service_gauges(registry: CollectorRegistry = REGISTRY) -> ServiceGauges:
    """The gauges of `registry`, made once: a process may hold several applications (tests do)."""
    return ServiceGauges(registry)


def reading(
    sessionmaker: SessionFactory, clock: Clock, *, registry: CollectorRegistry = REGISTRY
) -> Callable[[], Awaitable[None]]:
    """What reads the gauges once, in one read-only transaction."""
    gauges, outbox = service_gauges(registry), outbox_gauges(registry)

    async def read() -> None:
        now = clock.now()
        async with read_transaction(sessionmaker) as session:
            documents = {row.status: row.n for row in await session.execute(_DOCUMENTS)}
            due = (await session.execute(_DUE, {"now": now})).one()
            tasks = {row.status: row for row in await session.execute(_TASKS, {"now": now})}
            told = await waiting(session, OUTBOX)
        for status in DOCUMENT_STATUSES:
            gauges.documents.labels(status).set(documents.get(status, 0))
        gauges.waiting.set(due.n)
        gauges.oldest.set(due.oldest)
        for status in TASK_STATUSES:
            gauges.tasks.labels(status).set(tasks[status].n if status in tasks else 0)
        gauges.oldest_task.set(tasks["PENDING"].oldest if "PENDING" in tasks else 0)
        outbox.waiting.set(told.rows)
        outbox.oldest.set((now - told.oldest_at).total_seconds() if told.oldest_at else 0)

    return read


_DOCUMENTS: Final = text("SELECT status, count(*) AS n FROM ai.documents GROUP BY status").columns(
    column("status", Text), column("n", Integer)
)

# A lease keeps `due_at` ahead of now while somebody is at a document.
_DUE: Final = text("""
    SELECT count(*) AS n, coalesce(max(extract(epoch FROM CAST(:now AS timestamptz) - due_at)), 0) AS oldest
    FROM ai.documents WHERE status = 'INDEXING' AND due_at <= :now
""").columns(column("n", Integer), column("oldest", Double))

_TASKS: Final = text("""
    SELECT status, count(*) AS n,
        coalesce(max(extract(epoch FROM CAST(:now AS timestamptz) - due_at)) FILTER (WHERE due_at <= :now), 0) AS oldest
    FROM ai.tasks WHERE status IN ('PENDING', 'RUNNING') GROUP BY status
""").columns(column("status", Text), column("n", Integer), column("oldest", Double))
