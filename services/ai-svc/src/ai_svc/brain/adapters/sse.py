"""Reading a stream of server-sent events as providers send them: one JSON object per `data:` line."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final

import httpx2

# After the last event the connection is free as soon as the body's end has been read, which is on its way already.
_DRAIN_SECONDS: Final = 0.05


async def events_of(response: httpx2.Response) -> AsyncGenerator[dict[str, Any] | None]:
    """The objects of the stream, and None for [DONE]. Lines end at line feeds alone: a text may hold a U+2028.

    Raises `ValueError` for a line that is no JSON object.
    """
    rest = b""
    blocks = response.aiter_bytes()
    async for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue  # empty lines, comments that keep a connection alive, names of events
            content = line[5:].strip()
            if content.startswith(b"[DONE]"):
                await drained(blocks)
                yield None
                return
            event = json.loads(content)
            if not isinstance(event, dict):
                raise ValueError("an event that is no object")  # noqa: TRY004  wrong content, not a wrong argument
            yield event


async def drained(blocks: AsyncIterator[bytes]) -> None:
    """Reads what is left, so that the connection can be used again; gives up soon, and it is closed instead."""
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in blocks:
                pass
    except TimeoutError:
        return
