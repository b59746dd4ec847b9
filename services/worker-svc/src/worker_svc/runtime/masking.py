"""Nothing secret leaves the worker: log lines, progress, errors and results pass here first (E15).

Known secrets are masked by value: those of the worker's environment, and the params that a job's schema marks so.
Whatever else looks like one (tokens, credentials in addresses, headers) is masked by its form.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from shared_schemas.jobs import ClaimedRun, JobDescriptor
from shared_utils.logging import is_secret_name, mask_secrets

MASK: Final = "***"
SHORTEST: Final = 6
"""A shorter secret is in too many harmless words."""

_SECRET_NAME: Final = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|KEY|SECRET|CREDENTIAL|DSN)S?$", re.IGNORECASE
)
_MARKS: Final = re.compile(r'"writeOnly": true|"format": "password"')
_URL_PASSWORD: Final = re.compile(r"://[^\s:/@]*:([^\s/@]+)@")


class SecretMask:
    """Replaces secrets in text and in JSON-like values."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        spellings = {spelling for value in values for spelling in _spellings(value)}
        # The longest first: one secret may be the beginning of another.
        self._values = tuple(sorted(spellings, key=lambda value: (-len(value), value)))

    def adding(self, values: Iterable[str]) -> "SecretMask":
        """The same mask with more secrets."""
        more = set(values)
        return SecretMask((*self._values, *more)) if more else self

    def text(self, text: str) -> str:
        """`text` without secrets; a microsecond or two when there are none."""
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return mask_secrets(text)

    def value(self, value: Any) -> Any:
        """A copy of a JSON-like value without secrets: by value, by form, and by the name under which they stand."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): MASK if item is not None and is_secret_name(str(key)) else self.value(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def environment_secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """Values of variables that are named like secrets, and passwords in addresses."""
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            yield value
        yield from _URL_PASSWORD.findall(value)


class RunSecrets:
    """The mask of each run: the worker's own secrets, and those of its params."""

    def __init__(self, environment: Mapping[str, str], jobs: Iterable[JobDescriptor]) -> None:
        self._mask = SecretMask(environment_secrets(environment))
        # Most jobs have no secret params, and those of the others are looked through for each run.
        self._schemas = {job.name: job.params_schema for job in jobs if _MARKS.search(json.dumps(job.params_schema))}

    def of_run(self, run: ClaimedRun) -> SecretMask:
        """The mask for what a run says and reports."""
        schema = self._schemas.get(run.job)
        return self._mask if schema is None else self._mask.adding(param_secrets(schema, run.params))


def param_secrets(schema: Mapping[str, Any], params: Any) -> Iterator[str]:
    """Values of params that the JSON schema marks with `writeOnly` or `format: password`, at any depth."""
    yield from _secrets_below(schema, params, schema, 0)


def _secrets_below(node: Any, value: Any, root: Mapping[str, Any], depth: int) -> Iterator[str]:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return
    if _marks_secret(node):
        yield from _strings(value)
        return
    for other in _alternatives(node, root):
        yield from _secrets_below(other, value, root, depth + 1)
    if isinstance(value, Mapping):
        properties = node.get("properties") or {}
        for name, item in value.items():
            yield from _secrets_below(properties.get(name, node.get("additionalProperties")), item, root, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets_below(node.get("items"), item, root, depth + 1)


def _alternatives(node: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Any]:
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        yield (root.get("$defs") or {}).get(reference.removeprefix("#/$defs/"))
    for word in ("allOf", "anyOf", "oneOf"):
        yield from node.get(word) or ()


def _marks_secret(node: Mapping[str, Any]) -> bool:
    return node.get("writeOnly") is True or node.get("format") == "password"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _spellings(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, line by line, in an address, in a `repr`."""
    for line in {secret.strip(), *(part.strip() for part in secret.splitlines())}:
        if len(line) < SHORTEST or line.lower() in _HARMLESS:
            continue
        yield from (line, quote(line, safe=""), unquote(line), repr(line)[1:-1])


_DEEPEST: Final = 32
_HARMLESS: Final = frozenset({"default", "disabled", "enabled", "unknown", "changeme"})
