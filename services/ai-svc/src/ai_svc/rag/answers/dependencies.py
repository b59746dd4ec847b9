"""Wiring of questions for HTTP."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request

from ai_svc.brain.chat import CallContext
from ai_svc.live.runs import RunEvent, Runs
from ai_svc.rag.answers.exceptions import EventPositionInvalid
from ai_svc.rag.answers.repository import readable
from ai_svc.rag.answers.schemas import AskRequest
from ai_svc.rag.answers.service import PURPOSE, Answering
from ai_svc.rag.lexicon.tokens import terms
from ai_svc.rag.search.public import Search, SearchFilters, SearchResult, principals_of
from shared_schemas.auth import AuthContext
from shared_utils.db.session import read_transaction
from shared_utils.http.security import Viewer


class CallersLibrary:
    """The documents as one caller may read them. Each look is a transaction of its own: none stays open for a model."""

    def __init__(self, state: Any, caller: AuthContext) -> None:
        self._state = state
        self._principals = principals_of(caller)

    async def search(self, question: str, *, limit: int, filters: SearchFilters) -> SearchResult:
        # Its session is opened when it is needed: a question may wait for an embedder first.
        found = Search(lambda: read_transaction(self._state.sessionmaker), finders=self._state.finders)
        return await found.search(question, principals=self._principals, limit=limit, filters=filters)

    async def alive(self, chunk_ids: Iterable[int]) -> set[int]:
        async with read_transaction(self._state.sessionmaker) as session:
            return await readable(session, chunk_ids, principals=self._principals)


@dataclass(frozen=True, slots=True)
class QuestionsOf:
    """What answers, and for whom."""

    answering: Answering
    context: CallContext


def questions(request: Request, caller: Viewer) -> QuestionsOf:
    state = request.state
    library = CallersLibrary(state, caller)
    return QuestionsOf(
        Answering(library, state.models, state.prompts, words=terms),
        CallContext(PURPOSE, caller.subject),
    )


Questions = Annotated[QuestionsOf, Depends(questions)]


def runs(request: Request) -> Runs:
    found: Runs = request.state.runs
    return found


RunsDep = Annotated[Runs, Depends(runs)]


@dataclass(frozen=True, slots=True)
class AskedRun:
    """A run that was begun for this request."""

    run_id: UUID
    events: AsyncIterator[RunEvent]


async def asked_run(asked: AskRequest, caller: Viewer, questions: Questions, runs: RunsDep) -> AskedRun:
    run_id = uuid4()
    produced = questions.answering.events(asked, context=questions.context)
    await runs.begin(run_id, owner=caller.subject, produced=produced)
    return AskedRun(run_id, runs.follow(run_id, owner=caller.subject))


Asked = Annotated[AskedRun, Depends(asked_run)]


async def followed(
    run_id: UUID,
    caller: Viewer,
    runs: RunsDep,
    last_event_id: Annotated[
        str | None,
        Header(alias="Last-Event-ID", max_length=20, description="The id of the last event that was received."),
    ] = None,
) -> AsyncIterator[RunEvent]:
    """Raises `RunNotFound` here: once the stream has begun it is too late for a 404."""
    await runs.check_owner(run_id, caller.subject)
    return runs.follow(run_id, owner=caller.subject, after=_position(last_event_id))


def _position(value: str | None) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdigit()):
        raise EventPositionInvalid
    return int(value)


Followed = Annotated[Any, Depends(followed)]
