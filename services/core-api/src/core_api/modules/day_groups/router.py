"""HTTP of day groups."""

from uuid import UUID

from fastapi import APIRouter, Response

from core_api.limits import LIMITED_WRITES
from core_api.modules.calendars.public import CalendarNotFound
from core_api.modules.day_groups.dependencies import DayGroupChanges, DayGroupReads
from core_api.modules.day_groups.exceptions import DayGroupInUse, DayGroupNameTaken, DayGroupNotFound
from core_api.modules.day_groups.schemas import DayGroupRead, DayGroupWrite
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/day-groups", tags=["day-groups"])


@router.get("", summary="List day groups", responses=problems(Unauthenticated, Forbidden))
async def list_day_groups(groups: DayGroupReads, _: Viewer) -> ApiResponse[list[DayGroupRead], None]:
    """All day groups by name."""
    return ok(await groups.listing())


@router.post(
    "",
    summary="Create a day group",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, CalendarNotFound, DayGroupNameTaken),
)
async def create_day_group(
    write: DayGroupWrite, groups: DayGroupChanges, caller: Admin, response: Response
) -> ApiResponse[DayGroupRead, None]:
    """Add a day group: a calendar and a rule that chooses among its business days, plus and minus single dates."""
    group = await groups.create(write, by=caller)
    response.headers["ETag"] = etag_for(group.version)
    return ok(group)


@router.get("/{group_id}", summary="Read a day group", responses=problems(Unauthenticated, Forbidden, DayGroupNotFound))
async def get_day_group(
    group_id: UUID, groups: DayGroupReads, _: Viewer, response: Response
) -> ApiResponse[DayGroupRead, None]:
    """One day group; the ETag header is what a change must send as If-Match."""
    group = await groups.get(group_id)
    response.headers["ETag"] = etag_for(group.version)
    return ok(group)


@router.put(
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


@router.delete(
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
