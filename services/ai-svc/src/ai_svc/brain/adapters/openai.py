"""OpenAI, and every server that speaks its protocol: Ollama, vLLM, llama.cpp, LiteLLM's proxy, OpenRouter and others.

The `openai` library sends requests, with its own retries off: the chain decides about those. It is given the body as
it goes out, since going over each message for its types is a quarter of what a call costs. Streams are read here, line
by line: that is cheaper, and tells an end from a cut, which the library both takes for an end.
"""

import base64
import json
from array import array
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import openai
from pydantic import SecretStr

from ai_svc.brain.adapters.faults import quieten, status_error
from ai_svc.brain.adapters.sse import events_of
from ai_svc.brain.chat import ChatMessage, ChatRequest, ChatResult, Delta, Done, FinishReason, ToolCall, Usage
from ai_svc.brain.exceptions import ModelFailed, ModelTimedOut, NotSupported
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.timeouts import Timeouts
from shared_utils.http.tls import trusted

EMBEDDING_BATCH: Final = 256
"""Texts per request; OpenAI takes 2,048, but no more than 300,000 tokens in all."""
_REASONS: Final = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
    "content_filter": FinishReason.FILTERED,
}
_CHAT: Final = "/chat/completions"
_Chunk = openai.types.chat.ChatCompletionChunk
_Stream = openai.AsyncStream[_Chunk]
# Servers without a key still want the header.
_NO_KEY: Final = "none"


class OpenAIProvider:
    """One model behind a URL. `embedding_model` is another one, when there is any."""

    def __init__(
        self,
        *,
        name: ProviderName,
        model: str,
        api_key: SecretStr | None,
        base_url: str | None = None,
        embedding_model: str | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        limits = timeouts or Timeouts()
        self.name = name
        self.model = model
        self._embedding_model = embedding_model
        self._client = openai.AsyncOpenAI(
            api_key=api_key.get_secret_value() if api_key is not None else _NO_KEY,
            base_url=base_url or "https://api.openai.com/v1",  # never from OPENAI_BASE_URL of the environment
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=httpx2.Timeout(limits.whole, connect=limits.connect), verify=trusted()
            ),
        )
        quieten("openai", "httpx2", "httpcore2", "httpx", "httpcore")

    async def chat(self, request: ChatRequest) -> ChatResult:
        """One whole answer."""
        with _our_errors():
            answer = await self._client.post(_CHAT, cast_to=httpx2.Response, body=self._body(request))
            return self._whole(json.loads(answer.content))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """Text as it comes, then `Done`. Closing the iterator closes the connection."""
        reading = _Reading(self.name, self.model)
        body = {**self._body(request), "stream": True, "stream_options": {"include_usage": True}}
        with _our_errors():
            stream = await self._client.post(_CHAT, cast_to=_Chunk, body=body, stream=True, stream_cls=_Stream)
            try:
                async with aclosing(events_of(stream.response)) as events:
                    async for event in events:
                        text = reading.take(event)
                        if text:
                            yield Delta(text)
            except (ModelFailed, ValueError, httpx2.HTTPError):
                # Whoever gave the reason for the end has said everything; what breaks after it breaks nothing.
                if not reading.ended:
                    raise
            finally:
                await stream.response.aclose()
        yield Done(reading.result())

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text. Raises `NotSupported` when no model for embeddings is configured."""
        if self._embedding_model is None:
            raise NotSupported("no model for embeddings is configured for this provider")
        vectors: list[list[float]] = []
        for start in range(0, len(texts), EMBEDDING_BATCH):
            vectors += await self._embed(self._embedding_model, list(texts[start : start + EMBEDDING_BATCH]))
        return vectors

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def _embed(self, model: str, texts: list[str]) -> list[list[float]]:
        with _our_errors():
            body = {"model": model, "input": texts, "encoding_format": "base64"}
            answer = await self._client.post("/embeddings", cast_to=httpx2.Response, body=body)
            rows = sorted(json.loads(answer.content)["data"], key=lambda row: row["index"])
            vectors = [_vector(row["embedding"]) for row in rows]
        if len(vectors) != len(texts):
            raise ModelFailed
        return vectors

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        # OpenAI's newer models refuse `max_tokens`, and older servers do not know the other name.
        limit = "max_completion_tokens" if self.name is ProviderName.OPENAI else "max_tokens"
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [_message(message) for message in request.messages],
            limit: request.max_output_tokens,
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
                }
                for tool in request.tools
            ]
        if request.schema is not None:
            named = {
                "name": _schema_name(request.schema),
                "schema": request.schema,
                "strict": is_strict(request.schema),
            }
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def _whole(self, answer: dict[str, Any]) -> ChatResult:
        choice = answer["choices"][0]
        message = choice["message"]
        refusal = message.get("refusal")
        calls = tuple(
            ToolCall(call.get("id") or f"call_{place}", call["function"]["name"], call["function"]["arguments"] or "{}")
            for place, call in enumerate(message.get("tool_calls") or ())
        )
        return ChatResult(
            text=message.get("content") or refusal or "",
            tool_calls=calls,
            finish_reason=FinishReason.FILTERED if refusal else _reason(choice.get("finish_reason"), calls),
            usage=_usage(answer.get("usage")),
            provider=self.name,
            model=answer.get("model") or self.model,
        )


@dataclass(slots=True)
class _Reading:
    """What a stream has said so far."""

    provider: ProviderName
    model: str
    texts: list[str] = field(default_factory=list)
    calls: dict[int, list[str]] = field(default_factory=dict)
    """Place -> id, name, arguments."""
    finish: str | None = None
    refused: bool = False
    done: bool = False
    usage: Any = None

    @property
    def ended(self) -> bool:
        return self.done or self.finish is not None

    def take(self, event: dict[str, Any] | None) -> str:
        """Takes one event in, None being the closing one; answers the text that is new."""
        if event is None:
            self.done = True
            return ""
        if event.get("error"):
            raise ModelFailed
        self.model = event.get("model") or self.model
        self.usage = event.get("usage") or self.usage
        new = ""
        for choice in event.get("choices") or ():
            delta = choice.get("delta") or {}
            new += delta.get("content") or delta.get("refusal") or ""
            self.refused = self.refused or bool(delta.get("refusal"))
            self.finish = choice.get("finish_reason") or self.finish
            for call in delta.get("tool_calls") or ():
                self._call(call)
        if new:
            self.texts.append(new)
        return new

    def result(self) -> ChatResult:
        """The whole answer. Raises `ModelFailed` when the stream stopped before its end."""
        if not self.ended:
            raise ModelFailed
        calls = tuple(
            ToolCall(call_id or f"call_{place}", name, arguments or "{}")
            for place, (call_id, name, arguments) in sorted(self.calls.items())
        )
        return ChatResult(
            text="".join(self.texts),
            tool_calls=calls,
            finish_reason=FinishReason.FILTERED if self.refused else _reason(self.finish, calls),
            usage=_usage(self.usage),
            provider=self.provider,
            model=self.model,
        )

    def _call(self, call: dict[str, Any]) -> None:
        parts = self.calls.setdefault(call.get("index", len(self.calls)), ["", "", ""])
        function = call.get("function") or {}
        parts[0] = call.get("id") or parts[0]
        parts[1] += function.get("name") or ""
        parts[2] += function.get("arguments") or ""


@contextmanager
def _our_errors() -> Iterator[None]:
    """Nothing of the library's leaves this file, also not what breaks while its answer is taken apart."""
    try:
        yield
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise ModelTimedOut from None
    except openai.APIStatusError as error:
        raise status_error(error.status_code, code=_code(error), headers=error.response.headers) from None
    except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelFailed from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ModelFailed from None


