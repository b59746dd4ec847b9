"""Is the answer in these passages at all? Asked before anything is written, and answered without a model.

A similarity threshold cannot tell: with the right passage taken away, the nearest of the others is nearly as near
(AUROC 0.56 for cosines on Pirá). What can tell is how much of the question one passage has together, and how far the
best place stands out against the next ones: a question that is answered somewhere points at one place, one that is not
points at many a little.

The five weights are a logistic regression over Pirá's questions (validation part, 167 that name their subject), each
with its passage in the index and with it taken out. They were chosen among about forty sets of features, always by
cross-validation over passages (5 parts, 4 times): AUROC 0.857 on questions left out, 0.841 on the paraphrases of those.
Vectors have no part in it: what a cosine means differs from model to model.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ai_svc.rag.ranking.question import Asked, Weighed, idf
from ai_svc.rag.ranking.reranking import Candidate

# Of the best passage, as shares of the question: the best stretch, neighbours side by side, BM25 against the most
# there can be.
WINDOW: Final = 2.83
PROXIMITY: Final = 1.40
STRENGTH: Final = 1.07
# In units of the weight of a word that is in one passage only: BM25 itself, and by how much it is above the next
# places.
RARE_WORDS: Final = 0.24
STANDING_OUT: Final = 1.92
INTERCEPT: Final = -2.735
"""Moved so that a score of 0.5 lets 85 % of the questions pass whose passage is there, and a quarter of those without
it.
"""

RIVALS: Final = 5
ONE_PLACE: Final = 3_000
"""Passages of one document within so many characters (about a page) are one place."""
UNKNOWN: Final = 0.4
"""With so much of the question's weight in words of no passage at all it is about something else, however the rest
fits.
"""
AT_MOST_UNKNOWN: Final = 0.4
MISSING: Final = 0.5
"""From this share of its weight on the reason is words that are missing, not that they stand apart."""

type Why = Literal["supported", "nothing_found", "unknown_words", "weak_match"]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as the gate looks at it: the better ranked ones come first."""

    candidate: Candidate
    document: Hashable
    start: int
    lexical: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely the answer is there, from 0 to 1; why; and the words of the question that no passage looked at has."""

    score: float
    answerable: bool
    reason: Why
    missing: Sequence[str]


def judged(asked: Sequence[Asked], terms: Sequence[Weighed], found: Sequence[Found], *, chunks: int) -> Verdict:
    """Looks at the passages in their order; `chunks` is how many the index holds."""
    total = sum(one.weight for one in terms)
    by_words = [one for one in found if one.lexical > 0]
    if not by_words or not total:
        return Verdict(0.0, answerable=False, reason="nothing_found", missing=_written(asked, frozenset()))
    score = _likelihood(terms, found, by_words, total=total, chunks=chunks)
    foreign = sum(one.weight for one in terms if one.df == 0) >= UNKNOWN * total
    if foreign:
        score = min(score, AT_MOST_UNKNOWN)
    there = frozenset().union(*(one.candidate.match.found for one in found))
    missing = _written([one for one in asked if one.id not in there], there)
    if score >= 0.5:
        return Verdict(score, answerable=True, reason="supported", missing=missing)
    absent = sum(one.weight for one in terms if one.stands_for not in there)
    reason: Why = "unknown_words" if foreign or absent >= MISSING * total else "weak_match"
    return Verdict(score, answerable=False, reason=reason, missing=missing)


def _likelihood(
    terms: Sequence[Weighed], found: Sequence[Found], by_words: Sequence[Found], *, total: float, chunks: int
) -> float:
    first = found[0].candidate.match
    best = max(by_words, key=lambda one: one.lexical)
    unit = idf(1, chunks=chunks) or 1.0
    rivals = _rivals(best, by_words)
    margin = best.lexical - (sum(rivals) / len(rivals) if rivals else 0.0)
    proximity = first.proximity if len(terms) > 1 else first.window  # one word has no neighbours
    logit = (
        INTERCEPT
        + WINDOW * first.window
        + PROXIMITY * proximity
        + STRENGTH * best.lexical / total
        + RARE_WORDS * best.lexical / unit
        + STANDING_OUT * margin / unit
    )
    return 1 / (1 + math.exp(-logit))


def _rivals(best: Found, found: Sequence[Found]) -> list[float]:
    """The scores of the next places, each by its best passage."""
    places = [best]
    for one in sorted(found, key=lambda one: -one.lexical):
        if len(places) > RIVALS:
            break
        if not any(_one_place(one, other) for other in places):
            places.append(one)
    return [one.lexical for one in places[1:]]


def _one_place(one: Found, other: Found) -> bool:
    return one.document == other.document and abs(one.start - other.start) <= ONE_PLACE


def _written(asked: Sequence[Asked], there: frozenset[int]) -> list[str]:
    """The words as the person wrote them, each once."""
    return list(dict.fromkeys(one.written for one in asked if one.id not in there))
