"""Spans where an exporter is configured: their parents, their links, and what is not in them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from shared_schemas.events.envelope import EventEnvelope
from shared_schemas.events.operations import WorkerLost
from shared_utils.db.outbox import event_row
from shared_utils.messaging.consumer import RawPayload
from shared_utils.observability.exporting import open_exporter
from shared_utils.observability.tracing import announced, current_traceparent, traced, use_tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    opened = open_exporter(
        "http://127.0.0.1:1/v1/traces", headers=None, service="demo", version="1", environment="test", exporter=kept
    )
    use_tracing(opened)
    kept.flush = opened.provider.force_flush  # type: ignore[attr-defined]
    try:
        yield kept
    finally:
        use_tracing(None)
        opened.provider.shutdown()


def finished(exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    exporter.flush()  # type: ignore[attr-defined]
    return list(exporter.get_finished_spans())


def test_a_block_is_a_span_below_its_parent_and_the_logs_have_its_ids(exporter: InMemorySpanExporter) -> None:
    with traced(PARENT, name="run x", kind=SpanKind.CONSUMER, links=[PARENT, None, "broken"]) as inside:
        assert current_traceparent() == inside
        with traced(current_traceparent(), name="inner"):
            pass
    inner, outer = finished(exporter)
    assert (outer.name, outer.kind, outer.parent.span_id) == ("run x", SpanKind.CONSUMER, int(PARENT[36:52], 16))
    assert [link.context.trace_id for link in outer.links] == [int(PARENT[3:35], 16)]
    assert f"{outer.context.span_id:016x}" == inside[36:52]
    assert inner.parent.span_id == outer.context.span_id
    assert outer.resource.attributes["service.name"] == "demo"


def test_an_error_is_told_by_its_type_alone(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="secret"), traced(PARENT, name="breaks"):
        raise ValueError("a secret")
    (span,) = finished(exporter)
    assert (span.status.status_code, span.attributes["error.type"], span.events) == (StatusCode.ERROR, "ValueError", ())
    assert "secret" not in span.to_json()


def test_an_event_travels_with_its_producers_context(exporter: InMemorySpanExporter) -> None:
    _, fields = event_row(
        WorkerLost(worker_id="w", host="h", executions=0), source_service="demo", occurred_at=NOW, traceparent=PARENT
    )
    carried = EventEnvelope[RawPayload].model_validate_json(fields["data"]).traceparent
    (span,) = finished(exporter)
    assert (span.name, span.kind) == ("publish worker.lost", SpanKind.PRODUCER)
    assert carried == f"{PARENT[:36]}{span.context.span_id:016x}-01"


def test_every_delivery_links_to_the_same_origin(exporter: InMemorySpanExporter) -> None:
    """Retries keep the original context: the message carries it, not the attempt before."""
    for _ in range(2):
        with traced(PARENT, name="process", kind=SpanKind.CONSUMER, links=[PARENT]):
            pass
    first, second = finished(exporter)
    assert first.parent.span_id == second.parent.span_id == int(PARENT[36:52], 16)
    assert first.context.trace_id == second.context.trace_id == second.links[0].context.trace_id


def test_what_was_not_sampled_stays_so(exporter: InMemorySpanExporter) -> None:
    with traced(PARENT[:-2] + "00", name="quiet") as inside:
        assert inside.startswith(PARENT[:36])
        assert inside.endswith("-00")
    assert finished(exporter) == []


def test_without_an_exporter_the_context_is_passed_on_as_it_is() -> None:
    assert announced("publish x", PARENT) == PARENT
    with traced(PARENT) as inside:
        assert announced("publish x") == inside
