"""How long searches take, as a metric."""

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final

from prometheus_client import Histogram

from ai_svc.rag.search.schemas import SearchResult

OUTCOMES: Final = ("answerable", "not_answerable", "failed")

SEARCH_SECONDS: Final = Histogram(
    "rag_search_duration_seconds",
    "Time of a search, by what it found.",
    ("outcome",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
for _outcome in OUTCOMES:
    SEARCH_SECONDS.labels(_outcome)


def timed[**P](search: Callable[P, Awaitable[SearchResult]]) -> Callable[P, Awaitable[SearchResult]]:
    """The same search; how long it takes is told by what it finds."""

    @wraps(search)
    async def timed_search(*args: P.args, **kwargs: P.kwargs) -> SearchResult:
        started, outcome = time.perf_counter(), "failed"
        try:
            result = await search(*args, **kwargs)
            outcome = "answerable" if result.evidence.answerable else "not_answerable"
        finally:
            SEARCH_SECONDS.labels(outcome).observe(time.perf_counter() - started)
        return result

    return timed_search
