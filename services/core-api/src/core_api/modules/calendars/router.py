"""HTTP of calendars."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, Field

from core_api.limits import LIMITED_WRITES
from core_api.modules.business_days.public import OutsideCoverage
from core_api.modules.calendars.dependencies import CalendarChanges, CalendarReads
from core_api.modules.calendars.exceptions import (
    CalendarCodeTaken,
    CalendarCycle,
    CalendarInUse,
    CalendarIsFixed,
    CalendarIsShipped,
    CalendarKindFixed,
    CalendarNotFound,
    CalendarNotYetKnown,
    CalendarsDoNotOverlap,
    CalendarVersionNotFound,
    OverrideNotFound,
    RangeTooLong,
)
from core_api.modules.calendars.schemas import (
    CalendarCode,
    CalendarContent,
    CalendarCreate,
    CalendarDayAnswer,
    CalendarDayRead,
    CalendarRead,
    CalendarRename,
    CalendarVersionDetail,
    CalendarVersionRead,
    OverrideHistoryRead,
    OverrideRead,
    OverrideWrite,
)
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Admin, InternalCaller, Viewer

router = APIRouter(prefix="/calendars", tags=["calendars"])
internal_calendars = APIRouter(prefix="/calendars", tags=["internal-calendars"])

Code = Annotated[CalendarCode, Path(examples=["B3"])]
Day = Annotated[date, Path(examples=["2026-12-24"])]
From = Annotated[date, Query(alias="from", examples=["2026-12-01"])]
To = Annotated[date, Query(alias="to", examples=["2026-12-31"])]
_Instant = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
_Date = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
AsOf = Annotated[
    Annotated[_Instant | _Date, Field(union_mode="left_to_right")] | None,
    Query(
        description="What was believed at this instant (with an offset), or at the end of this date where the calendar "
        "is at home.",
        examples=["2026-11-20"],
    ),
]


@router.get("", summary="List calendars", responses=problems(Unauthenticated, Forbidden))
async def list_calendars(calendars: CalendarReads, _: Viewer) -> ApiResponse[list[CalendarRead], None]:
    """All calendars with their newest version, what it covers and how many dates people have overridden."""
    return ok(await calendars.listing())


@router.post(
    "",
    summary="Create a calendar",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, CalendarNotFound, CalendarCodeTaken, CalendarCycle, CalendarsDoNotOverlap
    ),
)
async def create_calendar(
    write: CalendarCreate, calendars: CalendarChanges, caller: Admin, response: Response
) -> ApiResponse[CalendarRead, None]:
    """Add a calendar of one's own (`custom`), or one that is made of others (`union`, `intersection`)."""
    calendar = await calendars.create(write, by=caller)
    response.headers["ETag"] = etag_for(calendar.revision)
    return ok(calendar)


@router.get("/{code}", summary="Read a calendar", responses=problems(Unauthenticated, Forbidden, CalendarNotFound))
async def get_calendar(
    code: Code, calendars: CalendarReads, _: Viewer, response: Response
) -> ApiResponse[CalendarRead, None]:
    """One calendar; the ETag header is what a change must send as If-Match."""
    calendar = await calendars.get(code)
    response.headers["ETag"] = etag_for(calendar.revision)
    return ok(calendar)


@router.patch(
    "/{code}",
    summary="Rename a calendar",
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, CalendarNotFound, CalendarIsShipped, PreconditionFailed, PreconditionRequired
    ),
)
async def rename_calendar(
    code: Code,
    write: CalendarRename,
    calendars: CalendarChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[CalendarRead, None]:
    """Change the name for people; the code stays."""
    calendar = await calendars.rename(code, write, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(calendar.revision)
    return ok(calendar)


@router.delete(
    "/{code}",
    summary="Delete a calendar",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated,
        Forbidden,
        CalendarNotFound,
        CalendarIsShipped,
        CalendarInUse,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def delete_calendar(code: Code, calendars: CalendarChanges, caller: Admin, if_match: IfMatch = None) -> None:
    """Delete a calendar that no day group uses and that no other calendar is, or ever was, made of."""
    await calendars.delete(code, if_match=if_match, by=caller)


@router.post(
    "/{code}/versions",
    summary="Publish a version",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated,
        Forbidden,
        CalendarNotFound,
        CalendarIsShipped,
        CalendarKindFixed,
        CalendarCycle,
        CalendarsDoNotOverlap,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def add_version(
    code: Code,
    content: CalendarContent,
    calendars: CalendarChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[CalendarRead, None]:
    """New days, holidays, coverage or members, from now on. Earlier versions stay readable; overrides stay above all.

    The content of the newest version again adds nothing. What is left of today is loaded again for every routine on the
    calendar, or on one that is made of it.
    """
    calendar = await calendars.add_version(code, content, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(calendar.revision)
    return ok(calendar)


@router.get(
    "/{code}/days",
    summary="Days of a calendar",
    responses=problems(
        Unauthenticated, Forbidden, CalendarNotFound, CalendarNotYetKnown, OutsideCoverage, RangeTooLong
    ),
)
async def list_days(
    code: Code, start: From, end: To, calendars: CalendarReads, _: Viewer, as_of: AsOf = None
) -> ApiResponse[list[CalendarDayRead], None]:
    """Every date from `from` to `to` (included; at most 800): business day or not, late opening, holiday's name.

    With `as_of`, as the calendar and its overrides stood then: what a run of that time had to go by.
    """
    return ok(await calendars.day_range(code, start=start, end=end, as_of=as_of))


@router.get(
    "/{code}/versions",
    summary="Versions of a calendar",
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, InvalidCursor),
)
async def list_versions(
    code: Code, calendars: CalendarReads, _: Viewer, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[list[CalendarVersionRead], CursorMeta]:
    """Every version that the calendar had, the newest first: who published it, when, and what it was made of."""
    page, meta = await calendars.versions(code, cursor=cursor, limit=limit)
    return ok(page, meta=meta)


@router.get(
    "/{code}/versions/{version}",
    summary="Read a version",
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, CalendarVersionNotFound),
)
async def get_version(
    code: Code, version: Annotated[int, Path(ge=1, lt=2**31)], calendars: CalendarReads, _: Viewer
) -> ApiResponse[CalendarVersionDetail, None]:
    """One version with what a person wrote: change that and publish it as the next version."""
    return ok(await calendars.version(code, version))


@router.get(
    "/{code}/overrides",
    summary="Corrected dates",
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, RangeTooLong),
)
async def list_overrides(
    code: Code,
    start: From,
    end: To,
    calendars: CalendarReads,
    _: Viewer,
    *,
    ended: Annotated[bool, Query(description="Those too that were replaced or taken back.")] = False,
) -> ApiResponse[list[OverrideHistoryRead], None]:
    """Corrections by people of dates from `from` to `to` (included; at most 800 days), by date and age."""
    return ok(await calendars.overrides(code, start=start, end=end, ended=ended))


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


@internal_calendars.get(
    "/{code}/days/{day}",
    summary="One date of a calendar",
    responses=problems(Unauthenticated, CalendarNotFound, OutsideCoverage),
)
async def get_day(code: Code, day: Day, calendars: CalendarReads, _: InternalCaller) -> CalendarDayAnswer:
    """For other services: whether a date is a business day, and the business days before and after it."""
    return await calendars.answer(code, day)
