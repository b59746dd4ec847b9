"""How fresh each dataset is, and how the outbox stands, as metrics: read by a loop, never inside a scrape."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final

from prometheus_client import REGISTRY, CollectorRegistry, Gauge
from sqlalchemy import Date, DateTime, Text, column, text
from sqlalchemy.engine import Row

from shared_utils.clock import Clock
from shared_utils.db.outbox import waiting
from shared_utils.db.session import SessionFactory, read_transaction
from shared_utils.observability.metrics import outbox_gauges
from worker_svc.database import OUTBOX

MAX_DATASETS: Final = 50
"""Datasets are names of the code; should there ever be very many, the rest is told as `other`."""


class DatasetGauges:
    """Instants by dataset, as Unix time."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        def gauge(name: str, what: str) -> Gauge:
            return Gauge(name, what, ("dataset",), registry=registry)

        self._newest = gauge("dataset_newest_business_date_timestamp_seconds", "Newest business date that is loaded.")
        self._loaded = gauge("dataset_loaded_timestamp_seconds", "When a load of it ended last.")
        self._released = gauge("dataset_released_timestamp_seconds", "When a new file of it was seen last.")
        self._checked = gauge("dataset_checked_timestamp_seconds", "When its source was last looked at with success.")
        self._known: set[str] = set()

    def show(self, row: Row[Any]) -> None:
        """Tells of one dataset."""
        name = self._name(row.dataset)
        self._newest.labels(name).set(_midnight(row.newest))
        self._loaded.labels(name).set(_instant(row.loaded_at))
        self._released.labels(name).set(_instant(row.seen_at))
        self._checked.labels(name).set(_instant(row.checked_at))

    def _name(self, dataset: str) -> str:
        if dataset not in self._known and len(self._known) < MAX_DATASETS:
            self._known.add(dataset)
        return dataset if dataset in self._known else "other"


@cache
def dataset_gauges(registry: CollectorRegistry = REGISTRY) -> DatasetGauges:
    """The gauges of `registry`, made once: a process may hold several applications (tests do)."""
    return DatasetGauges(registry)


def reading(
    sessionmaker: SessionFactory, clock: Clock, *, registry: CollectorRegistry = REGISTRY
) -> Callable[[], Awaitable[None]]:
    """What reads the gauges once, in one read-only transaction."""
    gauges, outbox = dataset_gauges(registry), outbox_gauges(registry)

    async def read() -> None:
        async with read_transaction(sessionmaker) as session:
            for row in await session.execute(_FRESHNESS):
                gauges.show(row)
            told = await waiting(session, OUTBOX)
        outbox.waiting.set(told.rows)
        outbox.oldest.set((clock.now() - told.oldest_at).total_seconds() if told.oldest_at else 0)

    return read


def _midnight(day: date | None) -> float:
    return 0.0 if day is None else datetime.combine(day, time(), UTC).timestamp()


def _instant(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


_FRESHNESS: Final = text("""
    SELECT dataset, l.newest, l.loaded_at, r.seen_at, r.checked_at
    FROM (SELECT dataset, max(reference_date) AS newest, max(loaded_at) AS loaded_at
          FROM market.loads GROUP BY dataset) AS l
    FULL JOIN (SELECT dataset, max(seen_at) AS seen_at, max(last_checked_at) AS checked_at
          FROM market.releases GROUP BY dataset) AS r USING (dataset)
""").columns(
    column("dataset", Text),
    column("newest", Date),
    column("loaded_at", DateTime(timezone=True)),
    column("seen_at", DateTime(timezone=True)),
    column("checked_at", DateTime(timezone=True)),
)
