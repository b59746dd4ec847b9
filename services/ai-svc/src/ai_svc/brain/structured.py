"""Answers in a shape: the schema that is asked for, the check of what came, and the one turn of repair."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from ai_svc.brain.chat import ChatMessage, ChatRequest

_FENCE: Final = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)
_MAX_FLAWS: Final = 20


@dataclass(frozen=True, slots=True)
class Flaws:
    """Why an answer does not satisfy its schema, for the model to read; it holds none of the answer's values."""

    lines: tuple[str, ...]


def schema_of(answer: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model, with its name as the title."""
    return {"title": answer.__name__} | answer.model_json_schema()


def parsed[T: BaseModel](text: str, answer: type[T]) -> T | Flaws:
    """The text as `answer`, or what is wrong with it. A fence around the JSON and words before it do no harm."""
    try:
        return answer.model_validate_json(_json_in(text))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)[:_MAX_FLAWS]
        return Flaws(tuple(f"{'.'.join(map(str, one['loc'])) or 'answer'}: {one['msg']}" for one in found))


def repair(request: ChatRequest, answered: str, flaws: Flaws) -> ChatRequest:
    """The request that shows the model its answer and what is wrong with it."""
    told = "\n".join(f"- {line}" for line in flaws.lines)
    demand = (
        f"That is not a valid answer:\n{told}\n"
        "Answer again with one JSON object that satisfies the schema, and nothing else. Keep what was right."
    )
    turns = (ChatMessage("assistant", answered or "{}"), ChatMessage("user", demand))
    return replace(request, messages=(*request.messages, *turns))


def _json_in(text: str) -> str:
    fenced = _FENCE.match(text)
    if fenced:
        return fenced.group(1)
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text
