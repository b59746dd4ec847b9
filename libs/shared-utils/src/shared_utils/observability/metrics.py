"""Prometheus metrics. Names end in their base unit; labels come from closed sets only, never from ids or user input."""

import platform
from functools import cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

METRICS_CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
HTTP_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class HttpMetrics:
    """Rate, errors and duration of HTTP requests by method, route template and status."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        labels = ("method", "route", "status")
        self.requests = Counter("http_requests", "Requests answered.", labels, registry=registry)
        self.duration = Histogram(
            "http_request_duration_seconds",
            "Time to the end of the answer.",
            ("method", "route"),
            buckets=HTTP_BUCKETS,
            registry=registry,
        )
        self.active = 0  # a plain number: only the event loop's thread changes it
        gauge = Gauge("http_requests_in_flight", "Requests being answered.", registry=registry)
        gauge.set_function(lambda: self.active)
        # Looking a child up by labels costs more than counting: keep the handles.
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[tuple[str, str], Histogram] = {}

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request. An unknown method is counted as OTHER: clients can send any word."""
        method = method if method in _METHODS else "OTHER"
        counter = self._counters.get((method, route, status))
        if counter is None:
            counter = self._counters[method, route, status] = self.requests.labels(method, route, str(status))
        histogram = self._histograms.get((method, route))
        if histogram is None:
            histogram = self._histograms[method, route] = self.duration.labels(method, route)
        counter.inc()
        histogram.observe(seconds)


@cache
def http_metrics(registry: CollectorRegistry = REGISTRY) -> HttpMetrics:
    """The HTTP metrics of `registry`, made once: a process may hold several applications (tests do)."""
    return HttpMetrics(registry)


def metrics_bytes(registry: CollectorRegistry = REGISTRY) -> bytes:
    """The exposition of `registry` in Prometheus' text format."""
    return generate_latest(registry)


# When each series began is nothing that anybody asks, and would be as many series again.
disable_created_metrics()  # type: ignore[no-untyped-call]

# Labels are closed sets: `reason` is shared_utils.security.oidc.Reason, `outcome` is ok or failed.
REJECTED_TOKENS: Final = Counter("oidc_rejected_tokens", "Access tokens refused.", ("reason",))
JWKS_FETCHES: Final = Counter("oidc_jwks_fetches", "Times that the provider's keys were fetched.", ("outcome",))
REJECTED_CALLS: Final = Counter("internal_rejected_calls", "Internal calls without a valid key.", ("reason",))
RATE_LIMIT_REFUSALS: Final = Counter("rate_limit_refusals", "Requests refused by a rate limit.", ("scope",))
RATE_LIMIT_UNCHECKED: Final = Counter("rate_limit_unchecked", "Requests that passed since the cache Redis failed.")
RELAYED_ENTRIES: Final = Counter("outbox_relayed_entries", "Outbox rows put on streams.")
RELAY_FAILURES: Final = Counter("outbox_relay_failures", "Rounds of the relay that failed and were rolled back.")
CONSUMED_MESSAGES: Final = Counter(
    "stream_messages", "Messages taken from streams, by what became of them.", ("group", "outcome")
)
for _outcome in ("ok", "failed"):
    JWKS_FETCHES.labels(_outcome)
for _reason in ("missing", "unknown"):
    REJECTED_CALLS.labels(_reason)

_BUILD_INFO: Final = Gauge(
    "rotina_build_info", "Which build this process runs; always 1.", ("service", "version", "python")
)


def tell_build(*, service: str, version: str) -> None:
    """Sets `rotina_build_info` of this process."""
    _BUILD_INFO.labels(service, version, platform.python_version()).set(1)


class OutboxGauges:
    """How much of a service's outbox waits for Redis."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.waiting = Gauge(
            "outbox_waiting_rows", "Outbox rows that have not reached Redis, up to 10,000.", registry=registry
        )
        self.oldest = Gauge("outbox_oldest_seconds", "For how long the oldest of them has waited.", registry=registry)


def outbox_gauges(registry: CollectorRegistry = REGISTRY) -> OutboxGauges:
    """The outbox gauges of `registry`, made once."""
    return _outbox_gauges(registry)


# Apart, since a cache takes a call with the default and one that names it for two different ones.
@cache
def _outbox_gauges(registry: CollectorRegistry) -> OutboxGauges:
    return OutboxGauges(registry)
