"""What other modules may ask of routines."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core_api.modules.day_groups import public as day_groups
from core_api.modules.routines.dependencies import routine_service
from core_api.modules.routines.exceptions import RoutineNotFound
from core_api.modules.routines.repository import RoutineRepository
from core_api.modules.routines.schemas import (
    DEFAULT_ZONE,
    Dependency,
    PlannedRoutine,
    PlannedSlot,
    RetryPolicy,
    RoutineInGroup,
    RoutineName,
    RoutineRead,
    RoutineSnapshot,
    RoutineWrite,
    StaleRoutine,
    Watcher,
)
from core_api.modules.routines.service import replace_params
from core_api.modules.workers import public as workers
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "DEFAULT_ZONE",
    "Dependency",
    "PlannedRoutine",
    "PlannedSlot",
    "RetryPolicy",
    "RoutineInGroup",
    "RoutineName",
    "RoutineNotFound",
    "RoutineRead",
    "RoutineSnapshot",
    "RoutineWrite",
    "StaleRoutine",
    "Watcher",
    "all_routines_unmasked",
    "any_routine",
    "create_routine",
    "delete_routine",
    "downstream_of",
    "event_watchers",
    "get_routine_for_run",
    "jobs_of",
    "mark_loaded",
    "names_of",
    "planned_routines",
    "replace_routine",
    "routines_in",
    "stale_routines",
    "with_params",
    "zones_in_use",
]


async def planned_routines(
    session: ReadSession, routine_ids: Sequence[UUID] | None = None, *, with_paused: bool = False
) -> list[PlannedRoutine]:
    """What a plan needs to know of all routines, or of those among `routine_ids`: one query, without deleted ones."""
    return await RoutineRepository(session).planned(routine_ids, with_paused=with_paused)


async def get_routine_for_run(
    session: ReadSession, routine_id: UUID, *, params: Mapping[str, Any] | None = None
) -> RoutineSnapshot:
    """A routine to run by hand, paused or not; `params` replace its own by name and must fit the job's schema.

    Raises `RoutineNotFound`, `ParamsInvalid` and `SecretParamMissing`.
    """
    return await routine_service(WriteSession(session), clock=SystemClock()).snapshot_for_run(routine_id, params)


async def with_params(
    session: ReadSession, snapshots: Sequence[RoutineSnapshot], params: Mapping[str, Any]
) -> list[RoutineSnapshot]:
    """Routines with some params replaced by name, each checked against its job's schema.

    `***` at the place of a secret keeps the routine's own. Raises `ParamsInvalid` and `SecretParamMissing`.
    """
    if not params:
        return list(snapshots)
    schemas = await workers.job_schemas(session, {snapshot.job for snapshot in snapshots})
    return [replace_params(snapshot, params, schema=schemas.get(snapshot.job)) for snapshot in snapshots]


async def downstream_of(session: ReadSession, routine_ids: Sequence[UUID]) -> list[UUID]:
    """Every routine that depends on one of these, directly or through others."""
    return await RoutineRepository(session).downstream_of(routine_ids)


async def routines_in(session: ReadSession, group_ids: Sequence[UUID]) -> dict[UUID, list[RoutineInGroup]]:
    """The routines on some day groups, by group and name, paused ones included; groups without any are absent."""
    return await RoutineRepository(session).in_groups(group_ids) if group_ids else {}


async def stale_routines(session: WriteSession, *, limit: int = 1000) -> list[StaleRoutine]:
    """Routines whose executions in the queue no longer match them: changed, paused, deleted, or their days moved.

    The rows are locked until the transaction ends; those that another scheduler holds are skipped. Bring the queue in
    line and hand them to `mark_loaded` in the same transaction.
    """
    return await RoutineRepository(session).stale(await day_groups.revisions(session), limit=limit)


async def mark_loaded(session: WriteSession, routines: Sequence[StaleRoutine]) -> None:
    """Note that the queue now matches these routines."""
    if routines:
        await RoutineRepository(session).mark_loaded(routines)


async def zones_in_use(session: ReadSession) -> set[str]:
    """The time zones in which days begin: those of all routines, and the default one."""
    return {DEFAULT_ZONE, *await RoutineRepository(session).zones()}


async def event_watchers(session: ReadSession) -> list[Watcher]:
    """Routines that an event starts, without paused ones."""
    return await RoutineRepository(session).watchers()


async def jobs_of(session: ReadSession, routine_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The jobs of routines by id, deleted ones included; unknown ids are absent."""
    return await RoutineRepository(session).jobs(routine_ids) if routine_ids else {}


async def names_of(session: ReadSession, routine_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names of routines by id, deleted ones included; unknown ids are absent."""
    return await RoutineRepository(session).names(routine_ids) if routine_ids else {}


async def any_routine(session: ReadSession) -> bool:
    """Whether there is, or ever was, a routine."""
    return await RoutineRepository(session).any_exists()


async def create_routine(
    session: WriteSession, write: RoutineWrite, *, by: AuthContext, clock: Clock, allow_unknown_job: bool = False
) -> RoutineRead:
    """Add a routine, with all checks, its event and its audit entry."""
    return await routine_service(session, clock=clock).create(write, allow_unknown_job=allow_unknown_job, by=by)


async def all_routines_unmasked(session: ReadSession) -> list[RoutineRead]:
    """Every routine that is not deleted, by name, with its secrets: for who compares, never to be answered."""
    return await routine_service(WriteSession(session), clock=SystemClock()).listing_unmasked()


async def replace_routine(
    session: WriteSession,
    routine_id: UUID,
    write: RoutineWrite,
    *,
    if_match: str | None,
    by: AuthContext,
    clock: Clock,
    allow_unknown_job: bool = False,
) -> RoutineRead:
    """Replace every field of a routine, as `PUT /routines/{id}` does."""
    return await routine_service(session, clock=clock).replace(
        routine_id, write, if_match=if_match, allow_unknown_job=allow_unknown_job, by=by
    )


async def delete_routine(
    session: WriteSession, routine_id: UUID, *, if_match: str | None, by: AuthContext, clock: Clock
) -> None:
    """Delete a routine, as `DELETE /routines/{id}` does."""
    await routine_service(session, clock=clock).delete(routine_id, if_match=if_match, by=by)
