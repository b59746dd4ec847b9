"""The gauges of the engine, by `.docs/metrics.md`. Every API process tells the same: take the maximum."""

from functools import cache
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Gauge

STATUSES: Final = ("PENDING", "QUEUED", "RUNNING", "RECOVERY", "SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED")


class EngineGauges:
    """`band` is 1, 2 or 3."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(name, what, labels, registry=registry)

        self.executions = gauge("queue_executions", "Executions now: due, queued or running.", "band", "status")
        self.oldest = gauge("queue_oldest_seconds", "Age of the oldest of them.", "band", "status")
        self.due = gauge("queue_due_executions", "Executions past due that are not handed out.", "band")
        self.oldest_due = gauge("queue_oldest_due_seconds", "For how long the oldest of them has been due.", "band")
        self.handed = gauge("queue_handed_executions", "Executions handed out and not claimed.", "band")
        self.running = gauge("queue_running_executions", "Executions that run.", "band")
        self.unserved = gauge("queue_unserved_executions", "Due executions in queues that no live worker serves.")
        self.day = gauge("queue_day_executions", "Executions of the current business date.", "status")
        self.work_lag = gauge("work_stream_lag_entries", "Entries of work streams that no worker has.", "band")
        self.work_pending = gauge("work_stream_pending_entries", "Entries of work streams that workers have.", "band")
        self.event_entries = gauge("event_stream_entries", "Length of an event stream.", "stream")
        self.event_lag = gauge("event_stream_lag_entries", "Entries that a group was not given.", "stream", "group")
        self.event_pending = gauge(
            "event_stream_pending_entries", "Entries that a group has not acknowledged.", "stream", "group"
        )
        self.event_dead = gauge("event_stream_dead_entries", "Entries that were given up.", "stream")
        self.streams_up = gauge("streams_redis_up", "Whether the streams Redis answers: 1 or 0.")
        self.streams_used = gauge("streams_redis_memory_used_bytes", "Memory of the streams Redis.")
        self.streams_max = gauge("streams_redis_memory_max_bytes", "Its limit; 0: none.")
        self.cache_up = gauge("cache_redis_up", "Whether the cache Redis answers: 1 or 0.")
        self.workers = gauge("workers", "Workers: alive, draining, or lost within the last hour.", "state")
        self.slots = gauge("workers_slots", "Slots of live workers.")
        self.free_slots = gauge("workers_free_slots", "Slots of live workers without a run.")
        self.expired = gauge("leases_expired_executions", "Running executions whose lease ran out.")
        self.schedulers = gauge("schedulers_alive", "Scheduler processes that were seen lately.")
        self.loops_failing = gauge("scheduler_loops_failing", "Loops of live schedulers whose last step failed.")
        self.loop_late = gauge("scheduler_loop_late_seconds", "How late the latest loop of a live scheduler is.")
        self.load_date = gauge("daily_load_last_date_timestamp_seconds", "The newest business date that was loaded.")
        self.load_finished = gauge("daily_load_finished_timestamp_seconds", "When the current date was loaded; 0: not.")
        self.load_due = gauge("daily_load_due_timestamp_seconds", "When the current date was to be loaded.")
        self.unplanned = gauge("daily_load_unplanned_routines", "Routines that the current load had to leave out.")
        self.incidents = gauge("incidents_open", "Open incidents.", "kind")
        self.deliveries = gauge("notifications_waiting_deliveries", "Messages to people that are not sent yet.")
        self.dead_deliveries = gauge("notifications_dead_deliveries", "Messages of seven days that nobody took.")
        self.size = gauge("database_size_bytes", "Size of the database.")
        self.connections = gauge("database_connections", "Connections to the PostgreSQL server.")
        self.max_connections = gauge("database_max_connections", "How many connections it allows.")
        self.oldest_transaction = gauge(
            "database_oldest_transaction_seconds", "Age of the oldest open transaction of this role."
        )
        self.partitions = gauge(
            "database_partitions_until_timestamp_seconds", "First month without a partition of the queue."
        )


@cache
def engine_gauges(registry: CollectorRegistry = REGISTRY) -> EngineGauges:
    """The engine's gauges of `registry`, made once."""
    return EngineGauges(registry)
