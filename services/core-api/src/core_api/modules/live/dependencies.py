"""Wiring of live streams for HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from core_api.modules.attempts.public import LogPosition, LogPositionInvalid
from core_api.modules.live.service import EventFeed, LogFollower
from core_api.modules.queue.public import reads_for
from shared_utils.db.session import read_transaction


async def log_follower(execution_id: UUID, request: Request) -> LogFollower:
    """Raises `ExecutionNotFound` here: once the stream has begun it is too late for a 404."""
    state = request.state
    async with read_transaction(state.sessionmaker) as session:
        await reads_for(session, clock=state.clock).get(execution_id)
    return LogFollower(state.sessionmaker, state.listener, state.clock, stop=state.stopping)


async def log_position(
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=40, description="`attempt:seq` of the last line received.")
    ] = None,
) -> LogPosition:
    if last_event_id is None or not last_event_id:
        return LogPosition()
    attempt, _, seq = last_event_id.partition(":")
    if not (attempt.isascii() and attempt.isdigit() and seq.isascii() and seq.isdigit()):
        raise LogPositionInvalid
    position = LogPosition(int(attempt), int(seq))
    if max(position.attempt, position.seq) >= 1 << 31:
        raise LogPositionInvalid
    return position


def event_feed(request: Request) -> EventFeed:
    feed: EventFeed = request.state.event_feed
    return feed


Follower = Annotated[LogFollower, Depends(log_follower)]
Position = Annotated[LogPosition, Depends(log_position)]
Feed = Annotated[EventFeed, Depends(event_feed)]
