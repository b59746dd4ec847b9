"""The scripted model speaks the protocol that OpenAI's own client understands, and fails in the ways it is told."""

import asyncio
import json
from typing import Any

import httpx
import openai
import pytest

from shared_utils.testing.model_server import Answer, Call, Fault, ModelServer, ToolUse, vector_of
from shared_utils.testing.waiting import until

QUESTION: list[Any] = [{"role": "user", "content": "Qual é a capital?"}]
TOOL: Any = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


def client_of(server: ModelServer, **options: Any) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=server.url, api_key="any", max_retries=0, **options)


async def streamed(client: openai.AsyncOpenAI, **options: Any) -> list[Any]:
    stream = await client.chat.completions.create(model="m", messages=QUESTION, stream=True, **options)
    return [chunk async for chunk in stream]


async def listen(client: openai.AsyncOpenAI, heard: list[str]) -> None:
    async for chunk in await client.chat.completions.create(model="m", messages=QUESTION, stream=True):
        heard += [chunk.choices[0].delta.content] if chunk.choices[0].delta.content else []


async def test_a_whole_answer_and_a_stream_say_the_same_with_usage() -> None:
    async with ModelServer(["São Luís, no Maranhão.", "São Luís, no Maranhão."]) as server, client_of(server) as client:
        whole = await client.chat.completions.create(model="m", messages=QUESTION)
        chunks = await streamed(client, stream_options={"include_usage": True})
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content == "São Luís, no Maranhão."
    assert chunks[-1].usage == whole.usage
    assert [call.last for call in server.chats] == ["Qual é a capital?"] * 2
    assert [call.streamed for call in server.chats] == [False, True]


async def test_tools_are_called_whole_and_in_pieces() -> None:
    answer = Answer(tools=(ToolUse("look", '{"day": "2026-11-20"}', id="c7"),))
    async with ModelServer(lambda _: answer) as server, client_of(server) as client:
        whole = await client.chat.completions.create(model="m", messages=QUESTION, tools=[TOOL])
        chunks = await streamed(client, tools=[TOOL])
    called = (whole.choices[0].message.tool_calls or [])[0]
    pieces = [chunk.choices[0].delta.tool_calls[0] for chunk in chunks if chunk.choices[0].delta.tool_calls]
    assert (
        called.function.arguments == "".join(piece.function.arguments for piece in pieces) == answer.tools[0].arguments
    )  # type: ignore[union-attr]
    assert (pieces[0].id, pieces[0].function.name, whole.choices[0].finish_reason) == ("c7", "look", "tool_calls")
    assert server.chats[0].tool_names == ["look"]


async def test_a_script_may_be_a_function_and_sees_the_schema() -> None:
    def reply(call: Call) -> str:
        return json.dumps(dict.fromkeys((call.schema or {})["properties"], "ok"))

    schema = {"name": "n", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}
    async with ModelServer(reply) as server, client_of(server) as client:
        wanted: Any = {"type": "json_schema", "json_schema": schema}
        answer = await client.chat.completions.create(model="m", messages=QUESTION, response_format=wanted)
    assert answer.choices[0].message.content == '{"title": "ok"}'


async def test_a_script_that_is_over_says_so() -> None:
    async with ModelServer(["one"]) as server, client_of(server) as client:
        await streamed(client)
        with pytest.raises(openai.BadRequestError, match="no more answers"):
            await streamed(client)


async def test_embeddings_depend_on_the_text_alone_in_both_encodings() -> None:
    async with ModelServer() as server, client_of(server) as client:
        packed = await client.embeddings.create(model="m", input=["um", "dois"])
        plain = await client.embeddings.create(model="m", input="um", encoding_format="float")
        listed = [model.id async for model in client.models.list()]
    assert packed.data[0].embedding == pytest.approx(vector_of("um"), abs=1e-6)
    assert plain.data[0].embedding == pytest.approx(vector_of("um"), abs=1e-6)
    assert packed.data[1].embedding != packed.data[0].embedding
    assert listed == ["scripted"]


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault("refuse"), openai.APIConnectionError, 0),
        (Fault("status", status=500), openai.InternalServerError, 0),
        (Fault("status", status=429, retry_after="3"), openai.RateLimitError, 0),
        (Fault("cut", after=2), openai.APIConnectionError, 2),
        (Fault("cut", after=9), openai.APIConnectionError, 4),
        (Fault("bad_json", after=1), json.JSONDecodeError, 1),
        (Fault("error_event", after=3), openai.APIError, 3),
    ],
)
async def test_faults_break_a_stream_where_they_are_told_to(fault: Fault, error: type[Exception], said: int) -> None:
    heard: list[str] = []
    async with ModelServer([Answer("um dois três quatro", fault)]) as server, client_of(server) as client:
        with pytest.raises(error) as caught:
            await listen(client, heard)
    assert heard == ["um ", "dois ", "três ", "quatro"][:said]
    if isinstance(caught.value, openai.RateLimitError):
        assert caught.value.response.headers["retry-after"] == "3"


async def test_faults_that_openais_client_does_not_notice() -> None:
    script = [Answer("um dois", Fault(kind, after=1)) for kind in ("no_done", "end_early", "no_usage", "wrong_usage")]
    async with ModelServer(script) as server, client_of(server) as client:
        no_done, early, no_usage, wrong = [
            await streamed(client, stream_options={"include_usage": True}) for _ in script
        ]
    assert no_done[-1].usage.completion_tokens == 2
    assert [chunk.choices[0].finish_reason for chunk in early] == [None, None]
    assert no_usage[-1].usage is None
    assert wrong[-1].usage.prompt_tokens < 0


@pytest.mark.parametrize(("after", "heard"), [(None, 0), (0, 0), (2, 2)])
async def test_a_client_that_leaves_is_noticed(after: int | None, heard: int) -> None:
    async with ModelServer([Answer("um dois três", Fault("hang", after=after)), "still here"]) as server:
        async with client_of(server) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await streamed(client)
            await until(lambda: server.chats[0].gone_at, what="the server noticed")
            assert await streamed(client), "another call is answered"
        assert (server.chats[0].sent, server.chats[0].finished) == (heard, False)
        assert server.chats[1].gone_at is None


def test_in_a_thread_of_its_own_and_with_a_key() -> None:
    with ModelServer(["olá"], api_key="right") as server:
        body = {"model": "m", "messages": QUESTION}
        wrong = httpx.post(f"{server.url}/chat/completions", json=body)
        right = httpx.post(f"{server.url}/chat/completions", json=body, headers={"Authorization": "Bearer right"})
    assert (wrong.status_code, right.status_code) == (401, 200)
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{server.url}/chat/completions", json=body)
