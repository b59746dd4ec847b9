"""What every peer's script can do, and the marks by which the benchmark measures it.

    python -m peers.<name> setup | work | bulk COUNT | immediate COUNT | scheduled COUNT

A job writes one line of fixed width: the instant at which it was due and the one at which its code ran.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

IMMEDIATE_SPACING = 0.02
SCHEDULED_LEAD = 2.0
SCHEDULED_SPACING = 0.12

type Send = Callable[[int, float | None], Awaitable[None]]
"""(due in nanoseconds, seconds to wait or None for at once)"""


def mark(due: int) -> None:
    """Called by every job, with what it was given."""
    # One write of an O_APPEND descriptor is whole, also when several processes do it.
    os.write(_marks(), f"{due:020d} {time.time_ns():020d}\n".encode())


def _marks() -> int:
    if not _DESCRIPTOR:
        _DESCRIPTOR.append(os.open(os.environ["PEER_MARKS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    return _DESCRIPTOR[0]


_DESCRIPTOR: list[int] = []


@dataclass(frozen=True)
class Peer:
    """`bulk` enqueues jobs that are due at once, in the fastest way the peer documents."""

    work: Callable[[], None]
    bulk: Callable[[int], Awaitable[None]]
    sender: Callable[[], AbstractAsyncContextManager[Send]]
    setup: Callable[[], Awaitable[None]] | None = None


def main(peer: Peer) -> None:
    command, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if command == "work":
        peer.work()
    elif command == "setup":
        if peer.setup is not None:
            asyncio.run(peer.setup())
    elif command == "bulk":
        asyncio.run(peer.bulk(count))
    else:
        asyncio.run(_single(peer, count, scheduled=command == "scheduled"))


async def _single(peer: Peer, count: int, *, scheduled: bool) -> None:
    async with peer.sender() as send:
        await send(-1, None)  # opens what is opened lazily; the mark of -1 is not counted
        await asyncio.sleep(1)
        first = time.time() + SCHEDULED_LEAD
        for number in range(count):
            if scheduled:
                due = first + SCHEDULED_SPACING * number
                await send(int(due * 1e9), due - time.time())
            else:
                await send(time.time_ns(), None)
                await asyncio.sleep(IMMEDIATE_SPACING)
