"""Which way to the nearest vectors pays, by how many of them a caller may see.

Measured with 100,000 vectors of 384 dimensions, in shared buffers that hold the index: reading a scope whole costs 0.4
microseconds per vector when those of a document lie side by side, 1.1 when each is on another page, and finds all of
the nearest. A walk through the HNSW index costs 15 to 20 milliseconds, and more when it has to pass over vectors that
the caller may not see: then it is wider, since the nearest ten of a third are among the nearest thirty of all. Below
some share it would give up before it has found enough.
"""

import math
from dataclasses import dataclass
from typing import Final

EXACT_ROWS: Final = 30_000
"""Up to here a scope is read whole: a walk takes as long, and this never misses a neighbour."""
EXACT_SHARE_ROWS: Final = 50_000
"""Up to here, too, when the scope is a small share of the space: the walk would be longer and miss some."""
SMALL_SHARE: Final = 0.03
CANDIDATES_PER_HIT: Final = 2
LEAST_CANDIDATES: Final = 30
NARROW_SHARE: Final = 0.05
LEAST_NARROW: Final = 100
"""A walk that must pass over nearly all of what it meets goes on after its first round: more are taken than are wanted,
since what a later round finds may be nearer than what an earlier one found.
"""
EF_SEARCH: Final = 220
"""With 24 links per vector, for all of a space; for a share of it wider by that share's root. Recall@10 at 100,000
vectors without any clusters: 0.993 with 200, and of a half 0.987 with 200 and 0.993 with 300.
"""
MOST_EF: Final = 1000
"""pgvector's own limit."""
LEAST_SCANNED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Exact:
    """Compare with every vector of the scope."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk the HNSW index until `candidates` of the scope are found; `ef` is how wide, `scanned` how far at most."""

    candidates: int
    ef: int
    scanned: int


type Way = Exact | Walk


def choose(*, rows_in_scope: int, rows_in_space: int, limit: int) -> Way:
    """The way for a scope of that size. Counts may be some seconds old: they decide about speed, not about rights."""
    if rows_in_scope <= EXACT_ROWS:
        return Exact()
    share = rows_in_scope / max(rows_in_space, rows_in_scope)
    if rows_in_scope <= EXACT_SHARE_ROWS and share < SMALL_SHARE:
        return Exact()
    candidates = max(LEAST_CANDIDATES, limit * CANDIDATES_PER_HIT)
    if share < NARROW_SHARE:
        candidates = max(LEAST_NARROW, candidates)
    # Twice as many vectors as it takes on average to find so many of the scope.
    scanned = max(LEAST_SCANNED, int(2 * candidates / share))
    ef = min(MOST_EF, max(int(EF_SEARCH / math.sqrt(share)), candidates))
    return Walk(candidates=candidates, ef=ef, scanned=scanned)
