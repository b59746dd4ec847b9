"""Anthropic and Google in their own protocols: what is sent, what is read, and what their failures become."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from canned_server import HANG, Canned, canned, events
from model_calls import asking
from pydantic import SecretStr

from ai_svc.brain.adapters.anthropic import AnthropicProvider
from ai_svc.brain.adapters.google import GoogleProvider
from ai_svc.brain.chat import ChatMessage, ChatRequest, Delta, Done, FinishReason, Provider, ToolCall, ToolSpec, Usage
from ai_svc.brain.exceptions import ModelFailed, ModelLimited, ModelMisconfigured, ModelRefused, NotSupported

KEY = SecretStr("k")
CALL = ToolCall("t1", "look", '{"day": 3}')
REQUEST = ChatRequest(
    messages=(
        ChatMessage("system", "Seja breve."),
        ChatMessage("user", "Olhe."),
        ChatMessage("assistant", "vejo", tool_calls=(CALL,)),
        ChatMessage("tool", "3 avisos", tool_call_id="t1"),
    ),
    tools=(ToolSpec("look", "Looks.", {"type": "object", "properties": {"day": {"type": "integer"}}}),),
    temperature=0.2,
    max_output_tokens=77,
)
SCHEMA = {"title": "A", "type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}

START = {
    "type": "message_start",
    "message": {"model": "claude-x", "usage": {"input_tokens": 9, "cache_read_input_tokens": 2, "output_tokens": 1}},
}
CLAUDE = (
    START,
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "São "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Luís.\u2028Fim"}},
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "t2", "name": "look", "input": {}},
    },
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"day"'}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": ": 4}"}},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 12}},
    {"type": "message_stop"},
)


def gemini(*parts: dict[str, Any], finish: str | None = None, **usage: int) -> dict[str, Any]:
    chunk: dict[str, Any] = {
        "candidates": [{"content": {"role": "model", "parts": list(parts)}}],
        "modelVersion": "gemini-x",
    }
    if finish:
        chunk["candidates"][0]["finishReason"] = finish
    return chunk | ({"usageMetadata": usage} if usage else {})


GEMINI = (
    gemini({"text": "hm", "thought": True}),
    gemini({"text": "São "}),
    gemini({"text": "Luís.\u2028Fim"}, {"functionCall": {"id": "t2", "name": "look", "args": {"day": 4}}}),
    gemini(finish="STOP", promptTokenCount=11, candidatesTokenCount=10, thoughtsTokenCount=2),
)
STREAMS = {"anthropic": CLAUDE, "google": GEMINI}


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[tuple[Provider, Canned]]:
    async with canned() as server:
        provider: Provider = (
            AnthropicProvider(model="claude-x", api_key=KEY, base_url=server.url)
            if name == "anthropic"
            else GoogleProvider(model="gemini-x", api_key=KEY, base_url=server.url)
        )
        yield provider, server
        await provider.aclose()


async def said(provider: Provider, request: ChatRequest = REQUEST) -> list[Delta | Done]:
    return [event async for event in provider.stream(request)]


@pytest.mark.parametrize("name", STREAMS)
async def test_a_stream_is_read_to_its_end(name: str) -> None:
    async with opened(name) as (provider, server):
        server.blocks = events(*STREAMS[name])
        *deltas, done = await said(provider)
    assert [delta.text for delta in deltas if isinstance(delta, Delta)] == ["São ", "Luís.\u2028Fim"]
    assert isinstance(done, Done)
    result = done.result
    assert result.text == "São Luís.\u2028Fim"
    assert result.usage == Usage(11, 12)
    assert result.finish_reason is FinishReason.TOOL_CALLS
    assert [(call.id, call.name, json.loads(call.arguments)) for call in result.tool_calls] == [
        ("t2", "look", {"day": 4})
    ]


async def test_what_anthropic_is_sent() -> None:
    async with opened("anthropic") as (provider, server):
        server.blocks = events(*CLAUDE)
        await said(provider)
        await said(provider, asking(schema=SCHEMA))
    (path, body), (_, shaped) = server.asked
    assert (path, body["system"], body["max_tokens"], body["temperature"]) == ("/v1/messages", "Seja breve.", 77, 0.2)
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["messages"][1]["content"][1] == {"type": "tool_use", "id": "t1", "name": "look", "input": {"day": 3}}
    assert body["messages"][2]["content"] == [{"type": "tool_result", "tool_use_id": "t1", "content": "3 avisos"}]
    assert body["tools"][0]["input_schema"] == REQUEST.tools[0].parameters
    assert shaped["output_config"]["format"]["schema"]["required"] == ["a"]


async def test_what_google_is_sent() -> None:
    async with opened("google") as (provider, server):
        server.blocks = events(*GEMINI)
        await said(provider)
        await said(provider, asking(schema=SCHEMA))
    (path, body), (_, shaped) = server.asked
    assert "gemini-x:streamGenerateContent" in path
    assert body["systemInstruction"]["parts"][0]["text"] == "Seja breve."
    assert body["generationConfig"]["maxOutputTokens"] == 77
    assert [content["role"] for content in body["contents"]] == ["user", "model", "user"]
    answered = body["contents"][2]["parts"][0]["functionResponse"]
    assert (answered["name"], answered["response"]) == ("look", {"result": "3 avisos"})
    assert shaped["generationConfig"]["responseJsonSchema"] == SCHEMA


WHOLE = {
    "anthropic": {
        "model": "claude-x",
        "usage": {"input_tokens": 3, "output_tokens": 2},
        "stop_reason": "max_tokens",
        "content": [{"type": "text", "text": "São Luís"}],
    },
    "google": gemini({"text": "São Luís"}, finish="MAX_TOKENS", promptTokenCount=3, candidatesTokenCount=2),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_whole_answer(name: str) -> None:
    async with opened(name) as (provider, server):
        server.content_type, server.blocks = "application/json", [json.dumps(WHOLE[name]).encode()]
        result = await provider.chat(asking())
    assert (result.text, result.finish_reason, result.usage) == ("São Luís", FinishReason.LENGTH, Usage(3, 2))


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize(
    ("status", "error"),
    [(400, ModelRefused), (401, ModelMisconfigured), (429, ModelLimited), (500, ModelFailed), (529, ModelFailed)],
)
async def test_errors_become_ours_without_their_words(name: str, status: int, error: type[Exception]) -> None:
    async with opened(name) as (provider, server):
        server.status, server.content_type, server.headers = status, "application/json", "Retry-After: 7\r\n"
        server.blocks = [
            json.dumps({"error": {"type": "x", "code": status, "message": "segredo", "status": "X"}}).encode()
        ]
        for call in (said(provider), provider.chat(asking())):
            with pytest.raises(error) as caught:
                await call
            assert "segredo" not in str(caught.value)
            assert caught.value.__suppress_context__
    if isinstance(caught.value, ModelLimited):
        assert caught.value.retry_after == 7
    assert len(server.asked) == 2, "nothing is tried again behind our back"


@pytest.mark.parametrize("name", STREAMS)
async def test_a_stream_that_ends_early_is_no_answer(name: str) -> None:
    async with opened(name) as (provider, server):
        for blocks in (events(*STREAMS[name][:3]), [*events(*STREAMS[name][:2]), b"data: {half\n\n"]):
            server.blocks = blocks
            with pytest.raises(ModelFailed):
                await said(provider)


@pytest.mark.parametrize("name", STREAMS)
async def test_closing_the_iterator_closes_the_connection(name: str) -> None:
    async with opened(name) as (provider, server):
        server.blocks = [*events(*STREAMS[name][:5]), HANG]
        stream = provider.stream(REQUEST)
        assert await anext(stream) == Delta("São ")
        await stream.aclose()
        async with asyncio.timeout(20):
            await server.left.wait()


async def test_anthropic_has_no_embeddings() -> None:
    async with opened("anthropic") as (provider, _):
        with pytest.raises(NotSupported):
            await provider.embed(["a"])


async def test_google_embeds() -> None:
    async with opened("google") as (provider, server):
        server.content_type = "application/json"
        server.blocks = [json.dumps({"embeddings": [{"values": [0.5, 1]}, {"values": [2, 3]}]}).encode()]
        assert await provider.embed(["a", "b"]) == [[0.5, 1.0], [2.0, 3.0]]
