"""W3C trace context carried through HTTP, streams and the outbox, with or without an OpenTelemetry SDK."""

import random
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import Token

from opentelemetry import trace

from shared_utils.logging import current_traceparent as _traceparent

_TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")


def current_traceparent() -> str | None:
    """The trace context of the work at hand: the active OpenTelemetry span's, else the one that came in."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    return _traceparent.get()


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


@contextmanager
def traced(parent: str | None = None) -> Iterator[str]:
    """A block of work as a span of the parent's trace; yields its traceparent."""
    value = new_traceparent(parent)
    token = bind_traceparent(value)
    try:
        yield value
    finally:
        unbind_traceparent(token)


def inject(headers: MutableMapping[str, str]) -> None:
    """Adds the current trace context to outgoing headers or stream fields."""
    traceparent = current_traceparent()
    if traceparent is not None:
        headers["traceparent"] = traceparent


def extract(headers: Mapping[str, str]) -> str | None:
    """The trace context of incoming headers or stream fields; nothing when it is malformed."""
    value = headers.get("traceparent")
    return value if is_traceparent(value) else None
