"""Words for people, in their language: one JSON file per language, the same keys in each.

Programs go by codes; whatever a person reads of core-api (reasons, messages) is said here.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Language = Literal["pt-BR", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("pt-BR", "en")
DEFAULT_LANGUAGE: Final[Language] = "pt-BR"


def say(key: str, language: str, /, **context: Any) -> str:
    """The text of `key` in a language, its `{names}` filled from `context`. Other languages than ours get pt-BR.

    Raises `KeyError` for an unknown key or a missing name: texts are part of the code, and tests say all of them.
    """
    return _texts(language_of(language))[key].format_map(context)


def language_of(accepted: str | None) -> Language:
    """The language to answer in, by an Accept-Language header or a language tag; pt-BR when none fits."""
    for tag in _by_preference(accepted or ""):
        for language in LANGUAGES:
            if tag.split("-")[0] == language.split("-")[0].lower():
                return language
    return DEFAULT_LANGUAGE


def keys(language: Language) -> frozenset[str]:
    """All keys of a language."""
    return frozenset(_texts(language))


def _by_preference(accepted: str) -> Sequence[str]:
    weighted = []
    for position, part in enumerate(accepted[:200].split(",")):
        tag, _, quality = part.strip().lower().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if weight > 0:
            weighted.append((-weight, position, tag))
    return [tag for _, _, tag in sorted(weighted)]


@cache
def _texts(language: Language) -> dict[str, str]:
    text = resources.files(__name__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded
