"""A question as terms with weights: what it asks for, how rare each part is, and what may stand for a word nobody
wrote.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ai_svc.rag.lexicon.tokens import is_exact, run_terms, runs, term_id

MAX_TERMS: Final = 32
"""Of a long question only so many terms are asked for, the rarest."""
GUESSED: Final = 0.7
"""What a word that was probably meant weighs of one that was written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One term of a question, and the word that it was written as."""

    id: int
    term: str
    written: str

    @property
    def exact(self) -> bool:
        """A number, a date, a ticker, a code: a passage has it or is about something else."""
        return is_exact(self.term)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term with its weight (BM25's idf) and in how many passages it is; none for a word that is nowhere."""

    asked: Asked
    df: int
    weight: float
    stands_for: int
    """The id of the term that it is asked in place of, for a spelling nobody used; else its own."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 knows of the whole index: passages, words, and in how many passages each term is."""

    chunks: int
    tokens: int
    df: Mapping[int, int]

    @property
    def average_length(self) -> float:
        return max(self.tokens / self.chunks, 1.0) if self.chunks else 1.0

    def idf(self, term: int) -> float:
        """Robertson and Sparck Jones, plus one so that no term counts against a passage (as in Lucene)."""
        return idf(self.df.get(term, 0), chunks=self.chunks)


def idf(df: int, *, chunks: int) -> float:
    return math.log(1 + (max(chunks - df, 0) + 0.5) / (df + 0.5))


def read(question: str) -> list[Asked]:
    """The terms of a question, each once, in its order."""
    found: dict[str, Asked] = {}
    for run in runs(question):
        for term in run_terms(run):
            found.setdefault(term, Asked(term_id(term), term, run))
    return list(found.values())


def weighed(asked: Iterable[Asked], statistics: Statistics) -> list[Weighed]:
    """The terms with their weights, the rarest known first; those of no passage come last."""
    found = [Weighed(one, statistics.df.get(one.id, 0), statistics.idf(one.id), one.id) for one in asked]
    return sorted(found, key=lambda one: (one.df == 0, one.df, one.asked.id))


def rarest(terms: Sequence[Weighed], *, passages: int) -> list[Weighed]:
    """The rarest known terms that are in about so many passages together; always one, if any is known.

    A passage with none of the rare terms cannot reach the first places with the common ones alone: on Pirá, candidates
    from terms in at most a tenth of the passages lose 0.004 of nDCG@10.
    """
    chosen: list[Weighed] = []
    total = 0
    for one in terms:
        if one.df == 0 or (chosen and total + one.df > passages):
            break
        chosen.append(one)
        total += one.df
    return chosen


def respelt(terms: Iterable[Weighed], meant: Mapping[int, str], statistics: Statistics) -> list[Weighed]:
    """The terms again, with a known one in place of each that nobody wrote; it counts for less, since it is a guess."""
    found: list[Weighed] = []
    for one in terms:
        stem = meant.get(one.asked.id)
        if stem is None:
            found.append(one)
            continue
        other = Asked(term_id(stem), stem, one.asked.written)
        found.append(Weighed(other, statistics.df.get(other.id, 0), GUESSED * statistics.idf(other.id), one.asked.id))
    return sorted(found, key=lambda one: (one.df == 0, one.df, one.asked.id))
