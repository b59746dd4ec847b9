"""Shapes of prompts: what seeds declare, what the API takes and gives."""

from dataclasses import dataclass

from ai_svc.brain.chat import ChatMessage, PromptRef
from ai_svc.brain.templates import Variable


@dataclass(frozen=True, slots=True)
class PromptText:
    """The content of a version: equal content has the same sha256."""

    body: str
    variables: tuple[Variable, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A prompt as this release's file has it."""

    name: str
    description: str
    purpose: str
    language: str
    content: PromptText


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its variables filled in, and which version it was, for `CallContext.prompt`."""

    system: str
    user: str | None
    ref: PromptRef

    @property
    def text(self) -> str:
        """All of it as one text."""
        return self.system if self.user is None else f"{self.system}\n\n{self.user}"

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        """The same as messages: the rules as the system's, the material as the user's."""
        system = ChatMessage(role="system", content=self.system)
        return (system,) if self.user is None else (system, ChatMessage(role="user", content=self.user))
