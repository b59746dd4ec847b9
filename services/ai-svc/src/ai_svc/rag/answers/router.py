"""HTTP of questions. A stream can be taken up again where it was lost."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ai_svc.live.runs import RunEvent, RunNotFound
from ai_svc.rag.answers.dependencies import Asked, Followed, Questions, RunsDep
from ai_svc.rag.answers.exceptions import EventPositionInvalid
from ai_svc.rag.answers.schemas import AnswerRead, AskRequest
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/rag/ask", tags=["rag"])

_RETRY_MILLISECONDS = 1000


@router.post("", summary="Ask the documents", responses=problems(Unauthenticated, Forbidden))
async def ask(asked: AskRequest, _: Viewer, questions: Questions) -> ApiResponse[AnswerRead, None]:
    """An answer from the documents that you may read, each sentence with a quote that stands there, or 'not found'.

    Without a model, or when none answers, it is made of the quotes themselves.
    """
    return ok(await questions.answering.answer(asked, context=questions.context))


@router.post(
    "/stream",
    summary="Ask the documents and read along",
    response_class=EventSourceResponse,
    responses=problems(Unauthenticated, Forbidden),
)
async def ask_stream(run: Asked) -> AsyncIterator[ServerSentEvent]:
    """Events: `run` (its id), `sources`, then `delta`, `citation`, `restart` as they come, then one `done` or `error`.

    `restart` voids what was said before it. When the connection is lost, go on with
    `GET /rag/ask/{run_id}/stream` and `Last-Event-ID`, within a minute.
    """
    yield ServerSentEvent(event="run", data={"run_id": str(run.run_id)}, id="0", retry=_RETRY_MILLISECONDS)
    async for event in run.events:
        yield _sent(event)


@router.get(
    "/{run_id}/stream",
    summary="Take a stream up again",
    response_class=EventSourceResponse,
    responses=problems(Unauthenticated, Forbidden, RunNotFound, EventPositionInvalid),
)
async def resume(run_id: UUID, followed: Followed) -> AsyncIterator[ServerSentEvent]:
    """The events after `Last-Event-ID`, none lost and none twice."""
    del run_id  # `followed` has it too
    async for event in followed:
        yield _sent(event)


@router.delete(
    "/{run_id}",
    summary="Stop an answer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Unauthenticated, Forbidden, RunNotFound),
)
async def stop(run_id: UUID, caller: Viewer, runs: RunsDep) -> None:
    """Ends the call to the model, too; what it used until then is booked."""
    await runs.stop(run_id, owner=caller.subject)


def _sent(event: RunEvent) -> ServerSentEvent:
    return ServerSentEvent(event=event.name, id=str(event.seq), data=event.data)