def _code(error: openai.APIStatusError) -> str | None:
    return error.code or error.type


def _message(message: ChatMessage) -> dict[str, Any]:
    body: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        body["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


def _schema_name(schema: dict[str, Any]) -> str:
    """OpenAI wants letters, digits, _ and -, 64 at most."""
    title = str(schema.get("title") or "answer")
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in title)[:64]


def is_strict(schema: Any) -> bool:
    """Whether OpenAI takes it as a strict schema: every object is closed and needs all of its properties.

    https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
    """
    if isinstance(schema, list):
        return all(is_strict(item) for item in schema)
    if not isinstance(schema, dict):
        return True
    if "properties" in schema or schema.get("type") == "object":
        closed = schema.get("additionalProperties") is False
        if not closed or set(schema.get("required", ())) != set(schema.get("properties", {})):
            return False
    return "default" not in schema and all(is_strict(value) for value in schema.values())


def _reason(value: str | None, calls: tuple[ToolCall, ...]) -> FinishReason:
    # Some servers say "stop" although they call tools.
    return FinishReason.TOOL_CALLS if calls else _REASONS.get(value or "stop", FinishReason.STOP)


def _usage(given: Any) -> Usage:
    """The provider's count; -1 and -1 when it gave none, which is for the caller to estimate."""
    if not isinstance(given, dict):
        return Usage(-1, -1)
    return Usage(int(given.get("prompt_tokens", -1)), int(given.get("completion_tokens", -1)))


def _vector(given: Any) -> list[float]:
    if isinstance(given, str):
        return array("f", base64.b64decode(given)).tolist()
    return [float(number) for number in given]
