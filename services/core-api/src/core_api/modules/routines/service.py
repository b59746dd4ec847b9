"""Decisions about routines: what may be written and what depends on what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.day_groups.public import DayGroupRead, GroupDays
from core_api.modules.params.public import JobParams, check_params, kept_params, refuse_exposed
from core_api.modules.routines.events import routine_created, routine_deleted, routine_updated
from core_api.modules.routines.exceptions import (
    DayGroupUnknown,
    DependencyCycle,
    DependencyUnknown,
    JobUnknown,
    OnceDayExcluded,
    PoolUnknown,
    RoutineInUse,
    RoutineNameTaken,
    RoutineNotFound,
    TriggerRoutineUnknown,
)
from core_api.modules.routines.models import Routine
from core_api.modules.routines.repository import AnyRow, RoutineRepository
from core_api.modules.routines.schemas import (
    DayGroupRef,
    DependencyRead,
    RoutinePatch,
    RoutineRead,
    RoutineSnapshot,
    RoutineWrite,
    path_to,
)
from core_api.modules.triggers.public import ExecutionEventTrigger, OnceTrigger
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.http.etag import require_if_match
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.security.secret_params import Schema, masked


class Neighbours(Protocol):
    """What routines need to know of other modules."""

    async def job_schema(self, job: str) -> Mapping[str, Any] | None: ...
    async def job_schemas(self, jobs: Collection[str]) -> Mapping[str, Mapping[str, Any]]: ...
    async def job_names(self) -> list[str]: ...
    async def pool_exists(self, name: str) -> bool: ...
    async def day_groups(self, ids: Sequence[UUID]) -> dict[UUID, GroupDays]: ...
    async def day_group_reads(self, ids: Sequence[UUID]) -> dict[UUID, DayGroupRead]: ...


class RoutineService:
    def __init__(
        self, routines: RoutineRepository, *, neighbours: Neighbours, outbox: Outbox, audit: AuditTrail, clock: Clock
    ) -> None:
        self._routines = routines
        self._neighbours = neighbours
        self._outbox = outbox
        self._audit = audit
        self._clock = clock

    async def page(
        self,
        *,
        search: str | None,
        job: str | None,
        paused: bool | None,
        day_group_id: UUID | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[RoutineRead], CursorMeta]:
        """Routines by name, filtered."""
        rows = await self._routines.page(
            search=search,
            job=job,
            paused=paused,
            day_group_id=day_group_id,
            after_name=_position(cursor),
            limit=limit + 1,
        )
        page = rows[:limit]
        next_key = {"name": page[-1].name} if len(rows) > limit else None
        return await self._reads(page), cursor_meta(limit=limit, next_key=next_key)

    async def listing_unmasked(self) -> list[RoutineRead]:
        """Every routine by name, with its secrets: three queries, however many there are."""
        routines = await self._routines.all()
        reads = await self._reads(routines)
        return [
            read.model_copy(update={"params": routine.params}) for read, routine in zip(reads, routines, strict=True)
        ]

    async def get(self, routine_id: UUID) -> RoutineRead:
        """One routine."""
        return await self._read(await self._existing(routine_id))

    async def create(self, write: RoutineWrite, *, allow_unknown_job: bool, by: AuthContext) -> RoutineRead:
        """Add a routine; what is left of today is loaded by the scheduler, which is woken."""
        schema = await self._neighbours.job_schema(write.job)
        write = _with_secrets(write, schema, stored={})
        await self._check(write, schema, allow_unknown_job=allow_unknown_job)
        who = display_name(by)
        routine = await self._routines.add(
            {
                **_columns(write),
                **self._stamp(who),
                "created_by": who,
                "created_at": self._clock.now(),
                "trigger_since": self._clock.now(),
            }
        )
        if routine is None:
            raise RoutineNameTaken(write.name)
        await self._depend(routine, write)
        read = await self._read(routine)
        self._outbox.add(routine_created(routine, by=who))
        await self._changed("create", routine, by=by, before=None, after=read)
        return read

    async def patch(
        self,
        routine_id: UUID,
        patch: RoutinePatch,
        *,
        if_match: str | None,
        allow_unknown_job: bool,
        by: AuthContext,
    ) -> RoutineRead:
        """Change the fields that were given."""
        routine = await self._existing(routine_id, lock=True)
        require_if_match(if_match, routine.version)
        current = await self._as_written(routine)
        changes = {name: getattr(patch, name) for name in patch.model_fields_set}
        wanted = current.model_copy(update=changes)
        return await self._apply(routine, current, wanted, allow_unknown_job=allow_unknown_job, by=by)

    async def replace(
        self,
        routine_id: UUID,
        write: RoutineWrite,
        *,
        if_match: str | None,
        allow_unknown_job: bool,
        by: AuthContext,
    ) -> RoutineRead:
        """Replace every field; what is left out takes its default."""
        routine = await self._existing(routine_id, lock=True)
        require_if_match(if_match, routine.version)
        current = await self._as_written(routine)
        return await self._apply(routine, current, write, allow_unknown_job=allow_unknown_job, by=by)

    async def set_paused(self, routine_id: UUID, *, paused: bool, by: AuthContext) -> RoutineRead:
        """Pause or resume; doing it twice is doing it once."""
        routine = await self._existing(routine_id, lock=True)
        current = await self._as_written(routine)
        wanted = current.model_copy(update={"paused": paused})
        return await self._apply(routine, current, wanted, allow_unknown_job=True, by=by)

    async def delete(self, routine_id: UUID, *, if_match: str | None, by: AuthContext) -> None:
        """Delete a routine that no other one depends on. Its history stays, untouched executions leave."""
        routine = await self._existing(routine_id, lock=True)
        require_if_match(if_match, routine.version)
        await self._routines.lock_dependencies()
        dependants = await self._routines.dependants_of(routine_id)
        if dependants:
            raise RoutineInUse(routine.name, dependants)
        before = await self._read(routine)
        await self._routines.set_dependencies(routine_id, ())
        who = display_name(by)
        await self._routines.change(routine_id, {**self._stamp(who), "deleted_at": self._clock.now()})
        self._outbox.add(routine_deleted(routine, by=who))
        await self._changed("delete", routine, by=by, before=before, after=None)

    async def snapshot_for_run(self, routine_id: UUID, params: Mapping[str, Any] | None) -> RoutineSnapshot:
        """A routine as it is now, with some params replaced for one run; a paused one may be run by hand."""
        found = await self._routines.planned([routine_id], with_paused=True)
        if not found:
            raise RoutineNotFound(routine_id)
        snapshot = RoutineSnapshot(**found[0].snapshot)
        if not params:
            return snapshot
        return replace_params(snapshot, params, schema=await self._neighbours.job_schema(snapshot.job))

    async def _apply(
        self, routine: Routine, current: RoutineWrite, wanted: RoutineWrite, *, allow_unknown_job: bool, by: AuthContext
    ) -> RoutineRead:
        before = await self._read(routine)
        schema = await self._neighbours.job_schema(wanted.job)
        if wanted.job != current.job:
            before_schema = await self._neighbours.job_schema(current.job)
            refuse_exposed(
                JobParams(current.job, before_schema, current.params), JobParams(wanted.job, schema, wanted.params)
            )
        wanted = _with_secrets(wanted, schema, stored=current.params)
        if wanted == current:
            return before
        await self._check(wanted, schema, allow_unknown_job=allow_unknown_job or wanted.job == current.job)
        who = display_name(by)
        since = {} if wanted.trigger == current.trigger else {"trigger_since": self._clock.now()}
        changed = await self._routines.change(routine.id, {**_columns(wanted), **since, **self._stamp(who)})
        if changed is None:
            raise RoutineNameTaken(wanted.name)
        if (wanted.depends_on, wanted.trigger) != (current.depends_on, current.trigger):
            await self._depend(changed, wanted)
        after = await self._read(changed)
        self._outbox.add(routine_updated(changed, by=who))
        await self._changed("update", changed, by=by, before=before, after=after)
        return after

    async def _check(self, write: RoutineWrite, schema: Schema | None, *, allow_unknown_job: bool) -> None:
        if schema is not None:
            check_params(write.job, schema, write.params)
        elif not allow_unknown_job:
            raise JobUnknown(write.job, await self._neighbours.job_names())
        if write.pool is not None and not await self._neighbours.pool_exists(write.pool):
            raise PoolUnknown(write.pool)
        if write.day_group_id is not None:
            await self._check_day_group(write, write.day_group_id)

    async def _check_day_group(self, write: RoutineWrite, group_id: UUID) -> None:
        group = (await self._neighbours.day_groups([group_id])).get(group_id)
        if group is None:
            raise DayGroupUnknown(group_id)
        if isinstance(write.trigger, OnceTrigger) and not group.runs_on(write.trigger.at.date()):
            raise OnceDayExcluded(write.trigger.at.date(), group.name)

    async def _depend(self, routine: Routine, write: RoutineWrite) -> None:
        """Write the dependencies, unless they and the trigger would make a routine wait for itself.

        Only edges within one business date can do that: what depends on an earlier date looks back, and time goes on.
        """
        await self._routines.lock_dependencies()
        upstream_ids = {dependency.routine_id for dependency in write.depends_on}
        watched = {write.trigger.routine} if isinstance(write.trigger, ExecutionEventTrigger) else set[UUID]()
        known = await self._routines.existing(sorted(upstream_ids | watched))
        if missing := upstream_ids - set(known):
            raise DependencyUnknown(sorted(missing))
        if missing := watched - set(known):
            raise TriggerRoutineUnknown(*missing)
        same_date = {
            edge.routine_id for edge in write.depends_on if not edge.day_offset or edge.routine_id == routine.id
        }
        above = sorted(same_date | watched)
        path = path_to(routine.id, above, await self._routines.edges_above(above))
        if path:
            names = await self._routines.names(path)
            raise DependencyCycle([names[step] for step in path])
        await self._routines.set_dependencies(routine.id, write.depends_on)

    async def _changed(
        self, verb: str, routine: Routine, *, by: AuthContext, before: RoutineRead | None, after: RoutineRead | None
    ) -> None:
        await self._routines.wake_scheduler()
        await self._audit.record(
            by=by,
            action=f"routine.{verb}",
            entity="routine",
            entity_id=str(routine.id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )

    async def _existing(self, routine_id: UUID, *, lock: bool = False) -> Routine:
        routine = await self._routines.get(routine_id, lock=lock)
        if routine is None:
            raise RoutineNotFound(routine_id)
        return routine

    async def _as_written(self, routine: Routine) -> RoutineWrite:
        upstreams = await self._routines.upstreams_of([routine.id])
        fields = {name: getattr(routine, name) for name in RoutineWrite.model_fields if name != "depends_on"}
        depends_on = [_edge(upstream) for upstream in upstreams.get(routine.id, ())]
        return RoutineWrite.model_validate({**fields, "depends_on": depends_on})

    async def _read(self, routine: Routine) -> RoutineRead:
        return (await self._reads([routine]))[0]

    async def _reads(self, routines: Sequence[Routine]) -> list[RoutineRead]:
        upstreams = await self._routines.upstreams_of([routine.id for routine in routines])
        group_ids = {routine.day_group_id for routine in routines if routine.day_group_id is not None}
        groups = await self._neighbours.day_group_reads(sorted(group_ids))
        schemas = await self._neighbours.job_schemas({routine.job for routine in routines if routine.params})
        return [
            _read(routine, upstreams.get(routine.id, ()), groups, schema=schemas.get(routine.job))
            for routine in routines
        ]

    def _stamp(self, who: str) -> dict[str, Any]:
        return {"updated_by": who, "updated_at": self._clock.now()}


def replace_params(snapshot: RoutineSnapshot, params: Mapping[str, Any], *, schema: Schema | None) -> RoutineSnapshot:
    """The same routine with some params replaced for one run; `***` at a secret place keeps the routine's own.

    Raises `ParamsInvalid` and `SecretParamMissing`.
    """
    wanted = kept_params(snapshot.params | dict(params), schema, stored=snapshot.params)
    if schema is not None:
        check_params(snapshot.job, schema, wanted)
    return replace(snapshot, params=wanted)


def _with_secrets(write: RoutineWrite, schema: Schema | None, *, stored: Mapping[str, Any]) -> RoutineWrite:
    return write.model_copy(update={"params": kept_params(write.params, schema, stored=stored)})


def _edge(upstream: AnyRow) -> dict[str, Any]:
    """A dependency as people write it, of a row of `upstreams_of`."""
    return {
        "routine_id": upstream.id,
        "day_offset": upstream.day_offset,
        "on_failure": upstream.on_failure,
        "on_skip": upstream.on_skip,
    }


def _columns(write: RoutineWrite) -> dict[str, Any]:
    return {
        **write.model_dump(exclude={"depends_on", "trigger", "retry", "deadline"}),
        "deadline": write.deadline and write.deadline.model_dump(mode="json"),
        "trigger": write.trigger.model_dump(mode="json"),
        "retry": write.retry.model_dump(mode="json"),
    }


def _read(
    routine: Routine, upstreams: Sequence[AnyRow], groups: Mapping[UUID, DayGroupRead], *, schema: Schema | None
) -> RoutineRead:
    group = groups.get(routine.day_group_id) if routine.day_group_id else None
    own = {name: getattr(routine, name) for name in RoutineRead.model_fields if hasattr(routine, name)}
    return RoutineRead.model_validate(
        {
            **own,
            "params": masked(schema, routine.params),
            "day_group": DayGroupRef.model_validate(group) if group else None,
            "depends_on": [DependencyRead(name=row.name, title=row.title, **_edge(row)) for row in upstreams],
            "in_queue": routine.loaded_version == routine.version,
        }
    )


def _position(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    name = decode_cursor(cursor).get("name")
    if not isinstance(name, str):
        raise InvalidCursor
    return name
