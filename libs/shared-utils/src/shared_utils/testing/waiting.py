"""Waiting for something that a real process does: polling with a deadline, in one place."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def until[ResultT](
    condition: Callable[[], Awaitable[ResultT] | ResultT], *, timeout: float = 15, what: str = "the condition"
) -> ResultT:
    """Polls `condition`, plain or async, until it answers something true, and returns that. Fails after `timeout` s."""
    try:
        async with asyncio.timeout(timeout):
            while True:
                answer = condition()
                value: ResultT = await answer if inspect.isawaitable(answer) else answer
                if value:
                    return value
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {timeout} s: {what}") from None
