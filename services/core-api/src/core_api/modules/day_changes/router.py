"""HTTP of what an edit would change: the body of each route is that of the edit itself."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from core_api.limits import LIMITED_WRITES
from core_api.modules.calendars.public import (
    CalendarCode,
    CalendarContent,
    CalendarCycle,
    CalendarIsFixed,
    CalendarIsShipped,
    CalendarKindFixed,
    CalendarNotFound,
    CalendarsDoNotOverlap,
    OutsideCoverage,
    OverrideNotFound,
    OverrideWrite,
)
from core_api.modules.day_changes.dependencies import DayChangeReads
from core_api.modules.day_changes.schemas import DayChanges
from core_api.modules.day_groups.public import DayGroupNotFound, DayGroupWrite
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

calendars = APIRouter(prefix="/calendars", tags=["calendars"])
day_groups = APIRouter(prefix="/day-groups", tags=["day-groups"])

Code = Annotated[CalendarCode, Path(examples=["B3"])]
Day = Annotated[date, Path(examples=["2026-12-24"])]


@calendars.post(
    "/{code}/overrides/{day}/preview",
    summary="What an override would change",
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, CalendarNotFound, CalendarIsFixed, OutsideCoverage, OverrideNotFound
    ),
)
async def preview_override(
    code: Code, day: Day, changes: DayChangeReads, _: Viewer, write: OverrideWrite | None = None
) -> ApiResponse[DayChanges, None]:
    """Which dates change, in which calendars and day groups, and which routines that concerns. Saves nothing.

    Without a body: what taking the override of the date back would change.
    """
    return ok(await changes.of_override(code, day, write))


@calendars.post(
    "/{code}/versions/preview",
    summary="What a version would change",
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated,
        Forbidden,
        CalendarNotFound,
        CalendarIsShipped,
        CalendarKindFixed,
        CalendarCycle,
        CalendarsDoNotOverlap,
    ),
)
async def preview_version(
    code: Code, content: CalendarContent, changes: DayChangeReads, _: Viewer
) -> ApiResponse[DayChanges, None]:
    """Which dates change, in which calendars and day groups, and which routines that concerns. Saves nothing."""
    return ok(await changes.of_version(code, content))


@day_groups.post(
    "/{group_id}/preview",
    summary="What an edit of a day group would change",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DayGroupNotFound, CalendarNotFound),
)
async def preview_day_group(
    group_id: UUID, write: DayGroupWrite, changes: DayChangeReads, _: Viewer
) -> ApiResponse[DayChanges, None]:
    """On which dates its routines would run, or run no more, and which routines those are. Saves nothing."""
    return ok(await changes.of_group(group_id, write))
