"""Wiring of definitions: each kind of thing as its own module keeps it, within one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.calendars import public as calendars
from core_api.modules.day_groups import public as day_groups
from core_api.modules.definitions.schemas import (
    Entry,
    PlanRead,
    calendar_fields,
    calendar_form,
    day_group_fields,
    day_group_form,
    pool_fields,
    pool_form,
    routine_fields,
    routine_form,
    routine_write,
    short_calendar,
    short_day_group,
    short_pool,
    short_routine,
)
from core_api.modules.definitions.service import DefinitionService, Section
from core_api.modules.pools import public as pools
from core_api.modules.routines import public as routines
from core_api.modules.workers import public as workers
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.http.etag import etag_for
from shared_utils.security.secret_params import masked, restored


class _Session:
    """What every section works with."""

    def __init__(self, session: WriteSession, *, by: AuthContext, clock: Clock) -> None:
        self._session = session
        self._by = by
        self._clock = clock

    def upstreams(self, fields: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 - one signature for all sections
        return ()

    def completed(self, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        return fields

    def shown(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return fields


class Calendars(_Session):
    """Calendars of one's own; shipped ones are none of a document's business."""

    key = "code"

    def parse(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return calendar_fields(raw)

    def short(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return short_calendar(fields)

    def upstreams(self, fields: Mapping[str, Any]) -> Sequence[str]:
        members: Sequence[str] = fields["content"].get("members", ())
        return members

    async def current(self) -> dict[str, Mapping[str, Any]]:
        return {one.code: calendar_form(one) for one in await calendars.calendar_definitions(self._session)}

    async def create(self, entry: Entry) -> None:
        write = calendars.CalendarCreate.model_validate(entry.fields)
        await calendars.create_calendar(self._session, write, by=self._by, clock=self._clock)

    async def update(self, entry: Entry) -> None:
        write = calendars.CalendarCreate.model_validate(entry.fields)
        await calendars.replace_calendar(self._session, write, by=self._by, clock=self._clock)

    async def delete(self, name: str) -> None:
        await calendars.delete_calendar(self._session, name, by=self._by, clock=self._clock)


class Pools(_Session):
    key = "name"

    def parse(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return pool_fields(raw)

    def short(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return short_pool(fields)

    async def current(self) -> dict[str, Mapping[str, Any]]:
        return {pool.name: pool_form(pool) for pool in await pools.all_pools(self._session)}

    async def create(self, entry: Entry) -> None:
        write = pools.PoolCreate.model_validate(entry.fields)
        await pools.create_pool(self._session, write, by=self._by, clock=self._clock)

    async def update(self, entry: Entry) -> None:
        write = pools.PoolCreate.model_validate(entry.fields)
        await pools.change_pool(self._session, write, by=self._by, clock=self._clock)

    async def delete(self, name: str) -> None:
        await pools.delete_pool(self._session, name, by=self._by, clock=self._clock)


class DayGroups(_Session):
    key = "name"

    def __init__(self, session: WriteSession, *, by: AuthContext, clock: Clock) -> None:
        super().__init__(session, by=by, clock=clock)
        self._known: dict[str, day_groups.DayGroupRead] = {}

    def parse(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return day_group_fields(raw)

    def short(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return short_day_group(fields)

    async def current(self) -> dict[str, Mapping[str, Any]]:
        self._known = {group.name: group for group in (await day_groups.day_group_reads(self._session)).values()}
        return {name: day_group_form(group) for name, group in self._known.items()}

    async def create(self, entry: Entry) -> None:
        write = day_groups.DayGroupWrite.model_validate(entry.fields)
        await day_groups.create_day_group(self._session, write, by=self._by, clock=self._clock)

    async def update(self, entry: Entry) -> None:
        known = self._known[entry.name]
        await day_groups.update_day_group(
            self._session,
            known.id,
            day_groups.DayGroupWrite.model_validate(entry.fields),
            if_match=etag_for(known.version),
            by=self._by,
            clock=self._clock,
        )

    async def delete(self, name: str) -> None:
        known = self._known[name]
        await day_groups.delete_day_group(
            self._session, known.id, if_match=etag_for(known.version), by=self._by, clock=self._clock
        )


class Routines(_Session):
    key = "name"

    def __init__(self, session: WriteSession, *, by: AuthContext, clock: Clock, allow_unknown_job: bool) -> None:
        super().__init__(session, by=by, clock=clock)
        self._allow_unknown_job = allow_unknown_job
        self._ids: dict[str, UUID] = {}
        self._versions: dict[str, int] = {}
        self._groups: dict[str, UUID] = {}
        self._schemas: dict[str, Mapping[str, Any]] = {}

    def parse(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        return routine_fields(raw)

    def short(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return short_routine(fields)

    def upstreams(self, fields: Mapping[str, Any]) -> Sequence[str]:
        return [edge["routine"] for edge in fields["depends_on"]]

    def completed(self, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
        kept, _ = restored(self._schemas.get(fields["job"]), fields["params"], stored=before["params"])
        return {**fields, "params": kept}

    def shown(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**fields, "params": masked(self._schemas.get(fields["job"]), fields["params"])}

    async def current(self) -> dict[str, Mapping[str, Any]]:
        # The day groups of this document stand already: their section came before.
        self._groups = {group.name: group.id for group in (await day_groups.day_group_reads(self._session)).values()}
        self._schemas = await workers.job_schemas(self._session)
        reads = await routines.all_routines_unmasked(self._session)
        self._ids = {read.name: read.id for read in reads}
        self._versions = {read.name: read.version for read in reads}
        names = {read.id: read.name for read in reads}
        return {read.name: routine_form(read, names) for read in reads}

    async def create(self, entry: Entry) -> None:
        write = routine_write(entry.fields, routines=self._ids, day_groups=self._groups)
        created = await routines.create_routine(
            self._session, write, by=self._by, clock=self._clock, allow_unknown_job=self._allow_unknown_job
        )
        self._ids[created.name] = created.id

    async def update(self, entry: Entry) -> None:
        await routines.replace_routine(
            self._session,
            self._ids[entry.name],
            routine_write(entry.fields, routines=self._ids, day_groups=self._groups),
            if_match=etag_for(self._versions[entry.name]),
            by=self._by,
            clock=self._clock,
            allow_unknown_job=self._allow_unknown_job,
        )

    async def delete(self, name: str) -> None:
        await routines.delete_routine(
            self._session,
            self._ids[name],
            if_match=etag_for(self._versions[name]),
            by=self._by,
            clock=self._clock,
        )


def definition_service(
    session: WriteSession, *, by: AuthContext, clock: Clock, allow_unknown_job: bool
) -> DefinitionService:
    """Definitions within one transaction."""
    sections: dict[Any, Section] = {
        "calendar": Calendars(session, by=by, clock=clock),
        "pool": Pools(session, by=by, clock=clock),
        "day_group": DayGroups(session, by=by, clock=clock),
        "routine": Routines(session, by=by, clock=clock, allow_unknown_job=allow_unknown_job),
    }
    return DefinitionService(sections)


class _Undone(Exception):
    """No error: everything was tried and is taken back."""


class Definitions:
    """What the routes ask for."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def export(self, *, by: AuthContext) -> str:
        return await self._service(by, allow_unknown_job=True).export()

    async def plan(self, text: str, *, prune: bool, allow_unknown_job: bool, by: AuthContext) -> PlanRead:
        """What applying would change. All of it happens in a savepoint, which is then undone with its events."""
        with suppress(_Undone):
            async with self._session.begin_nested():
                plan = await self._service(by, allow_unknown_job=allow_unknown_job).apply(text, prune=prune)
                raise _Undone
        return plan

    async def apply(
        self, text: str, *, prune: bool, expected: str | None, allow_unknown_job: bool, by: AuthContext
    ) -> PlanRead:
        service = self._service(by, allow_unknown_job=allow_unknown_job)
        plan = await service.apply(text, prune=prune, expected=expected)
        return plan.model_copy(update={"applied": True})

    def _service(self, by: AuthContext, *, allow_unknown_job: bool) -> DefinitionService:
        return definition_service(self._session, by=by, clock=self._clock, allow_unknown_job=allow_unknown_job)


async def definition_changes(session: WriteSessionDep, request: Request) -> Definitions:
    return Definitions(session, clock=request.state.clock)


async def definition_reads(session: ReadSessionDep, request: Request) -> Definitions:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return Definitions(WriteSession(session), clock=request.state.clock)


DefinitionChanges = Annotated[Definitions, Depends(definition_changes)]
DefinitionReads = Annotated[Definitions, Depends(definition_reads)]
