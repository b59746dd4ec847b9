"""Queries of routines: set-based, a handful per request whatever the number of routines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.modules.routines.exceptions import ReferencesChanged
from core_api.modules.routines.models import Routine, RoutineDependency
from core_api.modules.routines.schemas import (
    Dependency,
    PlannedRoutine,
    RoutineInGroup,
    StaleRoutine,
    Upstream,
    Watcher,
)
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession

type AnyRow = Row[*tuple[Any, ...]]

_UNIQUE_VIOLATION = "23505"
# Serialises changes of dependencies: two that each look harmless could close a cycle together.
_DEPENDENCIES_LOCK = 0x524F_5554_4445_5053


class RoutineRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def get(self, routine_id: UUID, *, lock: bool = False) -> Routine | None:
        """A routine that is not deleted."""
        query = select(Routine).where(Routine.id == routine_id, Routine.deleted_at.is_(None))
        if lock:
            # NO KEY: another routine may take a dependency on this one meanwhile; a foreign key must not wait for it.
            query = query.with_for_update(key_share=True)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def page(
        self,
        *,
        search: str | None,
        job: str | None,
        paused: bool | None,
        day_group_id: UUID | None,
        after_name: str | None,
        limit: int,
    ) -> list[Routine]:
        """Routines by name, from after `after_name` on, at most `limit`."""
        query = select(Routine).where(Routine.deleted_at.is_(None)).order_by(Routine.name).limit(limit)
        if search:
            query = query.where(
                or_(Routine.name.icontains(search, autoescape=True), Routine.title.icontains(search, autoescape=True))
            )
        if job is not None:
            query = query.where(Routine.job == job)
        if paused is not None:
            query = query.where(Routine.paused.is_(paused))
        if day_group_id is not None:
            query = query.where(Routine.day_group_id == day_group_id)
        if after_name is not None:
            query = query.where(Routine.name > after_name)
        return list(await self._session.scalars(query))

    async def all(self) -> list[Routine]:
        """Every routine that is not deleted, by name."""
        query = select(Routine).where(Routine.deleted_at.is_(None)).order_by(Routine.name)
        return list(await self._session.scalars(query))

    async def any_exists(self) -> bool:
        """Whether there is a routine at all, deleted ones included."""
        return await self._session.scalar(select(Routine.id).limit(1)) is not None

    async def add(self, values: Mapping[str, Any]) -> Routine | None:
        """Insert a routine; None when the name is taken."""
        statement = insert(Routine).values(**values).returning(Routine)
        try:
            async with self._session.begin_nested():
                return (await self._session.scalars(statement)).one()
        except IntegrityError as error:
            _raise_unless_taken(error)
            return None

    async def change(self, routine_id: UUID, values: Mapping[str, Any]) -> Routine | None:
        """Change a routine and count the change; None when the new name is another routine's."""
        statement = (
            update(Routine)
            .where(Routine.id == routine_id)
            .values(**values, version=Routine.version + 1)
            .returning(Routine)
        )
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one()
        except IntegrityError as error:
            _raise_unless_taken(error)
            return None

    async def wake_scheduler(self) -> None:
        """Its next look at the queue, and the relay's at the outbox, come at once."""
        await notify(self._session, WAKE_CHANNEL)
        await notify(self._session, OUTBOX_CHANNEL)

    # --- dependencies ----------------------------------------

    async def lock_dependencies(self) -> None:
        """Let one transaction at a time change the dependency graph."""
        await self._session.execute(select(func.pg_advisory_xact_lock(_DEPENDENCIES_LOCK)))

    async def set_dependencies(self, routine_id: UUID, dependencies: Sequence[Dependency]) -> None:
        await self._session.execute(delete(RoutineDependency).where(RoutineDependency.routine_id == routine_id))
        if dependencies:
            rows = [
                {"upstream_id": one.routine_id, **one.model_dump(), "routine_id": routine_id} for one in dependencies
            ]
            await self._session.execute(insert(RoutineDependency), rows)

    async def existing(self, ids: Sequence[UUID]) -> dict[UUID, AnyRow]:
        """Id, name and title of the routines among `ids` that are not deleted."""
        query = select(Routine.id, Routine.name, Routine.title).where(_among(ids), Routine.deleted_at.is_(None))
        return {row.id: row for row in await self._session.execute(query)}

    async def in_groups(self, group_ids: Sequence[UUID]) -> dict[UUID, list[RoutineInGroup]]:
        """Routines by day group and name, paused ones included."""
        query = (
            select(Routine.day_group_id, Routine.id, Routine.name, Routine.title, Routine.paused)
            .where(Routine.day_group_id == func.any(cast(list(group_ids), ARRAY(Uuid))), Routine.deleted_at.is_(None))
            .order_by(Routine.name)
        )
        found: dict[UUID, list[RoutineInGroup]] = {}
        for group_id, routine_id, name, title, paused in await self._session.execute(query):
            if group_id is not None:
                found.setdefault(group_id, []).append(RoutineInGroup(routine_id, name, title, paused))
        return found

    async def names(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        rows = await self._session.execute(select(Routine.id, Routine.name).where(_among(ids)))
        return {row.id: row.name for row in rows}

    async def jobs(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        rows = await self._session.execute(select(Routine.id, Routine.job).where(_among(ids)))
        return {row.id: row.job for row in rows}

    async def upstreams_of(self, ids: Sequence[UUID]) -> dict[UUID, list[AnyRow]]:
        """The routines that each of `ids` directly depends on, by name, with the rules of the edges."""
        query = (
            select(
                RoutineDependency.routine_id,
                Routine.id,
                Routine.name,
                Routine.title,
                RoutineDependency.day_offset,
                RoutineDependency.on_failure,
                RoutineDependency.on_skip,
            )
            .join(Routine, Routine.id == RoutineDependency.upstream_id)
            .where(RoutineDependency.routine_id == func.any(_uuids(ids)))
            .order_by(Routine.name)
        )
        found: dict[UUID, list[AnyRow]] = {}
        for row in await self._session.execute(query):
            found.setdefault(row.routine_id, []).append(row)
        return found

    async def edges_above(self, ids: Sequence[UUID]) -> list[Upstream]:
        """Every edge that can be reached upwards from `ids` without leaving the business date.

        An edge is a dependency on the same date, or an event trigger: both make one routine start after another.
        """
        edges = _edges_of_a_date().subquery()
        above = select(edges.c.routine_id, edges.c.upstream_id).where(edges.c.routine_id == func.any(_uuids(ids)))
        found = above.cte("above", recursive=True)
        more = _edges_of_a_date().subquery()
        found = found.union(
            select(more.c.routine_id, more.c.upstream_id).join(found, more.c.routine_id == found.c.upstream_id)
        )
        rows = await self._session.execute(select(found.c.routine_id, found.c.upstream_id))
        return [Upstream(row.routine_id, row.upstream_id) for row in rows]

    async def downstream_of(self, ids: Sequence[UUID]) -> list[UUID]:
        """Every routine that depends on one of `ids`, directly or not."""
        below = (
            select(RoutineDependency.routine_id)
            .where(RoutineDependency.upstream_id == func.any(_uuids(ids)))
            .cte("below", recursive=True)
        )
        more = aliased(RoutineDependency)
        below = below.union(select(more.routine_id).join(below, more.upstream_id == below.c.routine_id))
        query = select(Routine.id).join(below, below.c.routine_id == Routine.id).where(Routine.deleted_at.is_(None))
        return list(await self._session.scalars(query))

    async def dependants_of(self, routine_id: UUID) -> list[str]:
        """Names of the routines that directly depend on this one, or are started by its end."""
        depending = (
            select(Routine.name)
            .join(RoutineDependency, RoutineDependency.routine_id == Routine.id)
            .where(RoutineDependency.upstream_id == routine_id, Routine.deleted_at.is_(None))
        )
        started = select(Routine.name).where(_WATCHES_A_ROUTINE, _watched() == routine_id)
        return list(await self._session.scalars(depending.union(started).order_by("name")))

    # --- what the queue needs ----------------------------------------

    async def planned(self, ids: Sequence[UUID] | None = None, *, with_paused: bool = False) -> list[PlannedRoutine]:
        """What a plan needs to know of the routines that are not deleted, or of those among `ids`."""
        query = _snapshot_query().where(Routine.deleted_at.is_(None))
        if not with_paused:
            query = query.where(Routine.paused.is_(False))
        if ids is not None:
            query = query.where(_among(ids))
        result = await self._session.execute(query)
        parser = _Parser(list(result.keys()))
        return [parser.planned(row) for row in result]

    async def stale(self, revisions: Mapping[UUID, int], *, limit: int) -> list[StaleRoutine]:
        """Routines that changed, or whose dates may have, since they were last loaded; locked, locked ones skipped."""
        groups = (
            func.unnest(
                bindparam("group_ids", list(revisions), type_=ARRAY(Uuid)),
                bindparam("group_revisions", list(revisions.values()), type_=ARRAY(BigInteger)),
            )
            .table_valued("id", "revision")
            .render_derived()
        )
        changed = Routine.version.is_distinct_from(Routine.loaded_version)
        moved = and_(Routine.deleted_at.is_(None), Routine.loaded_revision.is_distinct_from(groups.c.revision))
        columns = select(
            Routine.id,
            Routine.name,
            Routine.time_zone,
            Routine.version,
            groups.c.revision,
            and_(Routine.deleted_at.is_(None), Routine.paused.is_(False)).label("active"),
        ).outerjoin(groups, groups.c.id == Routine.day_group_id)
        query = columns.where(or_(changed, moved)).order_by(Routine.id).limit(limit)
        stale = await self._locked(query)
        if not stale:
            return []
        # What depends on them may now find its upstream planned, or not planned any more.
        ids = _uuids([routine.id for routine in stale])
        below = select(RoutineDependency.routine_id).where(RoutineDependency.upstream_id == func.any(ids))
        query = columns.where(Routine.id.in_(below), Routine.id != func.all(ids)).order_by(Routine.id)
        return [*stale, *await self._locked(query)]

    async def _locked(self, query: Select[Any]) -> list[StaleRoutine]:
        locked = query.with_for_update(of=Routine, skip_locked=True, key_share=True)
        return [StaleRoutine(**row) for row in (await self._session.execute(locked)).mappings()]

    async def watchers(self) -> list[Watcher]:
        """Routines that are not paused and that an event starts."""
        query = select(Routine.id, Routine.trigger, Routine.trigger_since).where(
            _IS_EVENT, Routine.deleted_at.is_(None), Routine.paused.is_(False)
        )
        return [Watcher(*row) for row in await self._session.execute(query)]

    async def zones(self) -> list[str]:
        """The time zones of routines that are not deleted."""
        return list(
            await self._session.scalars(select(Routine.time_zone).where(Routine.deleted_at.is_(None)).distinct())
        )

    async def mark_loaded(self, routines: Sequence[StaleRoutine]) -> None:
        """Note which version and revision of each routine the queue now reflects."""
        loaded = (
            func.unnest(
                bindparam("ids", [routine.id for routine in routines], type_=ARRAY(Uuid)),
                bindparam("versions", [routine.version for routine in routines], type_=ARRAY(Integer)),
                bindparam("revisions", [routine.revision for routine in routines], type_=ARRAY(BigInteger)),
            )
            .table_valued("id", "version", "revision")
            .render_derived()
        )
        await self._session.execute(
            update(Routine)
            .where(Routine.id == loaded.c.id)
            .values(loaded_version=loaded.c.version, loaded_revision=loaded.c.revision)
            .execution_options(synchronize_session=False)
        )


def _raise_unless_taken(error: IntegrityError) -> None:
    """The name is another routine's; any other violation means that a pool or day group went away just now."""
    if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
        raise ReferencesChanged from error


def _uuids(ids: Sequence[UUID]) -> Any:
    return cast(list(ids), ARRAY(Uuid))


def _among(ids: Sequence[UUID]) -> Any:
    return Routine.id == func.any(_uuids(ids))


# Literal, as in the partial index that these queries are to use.
_IS_EVENT = text("routines.trigger ->> 'type' = 'event'")
_WATCHES_A_ROUTINE = and_(_IS_EVENT, Routine.deleted_at.is_(None), Routine.trigger["on"].astext == "execution")


def _watched() -> ColumnElement[UUID]:
    """The routine whose end starts this one."""
    return cast(Routine.trigger["routine"].astext, Uuid)


def _edges_of_a_date() -> CompoundSelect[UUID, UUID]:
    depending = select(RoutineDependency.routine_id, RoutineDependency.upstream_id).where(
        RoutineDependency.day_offset == 0
    )
    started = select(Routine.id.label("routine_id"), _watched().label("upstream_id")).where(_WATCHES_A_ROUTINE)
    return depending.union_all(started)


def _snapshot_query() -> Select[Any]:
    # Joined rather than asked per routine: ten thousand subqueries look costly enough for PostgreSQL to compile them.
    upstream = (
        select(
            RoutineDependency.routine_id,
            func.array_agg(aggregate_order_by(RoutineDependency.upstream_id, RoutineDependency.upstream_id)).label(
                "ids"
            ),
            func.array_agg(aggregate_order_by(RoutineDependency.day_offset, RoutineDependency.upstream_id)).label(
                "offsets"
            ),
            func.array_agg(
                aggregate_order_by(
                    RoutineDependency.on_failure + " " + RoutineDependency.on_skip, RoutineDependency.upstream_id
                )
            ).label("rules"),
        )
        .group_by(RoutineDependency.routine_id)
        .subquery()
    )
    return select(
        Routine.id.label("routine_id"),
        Routine.name.label("routine_name"),
        Routine.title,
        Routine.time_zone,
        Routine.job,
        Routine.params,
        Routine.queue,
        Routine.priority,
        Routine.pool,
        Routine.concurrency_key,
        Routine.max_instances,
        Routine.max_recoveries,
        cast(Routine.retry, Text).label("retry"),
        Routine.timeout_seconds,
        cast(Routine.trigger, Text).label("trigger"),
        Routine.day_group_id,
        Routine.paused,
        Routine.tags,
        Routine.catch_up,
        Routine.misfire_grace_seconds,
        Routine.coalesce,
        Routine.cancel_grace_seconds,
        upstream.c.ids.label("upstream_ids"),
        upstream.c.offsets.label("upstream_offsets"),
        upstream.c.rules.label("upstream_rules"),
    ).outerjoin(upstream, upstream.c.routine_id == Routine.id)


class _Parser:
    """Rows to routines to plan. Triggers and retry policies come as text, since most routines share a few of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._parsed: dict[str, Any] = {}

    def planned(self, row: AnyRow) -> PlannedRoutine:
        snapshot = dict(zip(self._names, row, strict=True))
        upstream_ids, day_group_id = snapshot.pop("upstream_ids"), snapshot.pop("day_group_id")
        paused = snapshot.pop("paused")
        snapshot["trigger"], snapshot["retry"] = self._json(snapshot["trigger"]), self._json(snapshot["retry"])
        snapshot["depends_on"] = tuple(upstream_ids or ())
        for name in ("upstream_offsets", "upstream_rules", "tags"):
            snapshot[name] = tuple(snapshot[name] or ())
        if snapshot["coalesce"] is None:
            snapshot["coalesce"] = snapshot["trigger"]["type"] == "interval"
        snapshot["max_attempts"] = snapshot["retry"]["max_attempts"]
        return PlannedRoutine(snapshot, day_group_id, paused)

    def _json(self, text: str) -> Any:
        known = self._parsed.get(text)
        if known is None:
            known = self._parsed[text] = json.loads(text)
        return known
