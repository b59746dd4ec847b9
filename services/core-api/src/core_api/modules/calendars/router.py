"""HTTP of calendars and day groups."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from core_api.limits import LIMITED_WRITES
from core_api.modules.business_days.public import OutsideCoverage
from core_api.modules.calendars.dependencies import CalendarChanges, CalendarReads, DayGroupChanges, DayGroupReads
from core_api.modules.calendars.exceptions import (
    CalendarIsFixed,
    CalendarNotFound,
    DayGroupInUse,
    DayGroupNameTaken,
    DayGroupNotFound,
    OverrideNotFound,
    RangeTooLong,
)
from core_api.modules.calendars.schemas import (
    CalendarCode,
    CalendarDayAnswer,
    CalendarDayRead,
    CalendarRead,
    DayGroupRead,
    DayGroupWrite,
    OverrideRead,
    OverrideWrite,
)
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.security import Admin, InternalCaller, Viewer

router = APIRouter(prefix="/calendars", tags=["calendars"])
day_groups = APIRouter(prefix="/day-groups", tags=["day-groups"])
internal_calendars = APIRouter(prefix="/calendars", tags=["internal-calendars"])

Code = Annotated[CalendarCode, Path(examples=["B3"])]
Day = Annotated[date, Path(examples=["2026-12-24"])]


@router.get("", summary="List calendars", responses=problems(Unauthenticated, Forbidden))
async def list_calendars(calendars: CalendarReads, _: Viewer) -> ApiResponse[list[CalendarRead], None]:
    """All calendars with their newest version, what it covers and how many dates people have overridden."""
    return ok(await calendars.listing())


@router.get(
    "/{code}/days",
    summary="Days of a calendar",
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, OutsideCoverage, RangeTooLong),
)
async def list_days(
    code: Code,
    start: Annotated[date, Query(alias="from", examples=["2026-12-01"])],
    end: Annotated[date, Query(alias="to", examples=["2026-12-31"])],
    calendars: CalendarReads,
    _: Viewer,
) -> ApiResponse[list[CalendarDayRead], None]:
    """Every date from `from` to `to` (included; at most 800): business day or not, late opening, holiday's name."""
    return ok(await calendars.day_range(code, start=start, end=end))


@router.put(
    "/{code}/overrides/{day}",
    summary="Correct one date",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, CalendarIsFixed, OutsideCoverage),
)
async def put_override(
    code: Code, day: Day, write: OverrideWrite, calendars: CalendarChanges, caller: Admin
) -> ApiResponse[OverrideRead, None]:
    """Say by hand whether a date is a business day. It holds at once, above every version, until it is deleted."""
    return ok(await calendars.put_override(code, day, write, by=caller))


@router.delete(
    "/{code}/overrides/{day}",
    summary="Take a correction back",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, CalendarIsFixed, OverrideNotFound),
)
async def delete_override(code: Code, day: Day, calendars: CalendarChanges, caller: Admin) -> None:
    """Delete an override: the calendar's newest version decides about the date again."""
    await calendars.delete_override(code, day, by=caller)


@day_groups.get("", summary="List day groups", responses=problems(Unauthenticated, Forbidden))
async def list_day_groups(groups: DayGroupReads, _: Viewer) -> ApiResponse[list[DayGroupRead], None]:
    """All day groups by name."""
    return ok(await groups.listing())


@day_groups.post(
    "",
    summary="Create a day group",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, DayGroupNameTaken),
)
async def create_day_group(
    write: DayGroupWrite, groups: DayGroupChanges, caller: Admin, response: Response
) -> ApiResponse[DayGroupRead, None]:
    """Add a day group: a calendar's business days, narrowed to weekdays, plus and minus single dates."""
    group = await groups.create(write, by=caller)
    response.headers["ETag"] = etag_for(group.version)
    return ok(group)


@day_groups.get(
    "/{group_id}", summary="Read a day group", responses=problems(Unauthenticated, Forbidden, DayGroupNotFound)
)
async def get_day_group(
    group_id: UUID, groups: DayGroupReads, _: Viewer, response: Response
) -> ApiResponse[DayGroupRead, None]:
    """One day group; the ETag header is what a change must send as If-Match."""
    group = await groups.get(group_id)
    response.headers["ETag"] = etag_for(group.version)
    return ok(group)


@day_groups.put(
    "/{group_id}",
    summary="Replace a day group",
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated,
        Forbidden,
        DayGroupNotFound,
        CalendarNotFound,
        DayGroupNameTaken,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def update_day_group(
    group_id: UUID,
    write: DayGroupWrite,
    groups: DayGroupChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[DayGroupRead, None]:
    """Replace a day group. What is left of today is loaded again for every routine that uses it."""
    group = await groups.update(group_id, write, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(group.version)
    return ok(group)


@day_groups.delete(
    "/{group_id}",
    summary="Delete a day group",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, DayGroupNotFound, DayGroupInUse, PreconditionFailed, PreconditionRequired
    ),
)
async def delete_day_group(group_id: UUID, groups: DayGroupChanges, caller: Admin, if_match: IfMatch = None) -> None:
    """Delete a day group that no routine uses."""
    await groups.delete(group_id, if_match=if_match, by=caller)


@internal_calendars.get(
    "/{code}/days/{day}",
    summary="One date of a calendar",
    responses=problems(Unauthenticated, CalendarNotFound, OutsideCoverage),
)
async def get_day(code: Code, day: Day, calendars: CalendarReads, _: InternalCaller) -> CalendarDayAnswer:
    """For other services: whether a date is a business day, and the business days before and after it."""
    return await calendars.answer(code, day)
