"""What is said to a model and what comes back, in words that no provider owns."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from ai_svc.brain.schemas import ProviderName


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants called; `arguments` is JSON as the model wrote it, not yet checked."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn. `tool_calls` are an assistant's; `tool_call_id` says which one a tool's message answers."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may call; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One call. `schema` (JSON schema with a title) asks for JSON; `timeout_seconds` bounds the whole call."""

    messages: tuple[ChatMessage, ...]
    tools: tuple[ToolSpec, ...] = ()
    schema: dict[str, Any] | None = None
    max_output_tokens: int = 1024
    temperature: float | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `estimated` when the provider did not say and they were counted here."""

    input_tokens: int
    output_tokens: int
    estimated: bool = False


class FinishReason(StrEnum):
    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class ChatResult:
    """A whole answer and who gave it."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: FinishReason
    usage: Usage
    provider: ProviderName
    model: str


# --- streams: any number of these, then exactly one `Done` or `Failed` ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Began:
    """A provider took the call. Comes before the first token, once per provider that got as far as a token."""

    provider: ProviderName
    model: str


@dataclass(frozen=True, slots=True)
class Delta:
    """More text."""

    text: str


@dataclass(frozen=True, slots=True)
class Restart:
    """The provider failed after its first token and another one begins anew: what was sent so far is void."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer; its text is what the deltas since the last `Restart` say."""

    result: ChatResult


@dataclass(frozen=True, slots=True)
class Failed:
    """The end without an answer. `code` is an error's stable code; `usage` is what was spent all the same."""

    code: str
    message: str
    usage: Usage


type StreamEvent = Began | Delta | Restart | Done | Failed


class Provider(Protocol):
    """One model behind one address. Raises the errors of `ai_svc.brain.exceptions`, never a library's own."""

    name: ProviderName
    model: str

    async def chat(self, request: ChatRequest) -> ChatResult:
        """One whole answer."""
        ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta | Done]:
        """Text as it comes, never empty, then `Done`. Closing the iterator ends the call at the provider.

        Counts of tokens are the provider's; negative ones say that it gave none.
        """
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text. Providers without embeddings raise `NotSupported`."""
        ...

    async def aclose(self) -> None:
        """Closes its connections."""
        ...


@dataclass(frozen=True, slots=True)
class PromptRef:
    """Which prompt a call was made with."""

    name: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CallContext:
    """For whom and for what a call is made; budgets, prices, spans and `ai/usage` are told by it.

    `purpose` is one of a closed set of names, such as `rag.ask` or `text.summarize`. `user` is the caller's subject.
    """

    purpose: str
    user: str
    prompt: PromptRef | None = None
    api_key: str | None = None
    team: str | None = None
    agent: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
