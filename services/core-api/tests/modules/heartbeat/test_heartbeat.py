"""The heartbeat: the outside is called only while everything really works."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import redis.asyncio

from core_api.modules.heartbeat.public import LOOPS, heartbeat_loop
from core_api.modules.schedulers.public import LoopState
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.receivers import Receiver, receiver


class Patient:
    """A scheduler whose loops stand as a test says."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        now = clock.now()
        self.states = {name: LoopState(name=name, started_at=now, last_run_at=now) for name in LOOPS}

    def beat(self, other: Receiver, sessions: SessionFactory, streams: Any) -> Any:
        return heartbeat_loop(other.url, self.clock, states=self.states.values, sessionmaker=sessions, streams=streams)


async def test_e16_the_outside_is_called_every_thirty_seconds_while_all_is_well(
    clock: FakeClock, sessionmaker: SessionFactory, streams_redis: redis.asyncio.Redis
) -> None:
    async with receiver() as other:
        beat = Patient(clock).beat(other, sessionmaker, streams_redis)
        assert [await beat.step(), await beat.step()] == [30, 30]
        assert len(other.received) == 2


@pytest.mark.parametrize("loop", list(LOOPS))
@pytest.mark.parametrize("how", ["failing", "hung", "never ran", "gone"])
async def test_e16_a_loop_that_does_not_work_silences_the_heartbeat(
    loop: str, how: str, clock: FakeClock, sessionmaker: SessionFactory, streams_redis: redis.asyncio.Redis
) -> None:
    patient = Patient(clock)
    clock.advance(timedelta(seconds=max(LOOPS.values()) + 1))
    for state in patient.states.values():
        state.last_run_at = clock.now()
    if how == "failing":
        patient.states[loop].failing = True
    elif how == "hung":
        patient.states[loop].last_run_at = clock.now() - timedelta(seconds=LOOPS[loop] + 1)
    elif how == "never ran":
        patient.states[loop].last_run_at = None
    else:
        del patient.states[loop]
    async with receiver() as other:
        beat = patient.beat(other, sessionmaker, streams_redis)
        assert await beat.step() == 5
        assert other.received == []
        patient.states[loop] = LoopState(name=loop, started_at=clock.now(), last_run_at=clock.now())
        assert await beat.step() == 30
        assert len(other.received) == 1


async def test_e16_without_redis_the_heartbeat_is_silent(
    clock: FakeClock, sessionmaker: SessionFactory, own_redis: Any
) -> None:
    client = create_redis(own_redis.url(), name="test")
    async with receiver() as other:
        beat = Patient(clock).beat(other, sessionmaker, client)
        assert await beat.step() == 30
        await asyncio.to_thread(own_redis.kill)
        assert await beat.step() == 5
        assert len(other.received) == 1
    await client.aclose()


async def test_e16_an_outside_that_is_away_is_tried_again_soon(
    clock: FakeClock, sessionmaker: SessionFactory, streams_redis: redis.asyncio.Redis
) -> None:
    async with receiver(behaviour="500") as other:
        beat = Patient(clock).beat(other, sessionmaker, streams_redis)
        assert await beat.step() == 5
        other.behaviour = "close"
        assert await beat.step() == 5
        other.behaviour = "ok"
        assert await beat.step() == 30
