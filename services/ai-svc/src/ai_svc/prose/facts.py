"""Numbers and names in a text, to be compared with those of what it is about."""

import re
from collections.abc import Iterable
from typing import Any, Final

# A number as it is written, with what parts its thousands, decimals, days and hours.
_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
# A run of letters, digits and what joins them in names of files, routines and codes.
_RUN: Final = re.compile(r"[\w./\\-]+")
_EXTENSION: Final = re.compile(r"[^\W\d_][\w-]*(?:\.[a-z]{2,4})+", re.IGNORECASE)
_EDGES: Final = ".,:;/\\-_"
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_WORDS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            *("dois duas", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze"),
            *("quatorze catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove", "vinte"),
        ),
        start=2,
    )
    for word in words.split()
}
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def numbers(text: str) -> set[str]:
    """The numbers of a text in one spelling each: 1.234,50 is 1234.5; "três" is 3. Dates give their parts.

    "um" and "uma" are left out: they are articles more often than numbers. So are digits inside of names.
    """
    found = {_WORDS[word] for word in (one.lower() for one in _LETTERS.findall(text)) if word in _WORDS}
    said = {str(number) for number in found}
    for number in _NUMBER.findall(_RUN.sub(lambda run: " " if _is_name(run[0]) else run[0], text)):
        said |= _read(number)
    return said


def names(text: str) -> set[str]:
    """Files, codes and routines in a text: what has letters and digits, underscores, or an extension."""
    return {run.strip(_EDGES) for run in _RUN.findall(text) if _is_name(run)}


def numbers_of(facts: Any) -> set[str]:
    """All numbers that JSON facts hold: as values, in texts, and in names."""
    said: set[str] = set()
    for leaf in _leaves(facts):
        text = str(leaf)
        said |= numbers(text)
        for run in _NUMBER.findall(text):
            said |= _read(run)
    return said


def names_of(facts: Any) -> set[str]:
    """All names that JSON facts hold, with the parts of paths."""
    said: set[str] = set()
    for leaf in _leaves(facts):
        for name in names(str(leaf)):
            said |= {name, *re.split(r"[/\\]", name)}
    return said


def stand_in(said: str, source: str) -> bool:
    """Whether every number and every name of what is said is in the source too."""
    return numbers(said) <= numbers_of(source) and names(said) <= names_of(source)


def _is_name(run: str) -> bool:
    name = run.strip(_EDGES)
    letters, digits = any(one.isalpha() for one in name), any(one.isdigit() for one in name)
    return letters and (digits or "_" in name or _EXTENSION.fullmatch(name) is not None)


def _read(written: str) -> set[str]:
    if _THOUSANDS.fullmatch(written):
        whole, _, fraction = written.replace(".", "").partition(",")
        return {_plain(whole, fraction)}
    if re.fullmatch(r"\d+,\d+", written):
        whole, _, fraction = written.partition(",")
        return {_plain(whole, fraction)}
    if re.fullmatch(r"\d+\.\d+", written):
        whole, _, fraction = written.partition(".")
        return {_plain(whole, fraction)}
    return {_plain(part, "") for part in re.split(r"[.,:/-]", written)}


def _plain(whole: str, fraction: str) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _leaves(facts: Any) -> Iterable[Any]:
    if isinstance(facts, dict):
        for key, value in facts.items():
            yield key
            yield from _leaves(value)
    elif isinstance(facts, list | tuple | set):
        for value in facts:
            yield from _leaves(value)
    elif facts is not None and not isinstance(facts, bool):
        yield facts
