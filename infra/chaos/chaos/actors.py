"""The processes that die and come back: schedulers, workers and the streams Redis."""

import asyncio
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ephemeral import ManagedProcess
from shared_utils.testing.servers import RedisServer, ServerFailedError

LONGEST_ABSENCE_SECONDS = 1.5
REDIS_IS_EMPTIED = 0.35
_LOOK_SECONDS = 0.1
_RESTART_AFTER_END_SECONDS = 0.3


class Actor(Protocol):
    """Something that can be killed and is started again when its time has come."""

    kind: str
    away_until: float

    def alive(self) -> bool: ...
    async def kill(self) -> None: ...
    async def start(self) -> None: ...


@dataclass(slots=True)
class ProcessActor:
    """A scheduler or a worker; every start is a new process."""

    kind: str
    spawn: Callable[[], ManagedProcess]
    process: ManagedProcess | None = None
    away_until: float = 0

    def alive(self) -> bool:
        return self.process is not None and self.process.alive()

    async def kill(self) -> None:
        if self.process is not None:
            self.process.signal(signal.SIGKILL)
            await asyncio.to_thread(self.process.wait, 10)

    async def start(self) -> None:
        self.process = self.spawn()


@dataclass(slots=True)
class RedisActor:
    """The streams Redis. A kill loses what was not on disk; sometimes the disk is lost as well."""

    server: RedisServer
    folder: Path
    rng: random.Random
    kind: str = "redis"
    away_until: float = 0
    kills: int = 0
    emptied: int = 0

    def alive(self) -> bool:
        return self.server.is_running()

    async def kill(self) -> None:
        await asyncio.to_thread(self.server.kill)
        self.kills += 1
        if self.kills == 1 or self.rng.random() < REDIS_IS_EMPTIED:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.emptied += 1

    async def start(self) -> None:
        await asyncio.to_thread(self.server.start)


@dataclass(slots=True)
class Cast:
    """All actors of a run. `keep_up` starts again what is down, be it killed or ended by itself."""

    actors: list[Actor]
    rng: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)

    def of(self, kind: str) -> list[Actor]:
        return [actor for actor in self.actors if actor.kind == kind]

    async def keep_up(self, stop: asyncio.Event) -> None:
        """Runs beside the simulation until `stop`."""
        while not stop.is_set():
            for actor in self.actors:
                await self._care_for(actor)
            await pause(stop, _LOOK_SECONDS)

    async def _care_for(self, actor: Actor) -> None:
        if actor.alive() or time.monotonic() < actor.away_until:
            return
        if actor.away_until == 0 and isinstance(actor, ProcessActor) and actor.process is not None:
            # Nobody killed it: it found Redis away at its start, as a container would that is then started again.
            self.ended_by_themselves[actor.kind] += 1
            actor.away_until = time.monotonic() + _RESTART_AFTER_END_SECONDS
            return
        actor.away_until = 0
        try:
            await actor.start()
        except ServerFailedError as error:
            print(f"{actor.kind}: {error}", file=sys.stderr)

    async def kill_one(self, weights: dict[str, int]) -> Actor | None:
        """SIGKILL to a random living actor; it stays away for a moment. None when nothing that may die is alive."""
        alive = [actor for actor in self.actors if actor.alive() and weights.get(actor.kind, 0) > 0]
        if not alive:
            return None
        shares = [weights[actor.kind] / len([other for other in alive if other.kind == actor.kind]) for actor in alive]
        victim = self.rng.choices(alive, weights=shares)[0]
        await self.kill(victim)
        return victim

    async def kill(self, victim: Actor, *, away_seconds: float | None = None) -> None:
        absence = self.rng.uniform(0.05, LONGEST_ABSENCE_SECONDS) if away_seconds is None else away_seconds
        victim.away_until = time.monotonic() + absence
        await victim.kill()
        self.kills[victim.kind] += 1


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Waits, but not after `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def comes_true(condition: Callable[[], Awaitable[bool]], *, seconds: float, step: float = 0.1) -> bool:
    """Whether `condition` came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if await condition():
            return True
        await asyncio.sleep(step)
    return False
