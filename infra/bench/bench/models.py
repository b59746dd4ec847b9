"""What calls to models cost on our side, beside the bare `openai` library: processor time, and time until the next answers.

The model is scripted and in a thread of its own; what is counted is the processor time of the caller's thread.
"""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles
from typing import Any

import openai
from opentelemetry.sdk.trace import TracerProvider

from ai_svc.brain.adapters.openai import OpenAIProvider
from ai_svc.brain.caller import ModelCaller
from ai_svc.brain.chat import CallContext, ChatMessage, ChatRequest, Delta, ToolSpec
from ai_svc.brain.ledger import NullLedger
from ai_svc.brain.links import Link
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.telemetry import Telemetry
from bench.environments import deployed_ai_svc
from bench.report import Measure
from shared_utils.testing.model_server import Answer, Call, Fault, ModelServer, ToolUse

ROUNDS, PER_ROUND, TOKENS, FALLBACKS = 12, 15, 100, 150
CALLS_BAR_MS, TOKEN_BAR_MS, FALLBACK_BAR_MS, IMPORT_BAR_S, RSS_BAR_MB = 5.0, 0.15, 50.0, 0.8, 120.0
CONTEXT = CallContext(purpose="text.qa", user="bench")
QUESTION = "Quantos avisos houve nas cargas de ontem?"
TOOL = {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}
USED = Answer(tools=(ToolUse("look", '{"day": "2026-11-20"}'),))
SAID = Answer(" ".join(f"palavra{number}" for number in range(TOKENS)))
# What the whole service imports without a provider of its own, and what the adapter for OpenAI's protocol adds.
IMPORTS = (
    "import time, sys; began = time.perf_counter(); import ai_svc.main; service = time.perf_counter() - began;"
    "import ai_svc.brain.adapters.openai; adapter = time.perf_counter() - began - service;"
    "rss = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmRSS'));"
    "import json; print(json.dumps([service, adapter, rss / 1024]))"
)

type Work = Callable[[], Awaitable[None]]


async def measure_models() -> list[Measure]:
    """Rounds of ours and of the library's in turns, so that a slow moment falls on both; medians of rounds."""
    with ModelServer(_answer) as server:
        library = openai.AsyncOpenAI(base_url=server.url, api_key="none", max_retries=0)
        ours = _caller(server)
        runs, bare_runs = await _compare(lambda: _run(ours), lambda: _bare_run(library))
        stream, bare_stream = await _compare(lambda: _stream(ours), lambda: _bare_stream(library))
        await library.close()
        await ours.aclose()
    return [
        Measure(
            "a run of two model calls and a tool",
            runs,
            "ms CPU",
            bar=CALLS_BAR_MS,
            note=f"openai alone {bare_runs:.1f}",
        ),
        Measure(
            "a streamed token, of 100",
            stream / TOKENS,
            "ms CPU",
            bar=TOKEN_BAR_MS,
            note=f"openai alone {bare_stream / TOKENS:.3f}",
        ),
        await _fallback(),
        *await asyncio.to_thread(_weight),
    ]


def _answer(call: Call) -> Answer:
    if call.streamed:
        return SAID
    return Answer("Houve três avisos.") if call.messages[-1]["role"] == "tool" else USED


def _caller(*servers: ModelServer) -> ModelCaller:
    """With a budget that is asked and spans that are recorded, but neither database nor exporter."""
    links = [
        Link(OpenAIProvider(name=ProviderName.OPENAI_COMPATIBLE, model="m", api_key=None, base_url=server.url))
        for server in servers
    ]
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("bench")
    return ModelCaller(links, ledger=NullLedger(), telemetry=Telemetry(tracer=tracer))


