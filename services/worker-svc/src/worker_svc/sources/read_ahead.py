"""Make the next item while the present one is being used, on a thread: unzipping, parsing and sending overlap."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor


def read_ahead[ItemT](items: Iterator[ItemT]) -> Iterator[ItemT]:
    """The same items, one ahead. What `items` raises is raised here; it is closed before this returns."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as thread:
        try:
            pending = thread.submit(next, items, None)
            while (item := pending.result()) is not None:
                pending = thread.submit(next, items, None)
                yield item
        finally:
            thread.submit(_close, items).result()


async def read_ahead_async[ItemT](items: Iterator[ItemT]) -> AsyncIterator[ItemT]:
    """The same for a consumer in an event loop, which stays free meanwhile."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as thread:
        try:
            pending = thread.submit(next, items, None)
            while (item := await asyncio.wrap_future(pending)) is not None:
                pending = thread.submit(next, items, None)
                yield item
        finally:
            thread.submit(_close, items).result()


def _close(items: Iterator[object]) -> None:
    """On the items' own thread, after its last step: a generator that runs cannot be closed."""
    close = getattr(items, "close", None)
    if close is not None:
        close()
