"""Texts for people: complete in each language, with the same names to fill in."""

from string import Formatter

import pytest

from core_api.texts import DEFAULT_LANGUAGE, LANGUAGES, keys, language_of, say


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != DEFAULT_LANGUAGE])
def test_every_language_says_everything(language: str) -> None:
    assert keys(language) == keys(DEFAULT_LANGUAGE)


def test_every_text_can_be_said_and_names_the_same_things_in_each_language() -> None:
    for key in keys(DEFAULT_LANGUAGE):
        said = {language: names_in(raw(key, language)) for language in LANGUAGES}
        assert len({frozenset(names) for names in said.values()}) == 1, f"{key}: {said}"
        for language in LANGUAGES:
            filled = say(key, language, **dict.fromkeys(said[language], "x"))
            assert filled.strip()
            assert "{" not in filled


def raw(key: str, language: str) -> str:
    """The text with its names still in it."""
    from core_api.texts import _texts

    return _texts(language)[key]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "pt-BR"),
        ("", "pt-BR"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("pt-PT", "pt-BR"),
        ("fr,en;q=0.5,pt;q=0.7", "pt-BR"),
        ("fr;q=1, en;q=0.8", "en"),
        ("en;q=0, pt", "pt-BR"),
        ("de", "pt-BR"),
        ("en;q=abc", "pt-BR"),
        (",;q=,", "pt-BR"),
    ],
)
def test_the_language_follows_the_header(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


def test_braces_in_what_is_filled_in_are_only_text() -> None:
    assert say("alert.footer", "pt-BR", channel="{by}") == "Rotina · {by}"


def test_an_unknown_key_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        say("no.such.text", "en")
