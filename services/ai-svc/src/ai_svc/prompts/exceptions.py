"""What can go wrong with prompts."""

from ai_svc.brain.exceptions import PromptInvalid, PromptVariables
from shared_utils.errors import Conflict, NotFound

__all__ = [
    "PromptBuiltIn",
    "PromptInvalid",
    "PromptLabelNotFound",
    "PromptNameTaken",
    "PromptNotFound",
    "PromptNothingBefore",
    "PromptVariables",
    "PromptVersionExists",
    "PromptVersionNotFound",
]


class PromptNotFound(NotFound):
    code = "PROMPT_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no prompt {name!r}; GET /api/v1/ai/prompts lists them.")


class PromptVersionNotFound(NotFound):
    code = "PROMPT_VERSION_NOT_FOUND"

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"The prompt {name!r} has no version {number}; GET /api/v1/ai/prompts/{name} lists them.")


class PromptLabelNotFound(NotFound):
    code = "PROMPT_LABEL_NOT_FOUND"

    def __init__(self, name: str, label: str) -> None:
        super().__init__(f"The prompt {name!r} has no label {label!r}; move it to a version first.")


class PromptNameTaken(Conflict):
    code = "PROMPT_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A prompt named {name!r} exists, perhaps archived: add a version to it, or restore it.")


class PromptVersionExists(Conflict):
    code = "PROMPT_VERSION_EXISTS"

    def __init__(self, number: int) -> None:
        super().__init__(f"Version {number} has this very content: move a label to it.", details={"version": number})


class PromptNothingBefore(Conflict):
    """The label has not pointed at another version before."""

    code = "PROMPT_NOTHING_BEFORE"


class PromptBuiltIn(Conflict):
    """The service itself uses this prompt: it cannot be archived or described anew; add a version and move a label."""

    code = "PROMPT_BUILT_IN"
