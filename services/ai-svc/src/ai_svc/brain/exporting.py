"""Spans and metrics over OTLP/HTTP, for LangSmith, Langfuse or any collector. Imported only when one is configured.

Providers of tracers and meters are our own and not the process's: what goes to a third party is calls to models and
nothing else that the process does.
"""

import asyncio

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from ai_svc.brain.telemetry import Telemetry
from ai_svc.settings import Settings
from shared_utils.observability.tracing import current_traceparent

SCOPE = "ai_svc.brain"


class RequestTraceIds(RandomIdGenerator):
    """A span's trace has the id that the request's logs have."""

    def generate_trace_id(self) -> int:
        """The id of the trace at hand; a random one outside of requests and messages."""
        traceparent = current_traceparent()
        return int(traceparent[3:35], 16) if traceparent is not None else super().generate_trace_id()


class ExportingTelemetry(Telemetry):
    """Telemetry whose providers are shut down with it: what is still waiting goes out."""

    def __init__(self, *, traces: TracerProvider | None, metrics: MeterProvider | None, content: bool) -> None:
        super().__init__(
            tracer=traces.get_tracer(SCOPE) if traces is not None else None,
            meter=metrics.get_meter(SCOPE) if metrics is not None else None,
            content=content,
        )
        self._providers = [provider for provider in (traces, metrics) if provider is not None]

    async def aclose(self) -> None:
        """Sends what is waiting; the SDK blocks meanwhile, so a thread does it."""
        for provider in self._providers:
            await asyncio.to_thread(provider.shutdown)


def exporting_telemetry(settings: Settings, *, service: str, spans: SpanExporter | None = None) -> ExportingTelemetry:
    """Exporters to the endpoints of the settings; `spans` takes the place of the one for spans in tests."""
    resource = Resource.create({"service.name": service, "deployment.environment.name": settings.environment})
    headers = headers_of(settings)
    traces = metrics = None
    if settings.otlp_traces_endpoint is not None:
        exporter = spans or OTLPSpanExporter(settings.otlp_traces_endpoint, headers=headers)
        traces = TracerProvider(resource=resource, id_generator=RequestTraceIds(), shutdown_on_exit=False)
        traces.add_span_processor(BatchSpanProcessor(exporter))
    if settings.otlp_metrics_endpoint is not None:
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(settings.otlp_metrics_endpoint, headers=headers))
        metrics = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    return ExportingTelemetry(traces=traces, metrics=metrics, content=settings.trace_content != "off")


def headers_of(settings: Settings) -> dict[str, str]:
    """The exporters' headers: `name=value`, separated by commas; a value may hold `=`."""
    given = settings.otlp_headers.get_secret_value() if settings.otlp_headers is not None else ""
    pairs = (entry.partition("=") for entry in given.split(",") if entry.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
