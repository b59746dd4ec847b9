"""Nothing secret leaves the worker: log lines, progress, errors and results pass here first (E15).

Known secrets are masked by value: those of the worker's environment, and the params that a job's schema marks so or
whose names look secret, which are those that core-api shows to nobody.
Whatever else looks like one (tokens, credentials in addresses, headers) is masked by its form.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from shared_schemas.jobs import ClaimedRun, JobDescriptor
from shared_utils.logging import is_secret_name, mask_secrets
from shared_utils.security.secret_params import MASK, marks_secrets, secret_texts

SHORTEST: Final = 6
"""A shorter secret is in too many harmless words."""

_SECRET_NAME: Final = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|KEY|SECRET|CREDENTIAL|DSN)S?$", re.IGNORECASE
)
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
        # Most jobs mark none of their params: of these only names are looked at for each run.
        self._schemas = {job.name: job.params_schema for job in jobs if marks_secrets(job.params_schema)}

    def of_run(self, run: ClaimedRun) -> SecretMask:
        """The mask for what a run says and reports."""
        return self._mask.adding(secret_texts(self._schemas.get(run.job), run.params))


def _spellings(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, line by line, in an address, in a `repr`."""
    for line in {secret.strip(), *(part.strip() for part in secret.splitlines())}:
        if len(line) < SHORTEST or line.lower() in _HARMLESS:
            continue
        yield from (line, quote(line, safe=""), unquote(line), repr(line)[1:-1])


_HARMLESS: Final = frozenset({"default", "disabled", "enabled", "unknown", "changeme"})
