"""Spans over OTLP/HTTP. Imported only when an endpoint is configured: the SDK takes time and memory to load."""

import asyncio

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from pydantic import SecretStr

from shared_utils.observability.tracing import current_traceparent


class RequestTraceIds(RandomIdGenerator):
    """A span that begins a trace has the id that the logs of the work at hand have."""

    def generate_trace_id(self) -> int:
        """The id of the trace at hand; a random one outside of requests and messages."""
        traceparent = current_traceparent()
        return int(traceparent[3:35], 16) if traceparent is not None else super().generate_trace_id()


class Discreet(SpanProcessor):
    """Takes query strings out of spans before anything else sees them: they may carry codes and words of people."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        if span.attributes and span.attributes.get("url.query"):
            span.set_attribute("url.query", "***")


class Exporting:
    """A provider of our own, not the process's: nothing that a library does by itself is exported."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider

    async def aclose(self) -> None:
        """Sends what waits; the SDK blocks meanwhile, so a thread does it."""
        await asyncio.to_thread(self.provider.shutdown)


def open_exporter(
    endpoint: str,
    *,
    headers: SecretStr | None,
    service: str,
    version: str,
    environment: str,
    exporter: SpanExporter | None = None,
) -> Exporting:
    """Spans to `endpoint` (`http://collector:4318/v1/traces`); `exporter` takes its place in tests.

    OpenTelemetry's own variables say what is sampled and how it is batched (`OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`).
    """
    described = {"service.name": service, "service.version": version, "deployment.environment.name": environment}
    provider = TracerProvider(
        resource=Resource.create(described), id_generator=RequestTraceIds(), shutdown_on_exit=False
    )
    provider.add_span_processor(Discreet())
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint, headers=headers_of(headers))))
    return Exporting(provider)


def headers_of(given: SecretStr | None) -> dict[str, str]:
    """An exporter's headers: `name=value`, separated by commas; a value may hold `=`."""
    text = given.get_secret_value() if given is not None else ""
    pairs = (entry.partition("=") for entry in text.split(",") if entry.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
