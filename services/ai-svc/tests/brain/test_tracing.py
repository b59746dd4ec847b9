"""Spans by OpenTelemetry's conventions: what is in them, what is only in them when asked for, and where they go."""

import json
from dataclasses import replace
from typing import Any

from model_calls import CONTEXT, asking, caller_over, provider_of
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pydantic import SecretStr
from service_settings import settings_with

from ai_svc.brain.chat import PromptRef
from ai_svc.brain.exporting import exporting_telemetry
from ai_svc.brain.telemetry import Telemetry
from ai_svc.brain.tracing import open_telemetry
from shared_utils.observability.exporting import headers_of
from shared_utils.observability.tracing import traced
from shared_utils.testing.model_server import Answer, Fault, ModelServer
from shared_utils.testing.receivers import receiver

ENDPOINT = "http://127.0.0.1:1/v1/traces"


async def spans_of(*answers: Answer, content: str = "off") -> list[ReadableSpan]:
    exporter = InMemorySpanExporter()
    settings = settings_with(otlp_traces_endpoint=ENDPOINT, trace_content=content)
    telemetry = exporting_telemetry(settings, service="ai-svc", spans=exporter)
    async with ModelServer(list(answers)) as server:
        caller = caller_over(
            *(provider_of(server, model=f"m{place}") for place in range(len(answers))), telemetry=telemetry
        )
        context = replace(CONTEXT, prompt=PromptRef("text.summarize", 3, "0" * 64))
        assert [event async for event in caller.stream(asking("Quantos?", temperature=0.5), context=context)]
    await telemetry.aclose()
    return list(exporter.get_finished_spans())


async def test_a_span_says_who_was_asked_and_what_it_took() -> None:
    with traced() as traceparent:
        (span,) = await spans_of(Answer("Três avisos.", usage=(12, 4), model="m0-2026"))
    attributes: dict[str, Any] = dict(span.attributes or {})
    assert (span.name, format(span.context.trace_id, "032x")) == ("chat m0", traceparent[3:35])
    assert span.parent is None, "a trace of its own for whoever gets only these spans"
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai_compatible",
        "gen_ai.request.model": "m0",
        "gen_ai.request.max_tokens": 1024,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.response.model": "m0-2026",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 4,
        "rotina.purpose": "text.summarize",
        "rotina.prompt.name": "text.summarize",
        "rotina.prompt.version": 3,
    }
    assert {key: attributes.get(key) for key in expected} == expected
    assert not any("messages" in key for key in attributes)
    assert [event.name for event in span.events] == ["gen_ai.first_chunk"]


async def test_each_provider_of_the_chain_has_a_span_and_a_failed_one_says_why() -> None:
    failed, answered = await spans_of(Answer("um dois", Fault("cut", after=1)), Answer("três"))
    assert (failed.status.status_code, (failed.attributes or {})["error.type"]) == (StatusCode.ERROR, "MODEL_FAILED")
    assert (answered.status.status_code, answered.name) == (StatusCode.UNSET, "chat m1")


async def test_content_is_there_only_for_those_who_asked_for_it() -> None:
    (span,) = await spans_of(Answer("Três avisos."), content="on")
    asked = json.loads(str((span.attributes or {})["gen_ai.input.messages"]))
    answered = json.loads(str((span.attributes or {})["gen_ai.output.messages"]))
    assert asked == [{"role": "user", "parts": [{"type": "text", "content": "Quantos?"}]}]
    assert answered == [{"role": "assistant", "parts": [{"type": "text", "content": "Três avisos."}]}]


async def test_spans_reach_an_endpoint_over_http_with_its_headers() -> None:
    async with receiver() as collector, ModelServer(["sim"]) as server:
        telemetry = open_telemetry(
            settings_with(
                otlp_traces_endpoint=collector.url, otlp_headers=SecretStr("x-api-key=abc==,x-project=rotina")
            ),
            service="ai-svc",
        )
        await caller_over(provider_of(server), telemetry=telemetry).chat(asking(), context=CONTEXT)
        await telemetry.aclose()
        (sent,) = await collector.count(1)
    assert (sent.headers["x-api-key"], sent.headers["x-project"]) == ("abc==", "rotina")
    assert sent.headers["content-type"] == "application/x-protobuf"


def test_without_an_endpoint_there_is_no_tracer_and_no_meter() -> None:
    telemetry = open_telemetry(settings_with(), service="ai-svc")
    assert (type(telemetry), telemetry.tracer, telemetry.meters) == (Telemetry, None, None)
    assert headers_of(settings_with().otlp_headers) == {}
