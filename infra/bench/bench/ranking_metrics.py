"""How good an order is, when one passage is the right one; and how well a score tells two kinds apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

DEPTH = 10


@dataclass(frozen=True)
class Quality:
    """Means over questions; `empty` is the share of those for which nothing at all was found."""

    ndcg: float
    recall: float
    mrr: float
    empty: float
    questions: int


def rank_of(right: object, order: Sequence[object]) -> int | None:
    """The place of the right one, from 1, each passage counted once; none when it is not among the first ten."""
    seen = list(dict.fromkeys(order))[:DEPTH]
    return seen.index(right) + 1 if right in seen else None


def quality(ranks: Sequence[int | None], *, empty: int = 0) -> Quality:
    """nDCG@10, recall@10 and the mean reciprocal rank: with one right passage the ideal gain is 1."""
    count = len(ranks)
    found = [rank for rank in ranks if rank is not None]
    return Quality(
        ndcg=sum(1 / math.log2(1 + rank) for rank in found) / count,
        recall=len(found) / count,
        mrr=sum(1 / rank for rank in found) / count,
        empty=empty / count,
        questions=count,
    )


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How often one of the first kind scores above one of the second; a tie is half."""
    wins = sum((one > other) + (one == other) / 2 for one in higher for other in lower)
    return wins / (len(higher) * len(lower))
