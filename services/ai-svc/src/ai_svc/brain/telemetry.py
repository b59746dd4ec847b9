"""Spans and metrics of calls to models by OpenTelemetry's conventions for generative AI, and the same for Prometheus.

https://opentelemetry.io/docs/specs/semconv/gen-ai/ (spans, metrics). Without a tracer there is no span and nothing to
pay for. What is said to a model and what it answers is in no span, unless `content` asks for it; nobody's name ever is.
"""

import json
from typing import Any, Final

from opentelemetry.context import Context
from opentelemetry.metrics import Histogram as OtelHistogram
from opentelemetry.metrics import Meter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from prometheus_client import Counter, Histogram

from ai_svc.brain.chat import CallContext, ChatMessage, ChatRequest, ChatResult, Usage
from ai_svc.brain.schemas import ProviderName
from shared_utils.observability.tracing import process_tracer

# The values of gen_ai.provider.name; what is not in the list of the conventions keeps our own name.
PROVIDERS: Final = {
    ProviderName.OPENAI: "openai",
    ProviderName.OPENAI_COMPATIBLE: "openai_compatible",
    ProviderName.ANTHROPIC: "anthropic",
    ProviderName.GOOGLE: "gcp.gemini",
    ProviderName.LOCAL: "local",
}
# Both from the conventions' advice on buckets.
_SECONDS: Final = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS: Final = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
_OK: Final = "ok"

TOKENS: Final = Counter("gen_ai_client_tokens", "Tokens of calls to models.", ("provider", "model", "type"))
DURATION: Final = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Time of a provider's part in a call; `outcome` is ok, cancelled or an error's code.",
    ("provider", "model", "outcome"),
    buckets=_SECONDS,
)
FIRST_CHUNK: Final = Histogram(
    "gen_ai_client_time_to_first_chunk_seconds",
    "Time to the first token of a stream.",
    ("provider", "model"),
    buckets=_SECONDS,
)


class Telemetry:
    """`tracer` and `meter` are there when an exporter is configured; `content` puts texts into spans.

    `alone`: whoever gets these spans gets no others, so that each is the first of its trace.
    """

    def __init__(
        self,
        *,
        tracer: Tracer | None = None,
        meter: Meter | None = None,
        content: bool = False,
        alone: bool = False,
    ) -> None:
        self._tracer = tracer
        self._alone = alone
        self.content = content
        self.meters = _Meters(meter) if meter is not None else None

    @property
    def tracer(self) -> Tracer | None:
        """Its own tracer, else the process's."""
        return self._tracer or process_tracer()

    def begin(
        self, provider: ProviderName, model: str, request: ChatRequest, *, context: CallContext, streamed: bool
    ) -> "Observation":
        """A provider's part in a call begins."""
        tracer = self.tracer
        span = None
        if tracer is not None:
            attributes = self._attributes(provider, model, request, context, streamed=streamed)
            parent = Context() if self._alone else None
            span = tracer.start_span(f"chat {model}", parent, SpanKind.CLIENT, attributes)
        return Observation(self, provider, model, span)

    async def aclose(self) -> None:
        """Sends what is waiting to be exported; nothing is, without an exporter."""

    def _attributes(
        self, provider: ProviderName, model: str, request: ChatRequest, context: CallContext, *, streamed: bool
    ) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS[provider],
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": request.max_output_tokens,
            "gen_ai.request.stream": streamed,
            "gen_ai.output.type": "json" if request.schema is not None else "text",
            "rotina.purpose": context.purpose,
        }
        if request.temperature is not None:
            attributes["gen_ai.request.temperature"] = request.temperature
        if context.agent is not None:
            attributes["gen_ai.agent.name"] = context.agent
        if context.prompt is not None:
            attributes["rotina.prompt.name"] = context.prompt.name
            attributes["rotina.prompt.version"] = context.prompt.version
        if self.content:
            attributes["gen_ai.input.messages"] = json.dumps(
                [_message(message) for message in request.messages], ensure_ascii=False
            )
        return attributes


class Observation:
    """One provider's part in one call."""

    __slots__ = ("_model", "_provider", "_span", "_telemetry")

    def __init__(self, telemetry: Telemetry, provider: ProviderName, model: str, span: Span | None) -> None:
        self._telemetry = telemetry
        self._provider = provider
        self._model = model
        self._span = span

    def first_chunk(self, seconds: float) -> None:
        """The first token came after so many seconds."""
        FIRST_CHUNK.labels(self._provider, self._model).observe(seconds)
        if self._telemetry.meters is not None:
            self._telemetry.meters.first_chunk.record(seconds, self._labels())
        if self._span is not None:
            self._span.add_event("gen_ai.first_chunk")

    def end(self, *, outcome: str, usage: Usage, seconds: float, result: ChatResult | None) -> None:
        """It ended: `outcome` is ok, cancelled or an error's code."""
        TOKENS.labels(self._provider, self._model, "input").inc(usage.input_tokens)
        TOKENS.labels(self._provider, self._model, "output").inc(usage.output_tokens)
        DURATION.labels(self._provider, self._model, outcome).observe(seconds)
        if self._telemetry.meters is not None:
            self._measure(self._telemetry.meters, outcome, usage, seconds)
        if self._span is not None:
            self._end_span(self._span, outcome, usage, result)

    def _measure(self, meters: "_Meters", outcome: str, usage: Usage, seconds: float) -> None:
        labels = self._labels()
        meters.tokens.record(usage.input_tokens, labels | {"gen_ai.token.type": "input"})
        meters.tokens.record(usage.output_tokens, labels | {"gen_ai.token.type": "output"})
        meters.duration.record(seconds, labels if outcome == _OK else labels | {"error.type": outcome})

    def _end_span(self, span: Span, outcome: str, usage: Usage, result: ChatResult | None) -> None:
        span.set_attribute("gen_ai.usage.input_tokens", usage.input_tokens)
        span.set_attribute("gen_ai.usage.output_tokens", usage.output_tokens)
        if result is not None:
            span.set_attribute("gen_ai.response.model", result.model)
            span.set_attribute("gen_ai.response.finish_reasons", [str(result.finish_reason)])
            if self._telemetry.content:
                answer = _message(ChatMessage("assistant", result.text, tool_calls=result.tool_calls))
                span.set_attribute("gen_ai.output.messages", json.dumps([answer], ensure_ascii=False))
        if outcome != _OK:
            span.set_attribute("error.type", outcome)
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def _labels(self) -> dict[str, str]:
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS[self._provider],
            "gen_ai.request.model": self._model,
        }


class _Meters:
    def __init__(self, meter: Meter) -> None:
        def seconds(name: str, what: str) -> OtelHistogram:
            return meter.create_histogram(name, "s", what, explicit_bucket_boundaries_advisory=_SECONDS)

        self.tokens = meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", "Tokens used.", explicit_bucket_boundaries_advisory=_TOKENS
        )
        self.duration = seconds("gen_ai.client.operation.duration", "Time of a call.")
        self.first_chunk = seconds("gen_ai.client.operation.time_to_first_chunk", "Time to the first token.")


def _message(message: ChatMessage) -> dict[str, Any]:
    """A message in the shape of the conventions: parts of text, calls of tools, and what tools answered."""
    if message.role == "tool":
        part = {"type": "tool_call_response", "id": message.tool_call_id, "response": message.content}
        return {"role": "tool", "parts": [part]}
    parts: list[dict[str, Any]] = [{"type": "text", "content": message.content}] if message.content else []
    parts += [
        {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
        for call in message.tool_calls
    ]
    return {"role": message.role, "parts": parts}
