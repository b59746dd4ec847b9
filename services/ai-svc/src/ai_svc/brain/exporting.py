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

from ai_svc.brain.telemetry import Telemetry
from ai_svc.settings import Settings
from shared_utils.observability.exporting import RequestTraceIds, headers_of

SCOPE = "ai_svc.brain"


class ExportingTelemetry(Telemetry):
    """Telemetry whose providers are shut down with it: what is still waiting goes out."""

    def __init__(self, *, traces: TracerProvider | None, metrics: MeterProvider | None, content: bool) -> None:
        super().__init__(
            tracer=traces.get_tracer(SCOPE) if traces is not None else None,
            meter=metrics.get_meter(SCOPE) if metrics is not None else None,
            content=content,
            alone=traces is not None,
        )
        self._providers = [provider for provider in (traces, metrics) if provider is not None]

    async def aclose(self) -> None:
        """Sends what is waiting; the SDK blocks meanwhile, so a thread does it."""
        for provider in self._providers:
            await asyncio.to_thread(provider.shutdown)


def exporting_telemetry(settings: Settings, *, service: str, spans: SpanExporter | None = None) -> ExportingTelemetry:
    """Exporters to the endpoints of the settings; `spans` takes the place of the one for spans in tests."""
    resource = Resource.create({"service.name": service, "deployment.environment.name": settings.environment})
    headers = headers_of(settings.otlp_headers)
    traces = metrics = None
    if settings.otlp_traces_endpoint is not None:
        exporter = spans or OTLPSpanExporter(settings.otlp_traces_endpoint, headers=headers)
        traces = TracerProvider(resource=resource, id_generator=RequestTraceIds(), shutdown_on_exit=False)
        traces.add_span_processor(BatchSpanProcessor(exporter))
    if settings.otlp_metrics_endpoint is not None:
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(settings.otlp_metrics_endpoint, headers=headers))
        metrics = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    return ExportingTelemetry(traces=traces, metrics=metrics, content=settings.trace_content != "off")
