"""Which way to the nearest vectors pays, by how many of them a caller may see.

Measured with 100,000 vectors of 384 dimensions: reading a scope whole costs about 1 microsecond per vector and finds
all of the nearest. A walk through the HNSW index costs the same whatever the scope, divided by the scope's share: the
walk passes over vectors that the caller may not see, and below some share it would give up before it has found enough.
"""

from dataclasses import dataclass
from typing import Final

EXACT_ROWS: Final = 12_000
"""Up to here a scope is read whole: at most about 15 ms, and never a wrong neighbour."""
EXACT_SHARE_ROWS: Final = 50_000
"""Up to here, too, when the scope is a small share of the space: the walk would be longer and miss some."""
SMALL_SHARE: Final = 0.03
WIDE_SHARE: Final = 0.5
CANDIDATES_PER_HIT: Final = 4
LEAST_CANDIDATES: Final = 40
FILTERED_PER_HIT: Final = 10
LEAST_FILTERED: Final = 100
"""A walk that must pass over most of what it meets ends sooner than its width says: more are taken than are wanted."""
EF_SEARCH: Final = 200
"""With 24 links per vector: recall@10 0.997 at 100,000 vectors without any clusters, 0.988 with a width of 120."""
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
    if share < WIDE_SHARE:
        candidates = max(LEAST_FILTERED, limit * FILTERED_PER_HIT)
    # Twice as many vectors as it takes on average to find so many of the scope.
    scanned = max(LEAST_SCANNED, int(2 * candidates / share))
    return Walk(candidates=candidates, ef=min(1000, max(EF_SEARCH, candidates)), scanned=scanned)
