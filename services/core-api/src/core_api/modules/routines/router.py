"""HTTP of routines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from core_api.limits import LIMITED_WRITES
from core_api.modules.params.public import ParamsInvalid, SecretParamExposed, SecretParamMissing
from core_api.modules.routines.dependencies import RoutineChanges, RoutineReads
from core_api.modules.routines.exceptions import (
    DayGroupUnknown,
    DependencyCycle,
    DependencyUnknown,
    JobUnknown,
    OnceDayExcluded,
    PoolUnknown,
    ReferencesChanged,
    RoutineInUse,
    RoutineNameTaken,
    RoutineNotFound,
    TriggerRoutineUnknown,
)
from core_api.modules.routines.schemas import RoutinePatch, RoutineRead, RoutineWrite
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/routines", tags=["routines"])

AllowUnknownJob = Annotated[
    bool, Query(description="Accept a job that no worker has announced yet; its params are then not checked.")
]
WRITE_ERRORS = (
    Unauthenticated,
    Forbidden,
    RoutineNameTaken,
    ReferencesChanged,
    JobUnknown,
    ParamsInvalid,
    SecretParamMissing,
    PoolUnknown,
    DayGroupUnknown,
    DependencyUnknown,
    DependencyCycle,
    TriggerRoutineUnknown,
    OnceDayExcluded,
)
CHANGE_ERRORS = (*WRITE_ERRORS, SecretParamExposed, RoutineNotFound, PreconditionFailed, PreconditionRequired)


@router.get("", summary="List routines", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_routines(
    routines: RoutineReads,
    _: Viewer,
    *,
    q: Annotated[str | None, Query(max_length=200, description="Part of the name or title.")] = None,
    job: Annotated[str | None, Query(max_length=100, examples=["b3.cotahist.download"])] = None,
    paused: Annotated[bool | None, Query()] = None,
    day_group_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[RoutineRead], CursorMeta]:
    """Routines by name, filtered; deleted ones are not shown."""
    page, meta = await routines.page(
        search=q, job=job, paused=paused, day_group_id=day_group_id, cursor=cursor, limit=limit
    )
    return ok(page, meta=meta)


@router.post(
    "", summary="Create a routine", status_code=201, dependencies=LIMITED_WRITES, responses=problems(*WRITE_ERRORS)
)
async def create_routine(
    write: RoutineWrite,
    routines: RoutineChanges,
    caller: Admin,
    response: Response,
    *,
    allow_unknown_job: AllowUnknownJob = False,
) -> ApiResponse[RoutineRead, None]:
    """Add a routine. Its params must fit the job's schema; what is left of today joins the queue within seconds."""
    routine = await routines.create(write, allow_unknown_job=allow_unknown_job, by=caller)
    return _with_etag(routine, response)


@router.get("/{routine_id}", summary="Read a routine", responses=problems(Unauthenticated, Forbidden, RoutineNotFound))
async def get_routine(
    routine_id: UUID, routines: RoutineReads, _: Viewer, response: Response
) -> ApiResponse[RoutineRead, None]:
    """One routine; the ETag header is what a change must send as If-Match."""
    return _with_etag(await routines.get(routine_id), response)


@router.patch(
    "/{routine_id}", summary="Change a routine", dependencies=LIMITED_WRITES, responses=problems(*CHANGE_ERRORS)
)
async def patch_routine(
    routine_id: UUID,
    patch: RoutinePatch,
    routines: RoutineChanges,
    caller: Admin,
    response: Response,
    *,
    allow_unknown_job: AllowUnknownJob = False,
    if_match: IfMatch = None,
) -> ApiResponse[RoutineRead, None]:
    """Change the fields that are sent; others stay. What is left of today follows; what has started is not touched.

    `***` in place of a secret param keeps what is stored, as it does when a routine is replaced.
    """
    routine = await routines.patch(routine_id, patch, if_match=if_match, allow_unknown_job=allow_unknown_job, by=caller)
    return _with_etag(routine, response)


@router.put(
    "/{routine_id}", summary="Replace a routine", dependencies=LIMITED_WRITES, responses=problems(*CHANGE_ERRORS)
)
async def replace_routine(
    routine_id: UUID,
    write: RoutineWrite,
    routines: RoutineChanges,
    caller: Admin,
    response: Response,
    *,
    allow_unknown_job: AllowUnknownJob = False,
    if_match: IfMatch = None,
) -> ApiResponse[RoutineRead, None]:
    """Replace every field of a routine; what is left out takes its default."""
    routine = await routines.replace(
        routine_id, write, if_match=if_match, allow_unknown_job=allow_unknown_job, by=caller
    )
    return _with_etag(routine, response)


@router.delete(
    "/{routine_id}",
    summary="Delete a routine",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, RoutineNotFound, RoutineInUse, PreconditionFailed, PreconditionRequired
    ),
)
async def delete_routine(routine_id: UUID, routines: RoutineChanges, caller: Admin, if_match: IfMatch = None) -> None:
    """Delete a routine that no other one depends on. Its history stays, what has not started leaves the queue."""
    await routines.delete(routine_id, if_match=if_match, by=caller)


@router.post(
    "/{routine_id}/pause",
    summary="Pause a routine",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound),
)
async def pause_routine(
    routine_id: UUID, routines: RoutineChanges, caller: Admin, response: Response
) -> ApiResponse[RoutineRead, None]:
    """Stop loading a routine and take what has not started out of the queue. Pausing twice is pausing once."""
    return _with_etag(await routines.set_paused(routine_id, paused=True, by=caller), response)


@router.post(
    "/{routine_id}/resume",
    summary="Resume a routine",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound),
)
async def resume_routine(
    routine_id: UUID, routines: RoutineChanges, caller: Admin, response: Response
) -> ApiResponse[RoutineRead, None]:
    """Load a paused routine again, from what is left of today on."""
    return _with_etag(await routines.set_paused(routine_id, paused=False, by=caller), response)


def _with_etag(routine: RoutineRead, response: Response) -> ApiResponse[RoutineRead, None]:
    response.headers["ETag"] = etag_for(routine.version)
    return ok(routine)
