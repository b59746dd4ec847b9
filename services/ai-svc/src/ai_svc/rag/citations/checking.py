"""Citations in a model's answer, as it streams in: true ones are numbered, all others never leave this file.

A model cites as `[[n|quote]]`: the number of a passage that it was given, and words from it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ai_svc.rag.citations.quotes import LONGEST, Passage

_LONGEST_MARK: Final = 2 * LONGEST
_CITATION: Final = re.compile(r"\[\[\s*(\d{1,4})\s*(?:\|(.*))?\]\]", re.DOTALL)
_MAY_BECOME_CITATION: Final = re.compile(r"\[\[?\s*$|\[\[\s*\d{1,4}\s*(?:$|\||\]$)")
# Numbers in brackets that a model writes by itself would look like ours.
_LOOSE: Final = re.compile(r"\[\s*\^?\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*\s*\]|【[^】\n]{0,40}】")
_MAY_BECOME_LOOSE: Final = re.compile(r"\[[\s^\d,;\u2013-]{0,40}$|【[^】\n]{0,40}$")


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that stands in passage number `passage` (from 0), from `start` to `end`. `number` is what readers see."""

    number: int
    passage: int
    start: int
    end: int
    quote: str


class CitationFilter:
    """Takes an answer in pieces of any size; gives back text, and a citation before the text that shows its number."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = [Passage(text) for text in passages]
        self._rest = ""
        self._numbers: dict[tuple[int, int, int], Citation] = {}
        self.refused = 0
        """How many citations were not true."""

    @property
    def citations(self) -> list[Citation]:
        """Those that were served, in the order of their numbers."""
        return list(self._numbers.values())

    def feed(self, text: str) -> list[str | Citation]:
        """What can be said after this much of the answer."""
        self._rest += text
        return self._take(final=False)

    def end(self) -> list[str | Citation]:
        """What is left at the end; a citation that was not finished is dropped."""
        return self._take(final=True)

    def quoted(self, passage: int, start: int, end: int) -> Citation:
        """The citation of a span that was taken from the passage itself."""
        return self._numbered(passage, start, end)

    def drop(self, citation: Citation) -> None:
        """Takes a citation back that turned out not to be there any more."""
        self._numbers.pop((citation.passage, citation.start, citation.end), None)
        self.refused += 1

    def check(self, passage: int, quote: str) -> Citation | None:
        """The citation of `quote`, from the passage that was named (from 0) or else from the one where it stands."""
        others = [other for other in range(len(self._passages)) if other != passage]
        for place in ([passage] if 0 <= passage < len(self._passages) else []) + others:
            span = self._passages[place].find(quote)
            if span is not None:
                return self._numbered(place, *span)
        self.refused += 1
        return None

    def _numbered(self, place: int, start: int, end: int) -> Citation:
        key = (place, start, end)
        if key not in self._numbers:
            number = max((known.number for known in self._numbers.values()), default=0) + 1
            self._numbers[key] = Citation(number, place, start, end, self._passages[place].text[start:end])
        return self._numbers[key]

    def _take(self, *, final: bool) -> list[str | Citation]:
        said: list[str | Citation] = []
        while self._rest:
            opening = min((at for at in (self._rest.find("["), self._rest.find("【")) if at >= 0), default=-1)
            if opening < 0:
                said.append(self._rest)
                self._rest = ""
            elif opening > 0:
                said.append(self._rest[:opening])
                self._rest = self._rest[opening:]
            elif not self._take_mark(said, final=final):
                break
        return _joined(said)

    def _take_mark(self, said: list[str | Citation], *, final: bool) -> bool:
        """Deals with the bracket at the beginning; False when more of the answer is needed."""
        closing = self._rest.find("]]")
        mark = _CITATION.match(self._rest[: closing + 2]) if closing >= 0 else None
        if mark is not None:
            # A quote may end in a bracket of its own.
            while self._rest[mark.end() : mark.end() + 1] == "]":
                mark = _CITATION.match(self._rest[: mark.end() + 1]) or mark
                if mark.end() == len(self._rest):
                    break
            citation = self.check(int(mark[1]) - 1, mark[2] or "")
            said.extend([] if citation is None else [citation, f"[{citation.number}]"])
            self._rest = self._rest[mark.end() :]
            return True
        if closing < 0 and (begun := _MAY_BECOME_CITATION.match(self._rest)):
            if not final and len(self._rest) <= _LONGEST_MARK:
                return False
            if begun[0].rstrip().endswith("|"):
                self.refused += 1
                self._rest = ""
                return True
        if loose := _LOOSE.match(self._rest):
            self.refused += 1
            self._rest = self._rest[loose.end() :]
            return True
        if not final and _MAY_BECOME_LOOSE.match(self._rest):
            return False
        said.append(self._rest[0])
        self._rest = self._rest[1:]
        return True


def _joined(said: Sequence[str | Citation]) -> list[str | Citation]:
    """Neighbouring texts as one."""
    joined: list[str | Citation] = []
    for piece in said:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