async def _compare(ours: Work, bare: Work) -> tuple[float, float]:
    for work in (ours, bare):
        await _round(work)
    pairs = [(await _round(ours), await _round(bare)) for _ in range(ROUNDS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


async def _round(work: Work) -> float:
    """Milliseconds of this thread's processor time."""
    began = time.thread_time()
    for _ in range(PER_ROUND):
        await work()
    return (time.thread_time() - began) / PER_ROUND * 1000


async def _run(caller: ModelCaller) -> None:
    asked = (ChatMessage("user", QUESTION),)
    tools = (ToolSpec("look", "Looks at a day.", TOOL),)
    first = await caller.chat(ChatRequest(asked, tools=tools), context=CONTEXT)
    day = json.loads(first.tool_calls[0].arguments)["day"]
    told = (
        *asked,
        ChatMessage("assistant", first.text, tool_calls=first.tool_calls),
        ChatMessage("tool", f"{day}: 3", tool_call_id=first.tool_calls[0].id),
    )
    await caller.chat(ChatRequest(told, tools=tools), context=CONTEXT)


async def _bare_run(library: openai.AsyncOpenAI) -> None:
    messages: Any = [{"role": "user", "content": QUESTION}]
    tools: Any = [
        {"type": "function", "function": {"name": "look", "description": "Looks at a day.", "parameters": TOOL}}
    ]
    first = await library.chat.completions.create(model="m", messages=messages, tools=tools)
    calls: Any = first.choices[0].message.tool_calls
    call = calls[0]
    day = json.loads(call.function.arguments)["day"]
    named = {"name": call.function.name, "arguments": call.function.arguments}
    messages.append({"role": "assistant", "tool_calls": [{"id": call.id, "type": "function", "function": named}]})
    messages.append({"role": "tool", "tool_call_id": call.id, "content": f"{day}: 3"})
    await library.chat.completions.create(model="m", messages=messages, tools=tools)


async def _stream(caller: ModelCaller) -> None:
    request = ChatRequest((ChatMessage("user", QUESTION),))
    heard = [event.text async for event in caller.stream(request, context=CONTEXT) if isinstance(event, Delta)]
    assert "".join(heard) == SAID.text


async def _bare_stream(library: openai.AsyncOpenAI) -> None:
    stream = await library.chat.completions.create(
        model="m", messages=[{"role": "user", "content": QUESTION}], stream=True
    )
    heard = [chunk.choices[0].delta.content or "" async for chunk in stream]
    assert "".join(heard) == SAID.text


async def _fallback() -> Measure:
    """From the first request to a provider that answers 500 until the next one has the request: two failures included."""
    added: list[float] = []
    with ModelServer(lambda _: Answer(fault=Fault("status", status=500))) as bad, ModelServer(lambda _: "sim") as good:
        caller = _caller(bad, good)
        for _ in range(FALLBACKS):
            fresh = ModelCaller([Link(link.provider) for link in caller.links], ledger=NullLedger())
            bad.calls.clear()
            good.calls.clear()
            async for _event in fresh.stream(ChatRequest((ChatMessage("user", QUESTION),)), context=CONTEXT):
                await asyncio.sleep(0)
            added.append((good.calls[0].at - bad.calls[0].at) * 1000)
        await caller.aclose()
    note = f"p50 {median(added):.0f}; asked twice, with a wait of 10 to 20 ms between"
    return Measure(
        "falling back before the first token, p95", quantiles(added, n=20)[-1], "ms", bar=FALLBACK_BAR_MS, note=note
    )


def _weight() -> list[Measure]:
    """Of a process of its own, in an environment as its image has it: nothing that this one has loaded counts."""
    python, sources = deployed_ai_svc()
    environment = dict(os.environ) | sources
    told = subprocess.run([python, "-c", IMPORTS], env=environment, capture_output=True, text=True, check=True).stdout
    service, adapter, rss = json.loads(told)
    return [
        Measure("ai-svc: import", service, "s", bar=IMPORT_BAR_S, note=f"the adapter for OpenAI adds {adapter:.2f} s"),
        Measure(
            "ai-svc: memory with all of it imported",
            rss,
            "MB",
            bar=RSS_BAR_MB,
            note="RSS, without the offline embedder",
        ),
    ]
