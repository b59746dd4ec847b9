"""What can go wrong with prompts."""

from ai_svc.brain.exceptions import PromptInvalid, PromptVariables
from shared_utils.errors import NotFound

__all__ = ["PromptInvalid", "PromptNotFound", "PromptVariables"]


class PromptNotFound(NotFound):
    code = "PROMPT_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no prompt {name!r}; GET /api/v1/ai/prompts lists them.")
