"""W3C trace context carried through HTTP, streams and the outbox, and spans where an exporter is configured.

Every log line of a request, a message or a run has its trace and span id, whether spans are exported or not. Without an
exporter a span is two ids and costs nothing more; `observability.exporting` is loaded only when there is one.
"""

import random
import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import Token
from importlib import import_module
from typing import Protocol

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer
from opentelemetry.trace import TracerProvider as AnyTracerProvider
from pydantic import SecretStr

from shared_utils.logging import current_traceparent as _traceparent

type Attributes = Mapping[str, str | int | float | bool]

_TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")


def current_traceparent() -> str | None:
    """The trace context of the work at hand: the active OpenTelemetry span's, else the one that came in."""
    return span_traceparent() or _traceparent.get()


def new_traceparent(parent: str | None = None) -> str:
    """A new span id in the parent's trace, or in a new trace when there is no valid parent."""
    # Ids are unique, not secret; the system's entropy costs several times as much.
    span_id = f"{random.getrandbits(64) or 1:016x}"
    if parent is not None and is_traceparent(parent):
        return f"{parent[:36]}{span_id}{parent[52:]}"
    return f"00-{random.getrandbits(128) or 1:032x}-{span_id}-01"


def is_traceparent(value: str | None) -> bool:
    """Whether `value` is a version 00 traceparent (https://www.w3.org/TR/trace-context/#traceparent-header)."""
    return value is not None and _TRACEPARENT.match(value) is not None


def bind_traceparent(value: str | None) -> Token[str | None]:
    """Sets the trace context of this Python context; undo with `unbind_traceparent`."""
    return _traceparent.set(value if is_traceparent(value) else None)


def unbind_traceparent(token: Token[str | None]) -> None:
    """Restores what was there before `bind_traceparent`."""
    _traceparent.reset(token)


def enter_trace(incoming: str | None) -> Token[str | None]:
    """Begins a request's part of a trace; undo with `unbind_traceparent`. Every request pays for this.

    With an exporter FastAPI has begun a span, whose ids are those of the logs.
    """
    span = span_traceparent() if _Process.tracer is not None else None
    return _traceparent.set(span or new_traceparent(incoming))


class Tracing(Protocol):
    """Where the spans of this process go."""

    provider: AnyTracerProvider

    async def aclose(self) -> None:
        """Sends what waits."""
        ...


class _Process:
    """What this process exports with; set once, by `open_tracing`."""

    tracing: Tracing | None = None
    tracer: Tracer | None = None


def open_tracing(
    endpoint: str | None, *, headers: SecretStr | None, service: str, version: str, environment: str
) -> Tracing | None:
    """Starts exporting spans over OTLP/HTTP when there is an endpoint. OpenTelemetry's SDK is loaded only then."""
    if endpoint is None:
        return None
    exporting = import_module("shared_utils.observability.exporting")
    tracing: Tracing = exporting.open_exporter(
        endpoint, headers=headers, service=service, version=version, environment=environment
    )
    use_tracing(tracing)
    return tracing


def use_tracing(tracing: Tracing | None) -> None:
    """Spans of this process are made with `tracing` from now on; without one none are made."""
    _Process.tracing = tracing
    _Process.tracer = tracing.provider.get_tracer("rotina") if tracing is not None else None


async def close_tracing(tracing: Tracing | None) -> None:
    """Ends what `open_tracing` began: what waits is sent, and no more spans are made with it."""
    if tracing is None:
        return
    if _Process.tracing is tracing:
        use_tracing(None)
    await tracing.aclose()


def process_tracer() -> Tracer | None:
    """The tracer of this process, if its spans are exported."""
    return _Process.tracer


@contextmanager
def traced(
    parent: str | None = None,
    *,
    name: str = "work",
    kind: SpanKind = SpanKind.INTERNAL,
    links: Sequence[str | None] = (),
    attributes: Attributes | None = None,
) -> Iterator[str]:
    """A block of work as a span of the parent's trace, or of a new one; yields its traceparent.

    Of an error its type is kept and not its text, which may quote anything.
    """
    tracer = _Process.tracer
    if tracer is None:
        value = new_traceparent(parent)
        token = bind_traceparent(value)
        try:
            yield value
        finally:
            unbind_traceparent(token)
        return
    linked = [Link(_span_context(link)) for link in links if is_traceparent(link)]
    span = tracer.start_span(name, _context(parent), kind, dict(attributes or {}), linked)
    value = _traceparent_of(span.get_span_context())
    token = bind_traceparent(value)
    try:
        with trace.use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
            yield value
    except BaseException as error:
        _fail(span, error)
        raise
    finally:
        span.end()
        unbind_traceparent(token)


def announced(name: str, parent: str | None = None, *, attributes: Attributes | None = None) -> str | None:
    """The context that a message travels with: that of a producer's span, or the parent's when no spans are made."""
    context = parent if is_traceparent(parent) else current_traceparent()
    tracer = _Process.tracer
    if tracer is None:
        return context
    span = tracer.start_span(name, _context(context), SpanKind.PRODUCER, dict(attributes or {}))
    span.end()
    return _traceparent_of(span.get_span_context())


def span_traceparent() -> str | None:
    """The context of OpenTelemetry's span at hand, if there is one."""
    context = trace.get_current_span().get_span_context()
    return _traceparent_of(context) if context.is_valid else None


def _fail(span: Span, error: BaseException) -> None:
    if span.is_recording():
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(StatusCode.ERROR)


def _context(parent: str | None) -> Context:
    """A context with `parent` alone: what else is active has nothing to do with it."""
    if parent is None or not is_traceparent(parent):
        return Context()
    return trace.set_span_in_context(NonRecordingSpan(_span_context(parent)), Context())


def _span_context(traceparent: str | None) -> SpanContext:
    value = traceparent or ""
    flags = TraceFlags(int(value[53:55], 16))
    return SpanContext(int(value[3:35], 16), int(value[36:52], 16), is_remote=True, trace_flags=flags)


def _traceparent_of(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def inject(headers: MutableMapping[str, str]) -> None:
    """Adds the current trace context to outgoing headers or stream fields."""
    traceparent = current_traceparent()
    if traceparent is not None:
        headers["traceparent"] = traceparent


def extract(headers: Mapping[str, str]) -> str | None:
    """The trace context of incoming headers or stream fields; nothing when it is malformed."""
    value = headers.get("traceparent")
    return value if is_traceparent(value) else None
