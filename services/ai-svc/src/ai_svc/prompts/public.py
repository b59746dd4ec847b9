"""What other parts ask of prompts: one by its name, filled in.

    prompt = await state["prompts"].rendered("text.qa", variables={"question": question, "text": text})
    await caller.chat(ChatRequest(messages=prompt.messages), context=CallContext(..., prompt=prompt.ref))

Tests that need no database take `Prompts.of_release()`.
"""

from collections.abc import Mapping
from typing import Any, Self

from ai_svc.brain.chat import PromptRef
from ai_svc.brain.templates import Passage, render
from ai_svc.prompts.exceptions import PromptInvalid, PromptNotFound, PromptVariables
from ai_svc.prompts.repository import seeds
from ai_svc.prompts.schemas import PromptText, Rendered

__all__ = ["Passage", "PromptInvalid", "PromptNotFound", "PromptVariables", "Prompts", "Rendered"]

PRODUCTION = "production"


class Prompts:
    """The prompts in use."""

    @classmethod
    def of_release(cls) -> Self:
        """The prompts as this release's files have them, without a database; their version is 0."""
        return cls()

    async def rendered(self, name: str, *, variables: Mapping[str, Any], label: str = PRODUCTION) -> Rendered:
        """The version that `label` points at, with its variables filled in.

        `text` variables take strings, `fenced` ones text that nobody vouches for, `fenced_list` a list of such texts
        or of `Passage`. Raises `PromptNotFound` and `PromptVariables`.
        """
        version, content = await self._labelled(name, label)
        parts = render(content.body, content.variables, variables)
        ref = PromptRef(name=name, version=version, sha256=content.sha256)
        return Rendered(system=parts.system, user=parts.user, ref=ref)

    async def _labelled(self, name: str, _label: str) -> tuple[int, PromptText]:
        seed = seeds().get(name)
        if seed is None:
            raise PromptNotFound(name)
        return 0, seed.content
