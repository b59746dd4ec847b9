"""Answers made of quotes alone: the sentences that say most about a question, word by word."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_SENTENCE_END: Final = re.compile(r"(?<=[.!?;])\s+(?=[\"'«“(\[]?[A-ZÀ-Ú0-9])|\n{2,}|\n(?=[-*•|#])")
SHORTEST_SENTENCE: Final = 20
LONGEST_SENTENCE: Final = 500
_ENOUGH: Final = 0.5
"""A further sentence must say at least half as much that is new as the first one does."""

type Words = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Sentence `text[start:end]` of passage number `passage` (from 0)."""

    passage: int
    start: int
    end: int


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence worth quoting; very long ones are cut at a blank."""
    begin = 0
    ends = [(match.start(), match.end()) for match in _SENTENCE_END.finditer(text)] + [(len(text), len(text))]
    for end, after in ends:
        start, stop = begin, end
        while start < stop and text[start].isspace():
            start += 1
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop - start > LONGEST_SENTENCE:
            stop = text.rfind(" ", start, start + LONGEST_SENTENCE)
            stop = stop if stop > start else start + LONGEST_SENTENCE
        if stop - start >= SHORTEST_SENTENCE:
            yield start, stop
        begin = after


def best_quotes(question: str, passages: Sequence[str], *, words: Words, limit: int = 3) -> list[Quoted]:
    """At most `limit` sentences that together say most of the question's words, rare words first.

    Passages are in the order of a search: an earlier one counts more. Nothing when no sentence shares a word with the
    question.
    """
    asked = set(words(question))
    candidates = [
        (Quoted(place, start, end), asked.intersection(words(text[start:end])))
        for place, text in enumerate(passages)
        for start, end in sentences(text)
    ]
    spread = Counter(word for _, shared in candidates for word in shared)
    weight = {word: math.log(1 + len(candidates) / count) for word, count in spread.items()}
    chosen: list[Quoted] = []
    missing, first = set(asked), 0.0
    while len(chosen) < limit:
        scored = [
            (sum(weight[word] for word in shared & missing) * 0.9**quoted.passage, -quoted.passage, -quoted.start, n)
            for n, (quoted, shared) in enumerate(candidates)
        ]
        score, _, _, best = max(scored, default=(0.0, 0, 0, 0))
        if score <= 0 or score < _ENOUGH * first:
            break
        first = first or score
        quoted, shared = candidates[best]
        chosen.append(quoted)
        missing -= shared
    return chosen
