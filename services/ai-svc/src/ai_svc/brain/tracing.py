"""Where spans and metrics of calls to models go: nowhere, unless the settings name an endpoint."""

from importlib import import_module

from ai_svc.brain.telemetry import Telemetry
from ai_svc.settings import Settings


def open_telemetry(settings: Settings, *, service: str) -> Telemetry:
    """The telemetry that the settings ask for. OpenTelemetry's SDK is loaded only when something is exported."""
    if settings.otlp_traces_endpoint is None and settings.otlp_metrics_endpoint is None:
        return Telemetry(content=settings.trace_content != "off")
    telemetry: Telemetry = import_module("ai_svc.brain.exporting").exporting_telemetry(settings, service=service)
    return telemetry
