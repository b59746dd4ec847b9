"""Words that are in no passage, and the known ones that were probably meant."""

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 5
"""Shorter words have too many neighbours: `cota` and `nota` are two things."""
SAME_START: Final = 2
"""So many first letters are taken as right: what is typed wrong is rarely typed wrong there."""


def worth_mending(term: str) -> bool:
    """Whether a word may be a misspelling: letters only, and long enough to have few neighbours."""
    return len(term) >= SHORTEST and term.isalpha()


def nearest(term: str, known: Iterable[tuple[str, int]]) -> str | None:
    """Of known stems with the number of their passages, the most frequent one that is one edit away."""
    near = [(passages, stem) for stem, passages in known if passages > 0 and one_edit(term, stem)]
    return max(near)[1] if near else None


def one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours exchanged, make the words the same."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, remainder = one[start:], other[start:]
    if len(rest) == len(remainder):
        exchanged = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == remainder
        return exchanged or rest[1:] == remainder[1:]
    return rest[1:] == remainder or rest == remainder[1:]
