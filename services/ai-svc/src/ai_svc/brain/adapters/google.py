"""Google's Gemini models over the Gemini API; needs the extra `google`.

https://ai.google.dev/api/generate-content. The library reads the stream; it has no retries of its own here.
"""

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpx
import httpx2
from google import genai
from google.genai import errors, types
from pydantic import SecretStr

from ai_svc.brain.adapters.faults import quieten, status_error
from ai_svc.brain.chat import ChatMessage, ChatRequest, ChatResult, Delta, Done, FinishReason, ToolCall, Usage
from ai_svc.brain.exceptions import ModelFailed, ModelTimedOut
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.timeouts import Timeouts
from shared_utils.http.tls import trusted

_FILTERED: Final = frozenset({"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"})


# The library keeps a stream's connection open when its iterator is closed, and shows nobody the response: it is
# remembered when its head comes, in the context of the task that asked.
_opened: ContextVar[list[httpx2.Response] | None] = ContextVar("opened_streams", default=None)


class GoogleProvider:
    """One Gemini model, and one for embeddings."""

    name = ProviderName.GOOGLE

    def __init__(
        self,
        *,
        model: str,
        api_key: SecretStr,
        embedding_model: str = "gemini-embedding-001",
        base_url: str | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        limits = timeouts or Timeouts()
        self.model = model
        self._embedding_model = embedding_model
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(limits.whole, connect=limits.connect),
            verify=trusted(),
            event_hooks={"response": [_remember]},
        )
        self._client = genai.Client(
            api_key=api_key.get_secret_value(),
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=base_url,
                timeout=round(limits.whole * 1000),
                httpx_async_client=self._http,
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )
        quieten("google_genai", "google.auth", "httpx2", "httpcore2", "httpx", "httpcore")

    async def chat(self, request: ChatRequest) -> ChatResult:
        """One whole answer."""
        reading = _Reading(self.model)
        with _our_errors():
            reading.take(
                await self._client.aio.models.generate_content(
                    model=self.model, contents=_contents(request), config=_config(request)
                )
            )
        return reading.result()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """Text as it comes, then `Done`. Closing the iterator closes the connection."""
        reading = _Reading(self.model)
        responses: list[httpx2.Response] = []
        _opened.set(responses)
        with _our_errors():
            chunks: Any = await self._client.aio.models.generate_content_stream(
                model=self.model, contents=_contents(request), config=_config(request)
            )
            try:
                async for chunk in chunks:
                    text = reading.take(chunk)
                    if text:
                        yield Delta(text)
            finally:
                await chunks.aclose()
                for response in responses:
                    await response.aclose()
        yield Done(reading.result())

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text."""
        with _our_errors():
            answer = await self._client.aio.models.embed_content(model=self._embedding_model, contents=list(texts))
            vectors = [list(one.values or ()) for one in answer.embeddings or ()]
        if len(vectors) != len(texts):
            raise ModelFailed
        return vectors

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aio.aclose()
        await self._http.aclose()


class _Reading:
    """What an answer has said so far."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._texts: list[str] = []
        self._calls: list[ToolCall] = []
        self._finish: str | None = None
        self._usage = Usage(-1, -1)

    def take(self, chunk: types.GenerateContentResponse) -> str:
        """Takes a chunk in; answers the text that is new, thoughts left out."""
        self._model = chunk.model_version or self._model
        counted = chunk.usage_metadata
        if counted is not None and counted.prompt_token_count is not None:
            made = (counted.candidates_token_count or 0) + (counted.thoughts_token_count or 0)
            self._usage = Usage(counted.prompt_token_count, made)
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason is not None:
            self._finish = "SAFETY"
        candidate = chunk.candidates[0] if chunk.candidates else None
        if candidate is None:
            return ""
        if candidate.finish_reason is not None:
            self._finish = candidate.finish_reason.value
        parts = candidate.content.parts if candidate.content is not None else None
        return "".join(self._part(part) for part in parts or ())

    def result(self) -> ChatResult:
        """The whole answer. Raises `ModelFailed` when it stopped before its end."""
        if self._finish is None:
            raise ModelFailed
        return ChatResult(
            text="".join(self._texts),
            tool_calls=tuple(self._calls),
            finish_reason=self._reason(self._finish),
            usage=self._usage,
            provider=ProviderName.GOOGLE,
            model=self._model,
        )

    def _part(self, part: types.Part) -> str:
        if part.function_call is not None:
            call = part.function_call
            self._calls.append(
                ToolCall(call.id or f"call_{len(self._calls)}", call.name or "", json.dumps(call.args or {}))
            )
        if not part.text or part.thought:
            return ""
        self._texts.append(part.text)
        return part.text

    def _reason(self, finish: str) -> FinishReason:
        if self._calls:
            return FinishReason.TOOL_CALLS
        if finish in _FILTERED:
            return FinishReason.FILTERED
        return FinishReason.LENGTH if finish == "MAX_TOKENS" else FinishReason.STOP


async def _remember(response: httpx2.Response) -> None:
    opened = _opened.get()
    if opened is not None and ":streamGenerateContent" in response.request.url.path:
        opened.append(response)


def _config(request: ChatRequest) -> types.GenerateContentConfig:
    system = "\n\n".join(message.content for message in request.messages if message.role == "system")
    declared = [
        types.FunctionDeclaration(name=tool.name, description=tool.description, parameters_json_schema=tool.parameters)
        for tool in request.tools
    ]
    return types.GenerateContentConfig(
        system_instruction=system or None,
        max_output_tokens=request.max_output_tokens,
        temperature=request.temperature,
        tools=[types.Tool(function_declarations=declared)] if declared else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        response_mime_type="application/json" if request.schema is not None else None,
        response_json_schema=request.schema,
    )


def _contents(request: ChatRequest) -> Any:
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    return [_content(message, names) for message in request.messages if message.role != "system"]


def _content(message: ChatMessage, names: dict[str, str]) -> types.Content:
    if message.role == "tool":
        answered = types.FunctionResponse(
            id=message.tool_call_id,
            name=names.get(message.tool_call_id or "", "tool"),
            response={"result": message.content},
        )
        return types.Content(role="user", parts=[types.Part(function_response=answered)])
    parts = [types.Part(text=message.content)] if message.content else []
    parts += [
        types.Part(function_call=types.FunctionCall(id=call.id, name=call.name, args=json.loads(call.arguments)))
        for call in message.tool_calls
    ]
    return types.Content(role="model" if message.role == "assistant" else "user", parts=parts)


@contextmanager
def _our_errors() -> Iterator[None]:
    """Nothing of the library's leaves this file, also not what breaks while its answer is taken apart."""
    try:
        yield
    except (httpx.TimeoutException, httpx2.TimeoutException):
        raise ModelTimedOut from None
    except errors.APIError as error:
        headers = getattr(error.response, "headers", None)
        raise status_error(error.code, code=error.status, headers=headers) from None
    except (httpx.HTTPError, httpx.StreamError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelFailed from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ModelFailed from None
