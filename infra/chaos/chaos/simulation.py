"""The simulated weeks: the clock jumps from one due time to the next while processes die and come back."""

import asyncio
import contextlib
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import psutil

from chaos.actors import Actor, Cast, ProcessActor, comes_true
from chaos.expectation import dates, day_begins
from chaos.scenario import Scenario
from chaos.stage import Stage

KILL_WEIGHTS: Final = {"scheduler": 32, "worker": 26, "redis": 42}
MOST_OVERDUE: Final = 300
LONGEST_WAIT_SECONDS: Final = 45
TAKEOVER_LIMIT_SECONDS: Final = 20.0
START_SECONDS: Final = 120
SETTLE_SECONDS: Final = 150
TELL_SECONDS: Final = 15
_FINAL: Final = ["SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"]
_LOAD_TRIGGERS: Final = ["schedule", "startup", "catch_up"]

_OVERDUE: Final = """
    SELECT count(*) FROM core.executions WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED') AND due_at <= $1
"""
_THERE: Final = """
    SELECT (SELECT count(*) FROM core.workers WHERE lost_at IS NULL AND lease_until > $3) >= $1
       AND (SELECT count(*) FROM core.scheduler_instances
            WHERE kind = 'scheduler' AND last_seen_at > $3 - interval '5 seconds') >= $2
"""
_LAST_TURN: Final = "SELECT last_turn_at FROM core.dispatch_state"
_DISPATCHED: Final = """
    SELECT EXISTS (SELECT 1 FROM core.executions WHERE slot = $1 AND status <> 'PENDING')
"""
_OPEN: Final = """
    SELECT count(*) AS rows, min(due_at) FILTER (WHERE status IN ('PENDING', 'RECOVERY') AND due_at > $2) AS next,
           (SELECT count(*) FROM core.outbox) AS unsent
    FROM core.executions WHERE slot <= $1 AND status <> ALL ($3::text[])
"""
# The session that holds the dispatcher's turn at this moment, by the port that its process talks from.
_TURN: Final = """
    SELECT a.client_port FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted
      AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended('core.dispatch', 0) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first due time that nobody saw to the moment at which a scheduler was there again."""

    began: datetime
    ended: datetime


@dataclass(slots=True)
class Course:
    """What happened during a run, beside what the database tells."""

    takeovers: list[float] = field(default_factory=list)
    late_loads: list[str] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    jumps: int = 0
    seconds: float = 0
    out_of_time: bool = False
    waited_seconds: float = 0


