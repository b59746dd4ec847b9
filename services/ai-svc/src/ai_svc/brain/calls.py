"""The one door through which every call to a model goes: budget, fallback chain, spans, books."""

from collections.abc import AsyncIterator
from typing import Protocol

from pydantic import BaseModel

from ai_svc.brain.chat import CallContext, ChatRequest, ChatResult, StreamEvent


class Caller(Protocol):
    """Calls the first provider of the chain that answers."""

    async def chat(self, request: ChatRequest, *, context: CallContext) -> ChatResult:
        """One whole answer. Raises the errors of `ai_svc.brain.exceptions`."""
        ...

    def stream(self, request: ChatRequest, *, context: CallContext) -> AsyncIterator[StreamEvent]:
        """Events until exactly one `Done` or `Failed`. Closing the iterator cancels the call and books what it used."""
        ...

    async def structured[T: BaseModel](self, request: ChatRequest, answer: type[T], *, context: CallContext) -> T:
        """An answer that satisfies `answer`; one turn of repair when the first one does not. Raises `ModelFailed`."""
        ...
