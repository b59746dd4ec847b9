"""Params of jobs: whether they fit, and what becomes of the secrets among them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jsonschema import Draft202012Validator, ValidationError

from core_api.modules.params.exceptions import ParamsInvalid, SecretParamExposed, SecretParamMissing
from core_api.modules.params.schemas import JobParams
from shared_utils.security.secret_params import MASK, Place, Schema, restored, secret_texts, secret_values, value_at

SHOWN_PROBLEMS: Final = 20


def kept_params(params: dict[str, Any], schema: Schema | None, *, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Params with what each mask stands for. Raises `SecretParamMissing`."""
    kept, lost = restored(schema, params, stored=stored)
    if lost:
        raise SecretParamMissing([_named(place) for place in lost])
    return dict(kept)


def refuse_exposed(before: JobParams, after: JobParams) -> None:
    """A secret of one job is not handed to a job that would show it. Raises `SecretParamExposed`."""
    stay = secret_values(after.schema, after.params)
    exposed = [
        place
        for place, value in secret_values(before.schema, before.params).items()
        if place not in stay and value_at(after.params, place) in (value, MASK)
    ]
    if exposed:
        raise SecretParamExposed([_named(place) for place in exposed], before=before.job, after=after.job)


def _named(place: Place) -> str:
    return ".".join(["params", *map(str, place)])


def check_params(job: str, schema: Schema, params: Mapping[str, Any]) -> None:
    """Raise `ParamsInvalid` with every problem when the params do not fit the job's JSON Schema."""
    problems = sorted(
        Draft202012Validator(schema).iter_errors(params), key=lambda problem: list(map(str, problem.path))
    )
    if problems:
        secrets = tuple(secret_texts(schema, params))
        details = [
            {
                "field": _named(tuple(problem.absolute_path)),
                "message": _without_secrets(problem, secrets)[:500],
                "type": str(problem.validator),
            }
            for problem in problems[:SHOWN_PROBLEMS]
        ]
        raise ParamsInvalid(job, details)


def _without_secrets(problem: ValidationError, secrets: Sequence[str]) -> str:
    """A problem's message, which often quotes the value that is wrong."""
    told = any(secret in problem.message or repr(secret)[1:-1] in problem.message for secret in secrets)
    return f"{MASK} does not fit `{problem.validator}` of the schema" if told else problem.message
