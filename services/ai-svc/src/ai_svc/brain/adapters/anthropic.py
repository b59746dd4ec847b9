"""Anthropic's models over its own Messages API; needs the extra `anthropic`.

https://platform.claude.com/docs/en/api/messages and `/messages-streaming`. Its layer in OpenAI's protocol ignores
strict schemas and is not meant for production, so it is not used.
"""

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import anthropic
import httpx2
from pydantic import SecretStr

from ai_svc.brain.adapters.faults import quieten, status_error
from ai_svc.brain.adapters.sse import events_of
from ai_svc.brain.chat import ChatMessage, ChatRequest, ChatResult, Delta, Done, FinishReason, ToolCall, Usage
from ai_svc.brain.exceptions import ModelFailed, ModelTimedOut, NotSupported
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.timeouts import Timeouts
from shared_utils.http.tls import trusted

_MESSAGES: Final = "/v1/messages"
_Event = anthropic.types.RawMessageStartEvent
_Stream = anthropic.AsyncStream[_Event]
_REASONS: Final = {
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "tool_use": FinishReason.TOOL_CALLS,
    "refusal": FinishReason.FILTERED,
}


class AnthropicProvider:
    """One of Anthropic's models. `base_url` is for gateways that speak the same API."""

    name = ProviderName.ANTHROPIC

    def __init__(
        self,
        *,
        model: str,
        api_key: SecretStr,
        base_url: str | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        limits = timeouts or Timeouts()
        self.model = model
        self._client = anthropic.AsyncAnthropic(
            api_key=api_key.get_secret_value(),
            base_url=base_url or "https://api.anthropic.com",  # never from the environment
            max_retries=0,
            http_client=anthropic.DefaultAsyncHttpxClient(
                timeout=httpx2.Timeout(limits.whole, connect=limits.connect), verify=trusted()
            ),
        )
        quieten("anthropic", "httpx2", "httpcore2", "httpx", "httpcore")

    async def chat(self, request: ChatRequest) -> ChatResult:
        """One whole answer."""
        with _our_errors():
            answer = await self._client.post(_MESSAGES, cast_to=httpx2.Response, body=_body(self.model, request))
            content = json.loads(answer.content)
            reading = _Reading(self.model)
            reading.whole(content)
            return reading.result()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """Text as it comes, then `Done`. Closing the iterator closes the connection."""
        reading = _Reading(self.model)
        body = {**_body(self.model, request), "stream": True}
        with _our_errors():
            stream = await self._client.post(_MESSAGES, cast_to=_Event, body=body, stream=True, stream_cls=_Stream)
            try:
                async with aclosing(events_of(stream.response)) as events:
                    async for event in events:
                        text = reading.take(event or {})
                        if text:
                            yield Delta(text)
            except (ModelFailed, ValueError, httpx2.HTTPError):
                if reading.stop_reason is None:
                    raise
            finally:
                await stream.response.aclose()
            result = reading.result()
        yield Done(result)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Anthropic has no embeddings: raises `NotSupported`."""
        del texts
        raise NotSupported("Anthropic has no embeddings; choose another provider for them")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()


@dataclass(slots=True)
class _Reading:
    """What an answer has said so far."""

    model: str
    texts: list[str] = field(default_factory=list)
    calls: dict[int, list[str]] = field(default_factory=dict)
    """Place -> id, name, arguments."""
    stop_reason: str | None = None
    input_tokens: int = -1
    output_tokens: int = -1

    def take(self, event: dict[str, Any]) -> str:
        """Takes one event in; answers the text that is new."""
        match event.get("type"):
            case "error":
                raise ModelFailed
            case "message_start":
                self._message(event["message"])
            case "content_block_start":
                return self._block(event["index"], event["content_block"])
            case "content_block_delta":
                return self._delta(event["index"], event["delta"])
            case "message_delta":
                self.stop_reason = event["delta"].get("stop_reason") or self.stop_reason
                self.output_tokens = (event.get("usage") or {}).get("output_tokens", self.output_tokens)
        return ""

    def whole(self, message: dict[str, Any]) -> None:
        """Takes a message in that is not streamed."""
        self._message(message)
        self.stop_reason = message["stop_reason"]
        self.output_tokens = message["usage"]["output_tokens"]
        for place, block in enumerate(message["content"]):
            self._block(place, block)

    def result(self) -> ChatResult:
        """The whole answer. Raises `ModelFailed` when the stream stopped before its end."""
        if self.stop_reason is None:
            raise ModelFailed
        calls = tuple(
            ToolCall(call_id, name, arguments or "{}") for _, (call_id, name, arguments) in sorted(self.calls.items())
        )
        return ChatResult(
            text="".join(self.texts),
            tool_calls=calls,
            finish_reason=_REASONS.get(self.stop_reason, FinishReason.STOP),
            usage=Usage(self.input_tokens, self.output_tokens),
            provider=ProviderName.ANTHROPIC,
            model=self.model,
        )

    def _message(self, message: dict[str, Any]) -> None:
        usage = message["usage"]
        self.model = message.get("model") or self.model
        # What is read from or written to the prompt cache is counted apart from the rest of the input.
        cached = (usage.get("cache_read_input_tokens") or 0) + (usage.get("cache_creation_input_tokens") or 0)
        self.input_tokens = usage["input_tokens"] + cached

    def _block(self, place: int, block: dict[str, Any]) -> str:
        if block["type"] == "tool_use":
            given = block.get("input")
            self.calls[place] = [block["id"], block["name"], json.dumps(given) if given else ""]
        return self._text(block.get("text") or "") if block["type"] == "text" else ""

    def _delta(self, place: int, delta: dict[str, Any]) -> str:
        if delta["type"] == "input_json_delta":
            self.calls[place][2] += delta["partial_json"]
        return self._text(delta["text"]) if delta["type"] == "text_delta" else ""

    def _text(self, text: str) -> str:
        if text:
            self.texts.append(text)
        return text


def _body(model: str, request: ChatRequest) -> dict[str, Any]:
    system = "\n\n".join(message.content for message in request.messages if message.role == "system")
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_output_tokens,
        "messages": [_message(message) for message in request.messages if message.role != "system"],
    }
    if system:
        body["system"] = system
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
            for tool in request.tools
        ]
    if request.schema is not None:
        schema = anthropic.transform_schema(request.schema)
        body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return body


def _message(message: ChatMessage) -> dict[str, Any]:
    if message.role == "tool":
        result = {"type": "tool_result", "tool_use_id": message.tool_call_id, "content": message.content}
        return {"role": "user", "content": [result]}
    if not message.tool_calls:
        return {"role": message.role, "content": message.content}
    said = [{"type": "text", "text": message.content}] if message.content else []
    uses = [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": json.loads(call.arguments or "{}")}
        for call in message.tool_calls
    ]
    return {"role": "assistant", "content": [*said, *uses]}


@contextmanager
def _our_errors() -> Iterator[None]:
    """Nothing of the library's leaves this file, also not what breaks while its answer is taken apart."""
    try:
        yield
    except (anthropic.APITimeoutError, httpx2.TimeoutException):
        raise ModelTimedOut from None
    except anthropic.APIStatusError as error:
        raise status_error(error.status_code, code=_code(error), headers=error.response.headers) from None
    except (anthropic.AnthropicError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelFailed from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ModelFailed from None


def _code(error: anthropic.APIStatusError) -> str | None:
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    return str(inner.get("type")) if isinstance(inner, dict) else None
