"""The final order of the few best passages: by rules that need no model, or by a model that somebody runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ai_svc.rag.ranking.matching import Match

CANDIDATES: Final = 30
"""So many passages are looked at closely."""

# What each share adds to a fused score of 0 to 1. Small and round: on half of Pirá's questions anything near them
# does the same.
COVERAGE: Final = 0.1
WINDOW: Final = 0.2
PROXIMITY: Final = 0.2
NAMED: Final = 0.1
SAME_WORDS: Final = 0.9
"""Two passages with so many of their terms in common say the same: the second one gives way to what is new."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its fused score, its terms, and how it matches the question."""

    chunk_id: int
    fused: float
    text: str
    terms: frozenset[int]
    match: Match


class Reranker(Protocol):
    """Orders candidates anew: a score for each, higher is better, in the order of the candidates."""

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        """One score per candidate. Raises `Unavailable` when it cannot; the rules decide then."""
        ...


class RuleReranker:
    """BM25 and vectors as they were fused, and beside them how much of the question stands together, and where."""

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        """From 0 to 1."""
        del question
        return [by_rule(one) for one in candidates]


def by_rule(one: Candidate) -> float:
    """A passage's score from 0 to 1 by the rules."""
    match = one.match
    extra = COVERAGE * match.coverage + WINDOW * match.window + PROXIMITY * match.proximity + NAMED * match.named
    return (one.fused + extra) / (1 + COVERAGE + WINDOW + PROXIMITY + NAMED)


def ordered(candidates: Sequence[Candidate], scores: Mapping[int, float]) -> list[Candidate]:
    """Best first; of passages that say the same in the same words only the best keeps its place, the others follow."""
    kept: list[Candidate] = []
    again: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (-scores[one.chunk_id], one.chunk_id)):
        (again if any(_alike(one.terms, other.terms) for other in kept) else kept).append(one)
    return kept + again


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    smaller, larger = sorted((len(one), len(other)))
    if smaller < SAME_WORDS * larger or not smaller:
        return False
    common = len(one & other)
    return common >= SAME_WORDS * (smaller + larger - common)
