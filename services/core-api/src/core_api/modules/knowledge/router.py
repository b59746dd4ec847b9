"""Internal HTTP of knowledge: what ai-svc reads to answer questions about routines and failures."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from core_api.modules.knowledge.dependencies import Knowledge
from shared_schemas.knowledge import ErrorPage, RoutinePage
from shared_utils.errors import Unauthenticated
from shared_utils.http.envelope import problems
from shared_utils.http.pagination import InvalidCursor, Limit
from shared_utils.http.security import InternalCaller

internal_knowledge = APIRouter(
    prefix="/knowledge", tags=["internal-knowledge"], responses=problems(Unauthenticated, InvalidCursor)
)

After = Annotated[str | None, Query(max_length=2000, description="`next` of the page before; empty for the first.")]


@internal_knowledge.get("/routines", summary="Routines as people speak of them")
async def list_routine_knowledge(
    knowledge: Knowledge, _: InternalCaller, after: After = None, limit: Limit = 200
) -> RoutinePage:
    """All routines that are there, by id, with what they depend on."""
    return await knowledge.routines(after=after, limit=limit)


@internal_knowledge.get("/errors", summary="Executions that failed")
async def list_error_knowledge(
    knowledge: Knowledge,
    _: InternalCaller,
    since: Annotated[AwareDatetime, Query(description="Only what ended at this instant or later.")],
    after: After = None,
    limit: Limit = 200,
) -> ErrorPage:
    """Executions that failed for good, the last that ended first; their messages are at most 4,000 characters."""
    return await knowledge.errors(since=since, after=after, limit=limit)
