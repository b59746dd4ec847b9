"""How well one passage matches a question, beyond the sum that BM25 makes: how much of it, and how close together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ai_svc.rag.lexicon.tokens import term_ids
from ai_svc.rag.ranking.question import Asked, Weighed

WINDOW: Final = 15
"""Terms of one thought stand within so many others: about a sentence without its stopwords."""


@dataclass(frozen=True, slots=True)
class Match:
    """Shares of the question's weight, from 0 to 1."""

    coverage: float
    """What is anywhere in the passage, its heading and title included."""
    window: float
    """What is in the best stretch of `WINDOW` terms of its text."""
    proximity: float
    """How close neighbours in the question are in the text: 1 when all of them are side by side."""
    named: float
    """What its title and heading have."""
    found: frozenset[int]
    """The terms that it has."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A question's terms by id. A spelling that stands for another counts as that one."""

    by_id: Mapping[int, float]
    same: Mapping[int, int]
    order: Sequence[int]
    total: float


def weights(asked: Sequence[Asked], terms: Sequence[Weighed]) -> Weights:
    """What a match is measured against: words of no passage count too, since their absence says something."""
    by_id: dict[int, float] = {}
    for one in terms:
        by_id[one.stands_for] = max(by_id.get(one.stands_for, 0.0), one.weight)
    same = {one.asked.id: one.stands_for for one in terms}
    return Weights(by_id, same, [one.id for one in asked], sum(by_id.values()))


def read_ids(text: str) -> list[int]:
    """A text's terms by id, in its order."""
    return term_ids().of(text)


def match(question: Weights, *, text: Sequence[int], named: Sequence[int]) -> Match:
    """Compares a passage's terms, and those of its title and heading, with a question's."""
    same = question.same
    hits = [(place, same[term]) for place, term in enumerate(text) if term in same]
    in_name = {same[term] for term in named if term in same}
    found = in_name | {term for _, term in hits}
    return Match(
        coverage=_share(question, found),
        window=_window(question, hits),
        proximity=_proximity(question, hits),
        named=_share(question, in_name),
        found=frozenset(found),
    )


def _share(question: Weights, found: set[int] | frozenset[int]) -> float:
    return sum(question.by_id[term] for term in found) / question.total if question.total else 0.0


def _window(question: Weights, hits: Sequence[tuple[int, int]]) -> float:
    """Two fingers over the places of the question's terms: what is between them is counted as they move."""
    inside: dict[int, int] = {}
    weight = best = 0.0
    last = 0
    for place, term in hits:
        if not inside.get(term):
            weight += question.by_id[term]
        inside[term] = inside.get(term, 0) + 1
        while place - hits[last][0] > WINDOW:
            gone = hits[last][1]
            inside[gone] -= 1
            if not inside[gone]:
                weight -= question.by_id[gone]
            last += 1
        best = max(best, weight)
    return best / question.total if question.total else 0.0


def _proximity(question: Weights, hits: Sequence[tuple[int, int]]) -> float:
    places: dict[int, list[int]] = {}
    for place, term in hits:
        places.setdefault(term, []).append(place)
    got = most = 0.0
    for one, other in pairwise(question.order):
        weight = min(question.by_id.get(one, 0.0), question.by_id.get(other, 0.0))
        most += weight
        if weight and one in places and other in places:
            got += weight / max(1, _closest(places[one], places[other]))
    return got / most if most else 0.0


def _closest(some: Sequence[int], others: Sequence[int]) -> int:
    """The smallest distance between two ascending lists of places."""
    best, here, there = abs(some[0] - others[0]), 0, 0
    while here < len(some) and there < len(others):
        best = min(best, abs(some[here] - others[there]))
        if some[here] < others[there]:
            here += 1
        else:
            there += 1
    return best
