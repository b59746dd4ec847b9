"""Where a quote stands in a passage. Blanks, letter case and shapes of quotes and dashes may differ; words may not."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

SHORTEST: Final = 8
"""Characters. Less than that is found in any text and proves nothing."""
LONGEST: Final = 600
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)
_GAP: Final = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3,}|…)\s*")
_EDGES: Final = " \t\n\"'.,;:"


@dataclass(frozen=True)
class Passage:
    """A text that may be quoted."""

    text: str

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The text as it is compared, and for each of its characters the place in the original."""
        characters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(self.text):
            if character.isspace():
                if characters and characters[-1] == " ":
                    continue
                folded = " "
            else:
                folded = _fold(character)
            characters.append(folded)
            places.append(place)
        return "".join(characters), places

    def find(self, quote: str) -> tuple[int, int] | None:
        """Start and end of `quote` in the text, or nothing. Left-out parts, written as `...`, must stand in between."""
        parts = [part for part in (_folded(piece) for piece in _GAP.split(quote)) if part]
        if not parts or sum(map(len, parts)) < SHORTEST or any(len(part) < SHORTEST // 2 for part in parts):
            return None
        text, places = self._folded
        start = position = -1
        for part in parts:
            position = _find_whole(text, part, max(position, 0))
            if position < 0:
                return None
            start = position if start < 0 else start
            position += len(part)
        first, last = places[start], places[position - 1]
        return (first, last + 1) if last + 1 - first <= LONGEST else None


def _find_whole(text: str, part: str, begin: int) -> int:
    """Where `part` stands in `text` without cutting a word or a number: "12" is not quoted from "2012"."""
    while (found := text.find(part, begin)) >= 0:
        end = found + len(part)
        cut_before = found > 0 and text[found - 1].isalnum() and part[0].isalnum()
        cut_after = end < len(text) and text[end].isalnum() and part[-1].isalnum()
        if not cut_before and not cut_after:
            return found
        begin = found + 1
    return -1


def _fold(character: str) -> str:
    same = character.translate(_SAME)
    lower = same.lower()
    # A few letters become two in lower case; places are counted by characters, so these stay.
    return lower if len(lower) == 1 else same


def _folded(quote: str) -> str:
    return " ".join("".join(_fold(character) for character in quote).split()).strip(_EDGES)
