"""Where prompts come from: the files of this release, and the database."""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

from ai_svc.brain.templates import Variable, VariableType, check_template
from ai_svc.prompts.exceptions import PromptInvalid
from ai_svc.prompts.schemas import PromptText, Seed

_SEEDS: Final = "ai_svc.prompts"
_FENCE: Final = "+++\n"


@cache
def seeds() -> dict[str, Seed]:
    """The prompts of this release by name. Raises `PromptInvalid` for a file that is not one."""
    files = [file for file in resources.files(_SEEDS).joinpath("seeds").iterdir() if file.name.endswith(".md")]
    found = [parsed(file.name.removesuffix(".md"), file.read_text(encoding="utf-8")) for file in files]
    return {seed.name: seed for seed in sorted(found, key=lambda seed: seed.name)}


def parsed(name: str, text: str) -> Seed:
    """A seed file: TOML between two lines of `+++`, then the body."""
    before, _, rest = text.partition(_FENCE)
    front, fence, body = rest.partition("\n" + _FENCE)
    if before or not fence:
        raise PromptInvalid(f"The seed {name} does not begin with its declarations between lines of `+++`.")
    declared = tomllib.loads(front)
    variables = tuple(variable_of(one) for one in declared.pop("variables", []))
    check_template(body, variables)
    return Seed(content=prompt_text(body, variables), name=name, **declared)


def prompt_text(body: str, variables: Iterable[Variable]) -> PromptText:
    """A body and its variables with the digest of both. Descriptions count: they are what people edit against."""
    kept = tuple(variables)
    body = body.replace("\r\n", "\n").strip() + "\n"
    canonical = json.dumps([body, [variable_row(one) for one in kept]], ensure_ascii=False, sort_keys=True)
    return PromptText(body=body, variables=kept, sha256=hashlib.sha256(canonical.encode()).hexdigest())


def variable_of(row: dict[str, Any]) -> Variable:
    """A variable as a file or a row has it."""
    return Variable(
        name=row["name"],
        type=VariableType(row["type"]),
        required=row.get("required", True),
        description=row.get("description", ""),
    )


def variable_row(variable: Variable) -> dict[str, Any]:
    """The opposite of `variable_of`."""
    return {
        "name": variable.name,
        "type": variable.type.value,
        "required": variable.required,
        "description": variable.description,
    }
