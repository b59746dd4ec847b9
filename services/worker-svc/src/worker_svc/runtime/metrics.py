"""What the runtime counts. Labels are closed sets: outcomes of the protocol, names of the worker's own jobs."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

RUNS: Final = Counter("worker_runs", "Attempts that ended.", ("job", "outcome"))
RUN_SECONDS: Final = Histogram(
    "worker_run_duration_seconds", "Time from an attempt's start to its end.", ("job",),
    buckets=(0.005, 0.05, 0.25, 1, 5, 15, 60, 300, 1800, 7200),
)  # fmt: skip
ACTIVE: Final = Gauge("worker_active_runs", "Attempts that are running.")
SLOTS: Final = Gauge("worker_slots", "Attempts that may run at once.")
HEALTHY: Final = Gauge("worker_healthy", "Registered, in touch with core-api, able to start a job: 1 or 0.")
CLAIMS: Final = Counter("worker_claims", "Entries taken from the queue.", ("outcome",))
HEARTBEAT_FAILURES: Final = Counter("worker_heartbeat_failures", "Heartbeats that core-api did not answer.")
FENCED: Final = Counter("worker_fenced_results", "Results that came too late: the attempt was somebody else's.")

for _outcome in ("claimed", "refused"):
    CLAIMS.labels(_outcome)
