"""Sentences put together by what they are about: cuts fall where neighbours have least in common."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Final

MIN_SHARE: Final = 4
"""A piece has at least a quarter of the longest one's length, its section allowing."""
WINDOW: Final = 3
"""How many sentences on each side of a place are compared."""
_STEM_CHARS: Final = 6
# An end of sentence, or an empty line; not the point of an abbreviation ("Sr. Silva", "art. 5º") or an initial.
_END: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\b[Ss]r)(?<!\b[Dd]r)(?<!\b[Aa]rt)(?<!\b[Aa]v)(?<!\b[Nn]º)(?<!\bp)(?<!\bpág)(?<!\binc)"
    r"[.!?…]{1,8}[\"'”’»)\]]{0,4}(?=\s{1,20}[\"'“‘«(\[]{0,4}[A-ZÀ-Ý0-9])|\n[ \t]{0,20}\n"
)
_WORD: Final = re.compile(r"\w{4,}")

type Span = tuple[int, int]


def sentences(text: str) -> list[Span]:
    """Where the sentences of `text` are: (start, end), without blanks around them; a paragraph's end ends one, too."""
    spans = []
    start = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        inner = text[start:end].strip()
        if inner:
            begin = text.index(inner, start, end)
            spans.append((begin, begin + len(inner)))
        start = end
    return spans


@dataclass(frozen=True, slots=True)
class Groups:
    """The sentences of one text and how much each has in common with what follows it, from 0 to 1."""

    spans: Sequence[Span]
    cohesion: Sequence[float]

    def cut(self, start: int, end: int, *, max_chars: int, overlap: int) -> Iterator[Span]:
        """Spans of at most `max_chars` characters that together are the sentences between `start` and `end`."""
        first = bisect_left(self.spans, start, key=lambda span: span[1] - 1)
        at = start
        index = first
        previous: Span | None = None
        while index < len(self.spans) and self.spans[index][0] < end:
            begin = max(at, self.spans[index][0])
            if min(self.spans[index][1], end) - begin > max_chars:  # one sentence longer than a piece
                at = begin + max_chars
                yield begin, at
                previous = None
                continue
            room = max_chars - overlap if previous is not None else max_chars
            last = self._last(index, begin, end, max(room, min(self.spans[index][1], end) - begin))
            stop = min(self.spans[last][1], end)
            yield self._with_overlap(previous, begin, stop, max_chars, overlap), stop
            previous = (begin, stop)
            index, at = last + 1, stop

    def _last(self, index: int, begin: int, end: int, room: int) -> int:
        """The sentence after which to cut: the weakest tie among those that leave the piece neither short nor long."""
        last = index
        while last + 1 < len(self.spans) and self.spans[last + 1][0] < end:
            if min(self.spans[last + 1][1], end) - begin > room:
                break
            last += 1
        else:
            return last  # what is left fits
        wanted = begin + room // MIN_SHARE
        choices = [each for each in range(index, last + 1) if self.spans[each][1] >= wanted] or [last]
        return min(choices, key=lambda each: (self.cohesion[each], -each))

    def _with_overlap(self, previous: Span | None, begin: int, stop: int, max_chars: int, overlap: int) -> int:
        """Where a piece begins so that it repeats whole sentences of the one before it, within `overlap`."""
        if previous is None:
            return begin
        for span in self.spans[bisect_left(self.spans, (begin - overlap, 0)) :]:
            if span[0] >= begin:
                break
            if span[0] > previous[0] and stop - span[0] <= max_chars:
                return span[0]
        return begin


def groups(text: str, vectors: Sequence[Sequence[float]] | None = None) -> Groups:
    """The sentences of `text` with their cohesion: by `vectors`, one for each sentence, or by the words they share."""
    spans = sentences(text)
    if vectors is not None:
        if len(vectors) != len(spans):
            raise ValueError("vectors: one for each of sentences(text)")
        return Groups(spans, [_cosine(left, right) for left, right in pairwise(vectors)] + [0.0])
    words = [_words(text[start:end]) for start, end in spans]
    return Groups(spans, [_cohesion(words, index + 1) for index in range(len(words))])


def _cohesion(words: Sequence[Counter[str]], place: int) -> float:
    left, right = Counter[str](), Counter[str]()
    for each in words[max(0, place - WINDOW) : place]:
        left += each
    for each in words[place : place + WINDOW]:
        right += each
    size = sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return sum(n * right[word] for word, n in left.items()) / size if size else 0.0


def _words(sentence: str) -> Counter[str]:
    """Beginnings of words without accents: enough to see that "cotação" and "cotações" are the same."""
    folded = unicodedata.normalize("NFD", sentence.lower())
    plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return Counter(word[:_STEM_CHARS] for word in _WORD.findall(plain))


def _cosine(left: Sequence[float], right: Sequence[float]) -> float:
    size = sqrt(sum(x * x for x in left) * sum(x * x for x in right))
    return sum(x * y for x, y in zip(left, right, strict=True)) / size if size else 0.0