class Simulation:
    """One run of a scenario on an open stage."""

    def __init__(self, scenario: Scenario, stage: Stage, cast: Cast, zones: Sequence[str], rng: random.Random) -> None:
        self._scenario = scenario
        self._stage = stage
        self._cast = cast
        self._zones = zones
        self._rng = rng
        self._course = Course()
        self._loaded: set[str] = set()
        self._told_at = time.monotonic()

    async def run(self, instants: Sequence[datetime]) -> Course:
        """Goes through `instants` in order, kills on the way, and lets everything settle at the end."""
        began = time.monotonic()
        stop = asyncio.Event()
        keeping = asyncio.create_task(self._cast.keep_up(stop))
        try:
            await self._everyone_is_there()
            await self._days(instants, deadline=began + self._scenario.limit_seconds)
            await self._settle(instants[-1])
        finally:
            stop.set()
            await keeping
        self._course.seconds = time.monotonic() - began
        return self._course

    async def _everyone_is_there(self) -> None:
        async def there() -> bool:
            wanted = self._scenario.workers, self._scenario.schedulers
            return bool(await self._stage.database.fetchval(_THERE, *wanted, self._stage.clock.now()))

        if not await comes_true(there, seconds=START_SECONDS):
            raise RuntimeError("schedulers and workers did not come up")

    async def _days(self, instants: Sequence[datetime], *, deadline: float) -> None:
        pace = self._scenario.seconds / len(instants)
        probes = set(_spread(len(instants), self._scenario.takeovers))
        outages = {number + 1 for number in _spread(len(instants), self._scenario.outages)}
        killed, number = 0, 0
        while number < len(instants):
            if time.monotonic() > deadline:
                self._course.out_of_time = True
                return
            await self._days_are_loaded()
            until = time.monotonic() + pace
            if number in outages:
                outages.discard(number)
                number = await self._outage(instants, number)
            elif number in probes:
                await self._take_over(instants[number])
            else:
                await self._stage.jump(instants[number])
            self._course.jumps += 1
            number += 1
            wanted = self._scenario.kills * number // len(instants) - killed
            killed += await self._kill(wanted, until=until)
            await self._catch_up()
            await self._looked_at(instants[number - 1])
            self._tell(number, len(instants))

    def _tell(self, number: int, total: int) -> None:
        """Progress, for whoever watches twenty minutes of it."""
        if time.monotonic() - self._told_at >= TELL_SECONDS:
            self._told_at = time.monotonic()
            seen = f"{self._stage.clock.now():%Y-%m-%d %H:%M}, {number} of {total} due times"
            print(f"  {seen}, {self._cast.kills.total()} kills", file=sys.stderr, flush=True)

    async def _outage(self, instants: Sequence[datetime], number: int) -> int:
        """Kills all schedulers and lets time go by; answers the number of the last instant that nobody saw."""
        await self._quiet()
        schedulers = self._cast.of("scheduler")
        for actor in schedulers:
            await self._cast.kill(actor, away_seconds=math.inf)
        end = min(instants[number] + self._scenario.outage, instants[-1])
        last = max(n for n, instant in enumerate(instants) if instant <= end)
        await self._stage.jump(instants[number] - timedelta(seconds=5))
        await self._stage.jump(instants[last] + timedelta(seconds=5))
        for actor in schedulers:
            actor.away_until = time.monotonic()
        await self._everyone_is_there()
        self._course.outages.append(Outage(instants[number], self._stage.clock.now()))
        return last

    async def _kill(self, count: int, *, until: float) -> int:
        """`count` kills at random moments before `until`."""
        moments = sorted(self._rng.random() for _ in range(count))
        began = time.monotonic()
        span = max(until - began, 0.2)
        done = 0
        for moment in moments:
            await asyncio.sleep(max(began + moment * span - time.monotonic(), 0))
            done += await self._cast.kill_one(KILL_WEIGHTS) is not None
        await asyncio.sleep(max(until - time.monotonic(), 0))
        return done

    async def _catch_up(self) -> None:
        """A machine that cannot keep up gets the time it needs: weeks of backlog would prove nothing."""

        async def few_are_overdue() -> bool:
            return int(await self._stage.database.fetchval(_OVERDUE, self._stage.clock.now())) <= MOST_OVERDUE

        began = time.monotonic()
        await comes_true(few_are_overdue, seconds=LONGEST_WAIT_SECONDS)
        self._course.waited_seconds += time.monotonic() - began

    async def _looked_at(self, instant: datetime) -> None:
        """Some scheduler took a turn since then. Without one the next jump would be an outage, and not by intention."""

        async def turn_taken() -> bool:
            last = await self._stage.database.fetchval(_LAST_TURN)
            return last is not None and last >= instant

        await comes_true(turn_taken, seconds=LONGEST_WAIT_SECONDS)

    async def _days_are_loaded(self) -> None:
        """A date is loaded within the hour in which it begins; the clock does not leap over the whole of it."""
        now = self._stage.clock.now()
        begun = {
            day.isoformat()
            for day in dates(self._scenario.first, self._scenario.last)
            if any(day_begins(zone, day) <= now for zone in self._zones)
        }

        async def all_loaded() -> bool:
            query = "SELECT DISTINCT business_date::text FROM core.daily_loads WHERE trigger = ANY ($1::text[])"
            self._loaded |= {row[0] for row in await self._stage.database.fetch(query, _LOAD_TRIGGERS)}
            return begun <= self._loaded

        if begun <= self._loaded or await comes_true(all_loaded, seconds=LONGEST_WAIT_SECONDS):
            return
        self._course.late_loads += sorted(begun - self._loaded)
        self._loaded |= begun

    # --- takeovers -----------------------------------------------------------------------------------------------

    async def _take_over(self, instant: datetime) -> None:
        """Kills the scheduler whose turn it is as the next work falls due; another one has to hand it out."""
        await self._quiet()
        victim = await self._whose_turn()
        if victim is None:
            await self._stage.jump(instant)
            return
        await self._cast.kill(victim, away_seconds=TAKEOVER_LIMIT_SECONDS)
        began = time.monotonic()
        await self._stage.jump(instant)

        async def handed_out() -> bool:
            return bool(await self._stage.database.fetchval(_DISPATCHED, instant))

        await comes_true(handed_out, seconds=TAKEOVER_LIMIT_SECONDS, step=0.01)
        self._course.takeovers.append(time.monotonic() - began)
        victim.away_until = time.monotonic()

    async def _quiet(self) -> None:
        """Everybody is up and nothing is overdue, so that the next hand-out can only be the new work's."""

        async def quiet() -> bool:
            if not all(actor.alive() for actor in self._cast.actors):
                return False
            return int(await self._stage.database.fetchval(_OVERDUE, self._stage.clock.now())) == 0

        await comes_true(quiet, seconds=LONGEST_WAIT_SECONDS)
        with contextlib.suppress(RuntimeError):
            await self._everyone_is_there()

    async def _whose_turn(self) -> Actor | None:
        """The scheduler that holds the lock of the turn; it holds it for milliseconds, so it takes some looking."""
        schedulers = [actor for actor in self._cast.of("scheduler") if actor.alive()]
        if len(schedulers) < 2:
            return None
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            port = await self._stage.database.fetchval(_TURN)
            holder = next((one for one in schedulers if port and port in _ports_of(one)), None)
            if holder is not None:
                return holder
        return self._rng.choice(schedulers)

    # --- the end -------------------------------------------------------------------------------------------------

    async def _settle(self, end: datetime) -> None:
        """No more kills: what is left runs and is told. The clock goes on to when the next retry is due."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            now = self._stage.clock.now()
            row = await self._stage.database.fetchrow(_OPEN, end, now, _FINAL)
            if row is None or row["rows"] == row["unsent"] == 0:
                return
            if row["next"] is not None and row["next"] - now < timedelta(hours=1):
                await self._stage.jump(row["next"])
            await asyncio.sleep(0.25)


def _spread(count: int, wanted: int) -> list[int]:
    """`wanted` numbers of 0..count-1, evenly apart."""
    return [(2 * number + 1) * count // (2 * wanted) for number in range(wanted)] if wanted else []


def _ports_of(actor: Actor) -> set[int]:
    if not isinstance(actor, ProcessActor) or actor.process is None:
        return set()
    try:
        return {one.laddr.port for one in psutil.Process(actor.process.pid).net_connections("tcp")}
    except psutil.Error:
        return set()
