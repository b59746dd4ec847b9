"""A caller that answers as a test says, for what stands on top of calls to models."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from ai_svc.brain.chat import CallContext, ChatRequest, ChatResult, FinishReason, StreamEvent, Usage
from ai_svc.brain.schemas import ProviderName

type Script = Callable[[ChatRequest], str | ChatResult | Exception]


def answer(text: str, *, provider: ProviderName = ProviderName.OPENAI_COMPATIBLE, **fields: Any) -> ChatResult:
    known: dict[str, Any] = {"tool_calls": (), "finish_reason": FinishReason.STOP, "usage": Usage(100, 10)}
    return ChatResult(text=text, provider=provider, model="scripted", **(known | fields))


@dataclass
class ScriptedCaller:
    """`calls` are the requests with their contexts, in their order."""

    script: Script
    calls: list[tuple[ChatRequest, CallContext]] = field(default_factory=list)

    async def chat(self, request: ChatRequest, *, context: CallContext) -> ChatResult:
        self.calls.append((request, context))
        said = self.script(request)
        if isinstance(said, Exception):
            raise said
        return answer(said) if isinstance(said, str) else said

    def stream(self, request: ChatRequest, *, context: CallContext) -> AsyncIterator[StreamEvent]:
        raise NotImplementedError

    async def structured[T: BaseModel](self, request: ChatRequest, answer: type[T], *, context: CallContext) -> T:
        raise NotImplementedError


def given(request: ChatRequest) -> str:
    """All that a request says."""
    return "\n".join(message.content for message in request.messages)
