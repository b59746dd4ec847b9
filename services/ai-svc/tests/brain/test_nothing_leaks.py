"""What is said to a model, what it answers, and the key reach no log, span, metric or error, however a call ends."""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from model_calls import CONTEXT, HASTY, asking, caller_over, provider_of
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, SecretStr

from ai_svc.brain.adapters.local import LocalProvider
from ai_svc.brain.chat import ChatMessage, PromptRef, ToolCall, ToolSpec
from ai_svc.brain.exceptions import BudgetExceeded
from ai_svc.brain.telemetry import Telemetry
from shared_utils.errors import AppError
from shared_utils.logging import JsonFormatter
from shared_utils.observability.metrics import metrics_bytes
from shared_utils.testing.model_server import Answer, Fault, ModelServer, ToolUse

PROMPT, ANSWER, KEY, WHO = "canary-prompt-7f3a", "canary-answer-91bc", "canary-key-55de-0123456789abcdef", "canary-ana"
CANARIES = (PROMPT, ANSWER, KEY, WHO)
FAULTS = (
    None,
    Fault("refuse", message=PROMPT),
    Fault("status", status=400, message=f"{PROMPT} {KEY}"),
    Fault("status", status=401, message=f"{PROMPT} {KEY}"),
    Fault("status", status=429, message=PROMPT, retry_after="9"),
    Fault("status", status=500, message=f"{PROMPT} {ANSWER}"),
    Fault("cut", after=1),
    Fault("bad_json", after=1),
    Fault("error_event", after=1, message=f"{PROMPT} {ANSWER}"),
    Fault("end_early", after=1),
    Fault("hang", after=1),
    Fault("wrong_usage"),
)


class Strict(BaseModel):
    number: int


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Everything that is logged by anybody, at DEBUG, as our format writes it."""
    lines: list[str] = []
    formatter = JsonFormatter("ai-svc")

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record) + repr(record.__dict__))

    handler, root = Keeping(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


async def test_no_canary_is_found_anywhere(records: list[str], quick_retries: None) -> None:
    spans, meters = InMemorySpanExporter(), InMemoryMetricReader()
    traces = TracerProvider(shutdown_on_exit=False)
    traces.add_span_processor(SimpleSpanProcessor(spans))
    measures = MeterProvider([meters], shutdown_on_exit=False)
    telemetry = Telemetry(tracer=traces.get_tracer("t"), meter=measures.get_meter("t"))
    told: list[str] = []
    async with ModelServer() as server:
        provider = provider_of(server, model="scripted", api_key=SecretStr(KEY))
        for fault in FAULTS:
            answer = Answer(f"{ANSWER} {ANSWER} fim", fault, tools=(ToolUse("look", json.dumps({"q": ANSWER})),))
            for providers in ((provider,), (provider, LocalProvider())):
                server.play(lambda _, answer=answer: answer)
                first = HASTY if fault is not None and fault.kind == "hang" else None
                caller = caller_over(*providers, telemetry=telemetry, **({"first": first} if first else {}))
                told += await calls(caller)
        caller = caller_over(provider, telemetry=telemetry, ledger=_Refusing())
        told += await calls(caller)
    finished = spans.get_finished_spans()
    assert len(finished) > 60
    assert {span.attributes["gen_ai.operation.name"] for span in finished if span.attributes} == {"chat"}
    everywhere = {
        "logs": records,
        "errors": told,
        "spans": [span.to_json() for span in finished],
        "metrics": [metrics_bytes().decode(), str(meters.get_metrics_data().to_json())],
    }
    assert "gen_ai_client_tokens_total" in everywhere["metrics"][0]
    assert "gen_ai.client.token.usage" in everywhere["metrics"][1]
    found = [
        (place, canary) for place, texts in everywhere.items() for canary in CANARIES if canary in "\n".join(texts)
    ]
    assert found == []


async def calls(caller: Any) -> list[str]:
    """Every way to call; the words of every error, as a log or a client would see them."""
    messages = (
        ChatMessage("system", PROMPT),
        ChatMessage("user", PROMPT),
        ChatMessage("assistant", "", tool_calls=(ToolCall("c", "look", json.dumps({"q": PROMPT})),)),
        ChatMessage("tool", PROMPT, tool_call_id="c"),
    )
    tool = ToolSpec("look", PROMPT, {"type": "object", "properties": {}})
    request = replace(asking(), messages=messages, tools=(tool,))
    context = replace(CONTEXT, user=WHO, prompt=PromptRef("text.summarize", 3, "0" * 64), attributes={"q": PROMPT})
    told = [
        f"{event.code} {event.message}"
        async for event in caller.stream(request, context=context)
        if hasattr(event, "code")
    ]
    for call in (caller.chat(request, context=context), caller.structured(request, Strict, context=context)):
        try:
            await call
        except AppError as error:
            told.append("".join(traceback.format_exception(error)) + f"{error.message} {error.details}")
    return told


class _Refusing:
    async def reserve(self, *_: Any, **__: Any) -> Any:
        raise BudgetExceeded

    async def settle(self, *_: Any, **__: Any) -> None:
        raise AssertionError("nothing was set aside")
