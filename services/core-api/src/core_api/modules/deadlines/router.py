"""HTTP of deadlines of groups. A routine's own deadline is part of the routine."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from core_api.limits import LIMITED_WRITES
from core_api.modules.deadlines.dependencies import DeadlineReads, GroupDeadlineReads, GroupDeadlines
from core_api.modules.deadlines.exceptions import DeadlineCalendarUnknown, DeadlineNameTaken, DeadlineNotFound
from core_api.modules.deadlines.schemas import DeadlineDayRead, GroupDeadlineRead, GroupDeadlineWrite
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/deadlines", tags=["deadlines"])


@router.get("", summary="List deadlines of groups", responses=problems(Unauthenticated, Forbidden))
async def list_deadlines(deadlines: GroupDeadlineReads, _: Viewer) -> ApiResponse[list[GroupDeadlineRead], None]:
    """Every deadline that holds for all routines with a tag, by name."""
    return ok(await deadlines.listing())


@router.get("/day", summary="How a day's deadlines stand", responses=problems(Unauthenticated, Forbidden))
async def deadlines_of_day(
    deadlines: DeadlineReads,
    request: Request,
    _: Viewer,
    business_date: Annotated[date, Query(description="The business date whose results are to be ready.")],
) -> ApiResponse[list[DeadlineDayRead], None]:
    """The deadlines of routines and of groups for one business date, by time, and what is still missing for each."""
    return ok(await deadlines.day(business_date, now=request.state.clock.now()))


@router.post(
    "",
    summary="Create a deadline of a group",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DeadlineNameTaken, DeadlineCalendarUnknown),
)
async def create_deadline(
    write: GroupDeadlineWrite, deadlines: GroupDeadlines, caller: Admin
) -> ApiResponse[GroupDeadlineRead, None]:
    """All routines with a tag are to be ready by a local time, counted in business days of a calendar."""
    return ok(await deadlines.create(write, by=caller))


@router.put(
    "/{deadline_id}",
    summary="Change a deadline of a group",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DeadlineNotFound, DeadlineNameTaken, DeadlineCalendarUnknown),
)
async def update_deadline(
    deadline_id: UUID, write: GroupDeadlineWrite, deadlines: GroupDeadlines, caller: Admin
) -> ApiResponse[GroupDeadlineRead, None]:
    """Replace a deadline. Deadlines that have passed already keep what was said about them."""
    return ok(await deadlines.change(deadline_id, write, by=caller))


@router.delete(
    "/{deadline_id}",
    summary="Delete a deadline of a group",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DeadlineNotFound),
)
async def delete_deadline(deadline_id: UUID, deadlines: GroupDeadlines, caller: Admin) -> None:
    """Remove a deadline."""
    await deadlines.delete(deadline_id, by=caller)
