"""HTTP of live streams (server-sent events). A comment every 15 seconds keeps the connection open."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from core_api.modules.attempts.public import LogPositionInvalid
from core_api.modules.executions.public import ExecutionNotFound
from core_api.modules.live.dependencies import Feed, Follower, Position
from core_api.modules.live.service import watch_events
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import problems
from shared_utils.http.security import Viewer

logs = APIRouter(prefix="/executions", tags=["executions"])
events = APIRouter(prefix="/events", tags=["events"])

_RETRY_MILLISECONDS = 2000


@logs.get(
    "/{execution_id}/logs/stream",
    summary="Follow an execution's log",
    response_class=EventSourceResponse,
    responses=problems(Unauthenticated, Forbidden, ExecutionNotFound, LogPositionInvalid),
)
async def stream_logs(
    execution_id: UUID, _: Viewer, follower: Follower, position: Position
) -> AsyncIterator[ServerSentEvent]:
    """Events `line` (a log line), `status` (the execution, when it changed), and `end` when it is over and all is sent.

    The id of a line is `attempt:seq`; reconnect with it in `Last-Event-ID` to go on after it. A stream ends after 15
    minutes at the latest, without `end`: reconnect then.
    """
    async for news in follower.follow(execution_id, after=position):
        yield ServerSentEvent(event=news.kind, id=news.position, data=news.data, retry=_RETRY_MILLISECONDS)


@events.get(
    "/stream",
    summary="Follow what happens",
    response_class=EventSourceResponse,
    responses=problems(Unauthenticated, Forbidden),
)
async def stream_events(request: Request, _: Viewer, feed: Feed) -> AsyncIterator[ServerSentEvent]:
    """Every event as it happens: its type is the event's name, its payload the data.

    `resync` says that events were left out for this reader: load again what is shown. A stream ends after 15 minutes at
    the latest: reconnect then.
    """
    yield ServerSentEvent(comment="connected", retry=_RETRY_MILLISECONDS)
    state = request.state
    async for event in watch_events(feed, stop=state.stopping, clock=state.clock):
        yield ServerSentEvent(event=event.event_type, id=event.event_id, raw_data=event.payload)
