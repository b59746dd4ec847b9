"""A range of business dates is run again, as one object (DESIGN, E13)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.backfills import events
from core_api.modules.backfills.exceptions import (
    BackfillEmpty,
    BackfillNotFound,
    BackfillNotPlannable,
    BackfillRoutinesUnknown,
    BackfillSelectsNothing,
    BackfillState,
    BackfillTooLarge,
)
from core_api.modules.backfills.models import Backfill
from core_api.modules.backfills.repository import BackfillRepository
from core_api.modules.backfills.schemas import (
    MAX_EXECUTIONS,
    MAX_ROUTINES,
    OPEN,
    BackfillActionsRead,
    BackfillCreate,
    BackfillDateRead,
    BackfillDetail,
    BackfillPreview,
    BackfillRange,
    BackfillRead,
    BackfillRoutineRead,
    BackfillStatus,
    Chosen,
    Surroundings,
    masked_params,
    request_hash_of,
    routine_dates,
    select_dates,
    series_of,
)
from core_api.modules.daily_loads.public import EARLIEST_DATE, DateTooFar
from core_api.modules.executions.public import FINAL, Series, to_millisecond
from core_api.modules.planning.public import Plan
from core_api.modules.routines.public import PlannedRoutine, RoutineSnapshot
from core_api.modules.schedulers.public import Note
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock, home_date
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.logging import correlation_id
from shared_utils.security.secret_params import Schema

FINISH_SECONDS: Final = 1.0


class Neighbours(Protocol):
    """What backfills need of other modules, within one transaction."""

    async def planned(self, ids: Sequence[UUID] | None) -> list[PlannedRoutine]: ...
    async def plan(self, ids: Sequence[UUID]) -> Plan: ...
    async def with_params(
        self, snapshots: Sequence[RoutineSnapshot], params: Mapping[str, Any]
    ) -> list[RoutineSnapshot]: ...
    async def names(self, ids: Sequence[UUID]) -> dict[UUID, str]: ...
    async def param_schemas(self, ids: Sequence[UUID]) -> Mapping[UUID, Schema]: ...
    async def enqueue(self, series: Sequence[Series], *, now: datetime) -> int: ...
    async def take_back(self, backfill_id: UUID, *, now: datetime) -> None: ...
    async def cancel(self, backfill_id: UUID, *, by: str, keep_running: bool, now: datetime) -> None: ...
    async def remember(
        self, key: str, *, body: dict[str, Any], ids: Sequence[UUID], by: AuthContext
    ) -> tuple[UUID, ...] | None: ...
    async def note(self, notes: Sequence[Note], *, now: datetime) -> None: ...


class BackfillService:
    def __init__(
        self, backfills: BackfillRepository, neighbours: Neighbours, *, outbox: Outbox, audit: AuditTrail, clock: Clock
    ) -> None:
        self._backfills = backfills
        self._neighbours = neighbours
        self._outbox = outbox
        self._audit = audit
        self._clock = clock

    async def preview(self, request: BackfillRange) -> BackfillPreview:
        """The business dates of each routine, how they stand, and which of them would run."""
        chosen = await self._chosen(request)
        existing = await self._backfills.by_request(request_hash_of(request, name=""))
        outside = {one for snapshot in chosen.snapshots for one in snapshot.depends_on} - chosen.found.keys()
        names = await self._neighbours.names(sorted(outside))
        return BackfillPreview(
            start=request.start,
            end=request.end,
            mode=request.mode,
            executions=sum(len(one.dates) for one in chosen.selected.values()),
            dates=len({day for one in chosen.selected.values() for day in one.dates}),
            same_request=existing and existing.id,
            routines=[routine_dates(routine, chosen, names) for routine in chosen.routines],
        )

    async def create(self, request: BackfillCreate, *, key: str | None, by: AuthContext) -> tuple[BackfillDetail, bool]:
        """Writes all executions of a backfill, or gives the one that the same request made; and whether it is new."""
        request_hash = request_hash_of(request, name=request.name)
        await self._backfills.lock_request(request_hash)
        existing = await self._backfills.by_request(request_hash)
        backfill_id = existing.id if existing else uuid7()
        known = None
        if key is not None:
            body = request.model_dump(mode="json")
            known = await self._neighbours.remember(key, body=body, ids=[backfill_id], by=by)
        if known is not None or existing is not None:
            return await self.get(known[0] if known else backfill_id), False
        series, routine_ids = await self._planned(request, backfill_id, by=by)
        # Its executions have their own params; these are only shown.
        schemas = await self._neighbours.param_schemas(routine_ids if request.params else ())
        shown = request.model_copy(update={"params": masked_params(request.params, routine_ids, schemas)})
        backfill = await self._backfills.add(self._columns(backfill_id, shown, request_hash, routine_ids, series, by))
        now = backfill.created_at
        await self._neighbours.enqueue(series, now=now)
        self._outbox.add(events.created(backfill))
        await self._neighbours.note([events.created_note(backfill)], now=now)
        after = {"executions": backfill.executions, **shown.model_dump(mode="json")}
        await self._audit.record(
            by=by, action="backfill.create", entity="backfill", entity_id=str(backfill_id), after=after
        )
        return await self._detail(backfill), True

    async def get(self, backfill_id: UUID) -> BackfillDetail:
        """A backfill with its progress."""
        return await self._detail(await self._existing(backfill_id))

    async def page(
        self, *, statuses: Sequence[str], cursor: str | None, limit: int
    ) -> tuple[list[BackfillRead], CursorMeta]:
        """Backfills with their progress, the newest first."""
        rows = await self._backfills.page(statuses=statuses, before=_position(cursor), limit=limit + 1)
        page = rows[:limit]
        counts = await self._backfills.counts([row.id for row in page])
        surroundings = await self._surroundings(page)
        reads = [BackfillRead(**_read(row, counts.get(row.id, {}), surroundings)) for row in page]
        next_key = {"id": str(page[-1].id)} if len(rows) > limit else None
        return reads, cursor_meta(limit=limit, next_key=next_key)

    async def pause(self, backfill_id: UUID, *, by: AuthContext) -> BackfillDetail:
        """Starts nothing more of it; what was handed out and not started waits again."""
        backfill = await self._existing(backfill_id, lock=True)
        if backfill.status != BackfillStatus.ACTIVE:
            raise BackfillState(backfill_id, move="pause", status=backfill.status)
        changed = await self._move(backfill, BackfillStatus.PAUSED, "pause", by=by)
        await self._neighbours.take_back(backfill_id, now=self._clock.now())
        return await self._detail(changed)

    async def resume(self, backfill_id: UUID, *, by: AuthContext) -> BackfillDetail:
        """Goes on where it was paused."""
        backfill = await self._existing(backfill_id, lock=True)
        if backfill.status != BackfillStatus.PAUSED:
            raise BackfillState(backfill_id, move="resume", status=backfill.status)
        return await self._detail(await self._move(backfill, BackfillStatus.ACTIVE, "resume", by=by))

    async def hold(self, backfill_id: UUID) -> None:
        """Stops new starts at once, before a cancel, which takes its time with the rows of a large backfill."""
        backfill = await self._backfills.get(backfill_id, lock=True)
        if backfill is not None and backfill.status == BackfillStatus.ACTIVE:
            await self._backfills.change(backfill_id, {"status": BackfillStatus.PAUSED})
            await self._neighbours.take_back(backfill_id, now=self._clock.now())

    async def cancel(self, backfill_id: UUID, *, keep_running: bool, by: AuthContext) -> BackfillDetail:
        """Cancels all that waits, and asks what runs to stop unless it may end."""
        backfill = await self._existing(backfill_id, lock=True)
        if backfill.status not in OPEN:
            raise BackfillState(backfill_id, move="cancel", status=backfill.status)
        who, now = display_name(by), self._clock.now()
        await self._neighbours.cancel(backfill_id, by=who, keep_running=keep_running, now=now)
        changed = await self._move(backfill, BackfillStatus.CANCELLED, "cancel", by=by)
        return await self._detail(changed)

    async def finish(self) -> int:
        """Closes the backfills that have come to their end; returns how many."""
        now = self._clock.now()
        rows = await self._backfills.finish(now=now)
        if rows:
            counts = await self._backfills.counts([row.id for row in rows])
            for row in rows:
                self._outbox.add(events.finished(row, counts.get(row.id, {})))
            await self._neighbours.note([events.finished_note(row, counts.get(row.id, {})) for row in rows], now=now)
        return len(rows)

    # --- what is to run --------------------------------------------------------------------------------------------

    async def _chosen(self, request: BackfillRange) -> Chosen:
        """The routines by name, their business dates, and what of these is to run."""
        self._check_dates(request)
        routines = await self._routines(request)
        snapshots = [RoutineSnapshot(**routine.snapshot) for routine in routines]
        snapshots = await self._neighbours.with_params(snapshots, request.params)
        ids = [snapshot.routine_id for snapshot in snapshots]
        plan = await self._neighbours.plan(ids)
        found = plan.business_dates(request.start, request.end)
        total = sum(len(dates.dates) for dates in found.values())
        if total > MAX_EXECUTIONS:
            raise BackfillTooLarge(total, most=MAX_EXECUTIONS, what="executions")
        latest = await self._backfills.latest(ids, start=request.start, end=request.end)
        selected = {one: select_dates(one, found[one].dates, latest, request.mode) for one in ids}
        return Chosen(routines, snapshots, plan, found, selected)

    def _check_dates(self, request: BackfillRange) -> None:
        today = home_date(self._clock.now())
        for day in (request.start, request.end):
            if not EARLIEST_DATE <= day <= today:
                raise DateTooFar(day, earliest=EARLIEST_DATE, latest=today)

    async def _routines(self, request: BackfillRange) -> list[PlannedRoutine]:
        wanted, tags = set(request.routine_ids), set(request.tags)
        routines = await self._neighbours.planned(None if tags else sorted(wanted))
        chosen = [
            routine
            for routine in routines
            if routine.snapshot["routine_id"] in wanted or tags.intersection(routine.snapshot["tags"])
        ]
        unknown = wanted - {routine.snapshot["routine_id"] for routine in chosen}
        if unknown:
            raise BackfillRoutinesUnknown(sorted(unknown))
        if not chosen:
            raise BackfillSelectsNothing
        if len(chosen) > MAX_ROUTINES:
            raise BackfillTooLarge(len(chosen), most=MAX_ROUTINES, what="routines")
        return sorted(chosen, key=lambda routine: str(routine.snapshot["routine_name"]))

    async def _planned(
        self, request: BackfillCreate, backfill_id: UUID, *, by: AuthContext
    ) -> tuple[list[Series], list[UUID]]:
        chosen = await self._chosen(request)
        problems = [dates.problem for dates in chosen.found.values() if dates.problem is not None]
        if problems:
            raise BackfillNotPlannable([(one.routine_name, one.message) for one in problems])
        dates = {one: selection.dates for one, selection in chosen.selected.items() if selection.dates}
        if not dates:
            raise BackfillEmpty(start=request.start, end=request.end, mode=request.mode)
        snapshots = [snapshot for snapshot in chosen.snapshots if snapshot.routine_id in dates]
        first_slot = to_millisecond(self._clock.now())
        template = {
            "origin": "backfill",
            "run_key": f"backfill:{backfill_id}",
            "backfill_id": backfill_id,
            "priority": request.priority,
            "due_at": first_slot,
            "requested_by": display_name(by),
            "correlation_id": correlation_id() or None,
            "coalesce": False,
        }
        series = series_of(snapshots, dates, plan=chosen.plan, first_slot=first_slot, template=template)
        return series, [snapshot.routine_id for snapshot in snapshots]

    def _columns(
        self,
        backfill_id: UUID,
        request: BackfillCreate,
        request_hash: str,
        routine_ids: Sequence[UUID],
        series: Sequence[Series],
        by: AuthContext,
    ) -> dict[str, Any]:
        now = self._clock.now()
        return {
            "id": backfill_id,
            "request_hash": request_hash,
            "name": request.name,
            "status": BackfillStatus.ACTIVE,
            "max_active": request.max_active,
            "priority": request.priority,
            "start_date": request.start,
            "end_date": request.end,
            "mode": request.mode,
            "routine_ids": list(routine_ids),
            "params": request.params,
            "executions": sum(len(one.slots) for one in series),
            "requested_by": display_name(by),
            "created_at": now,
            "updated_at": now,
        }

    # --- what there is ---------------------------------------------------------------------------------------------

    async def _existing(self, backfill_id: UUID, *, lock: bool = False) -> Backfill:
        backfill = await self._backfills.get(backfill_id, lock=lock)
        if backfill is None:
            raise BackfillNotFound(backfill_id)
        return backfill

    async def _move(self, backfill: Backfill, status: BackfillStatus, verb: str, *, by: AuthContext) -> Backfill:
        before, now, who = backfill.status, self._clock.now(), display_name(by)
        changed = await self._backfills.change(backfill.id, {"status": status, "updated_at": now})
        self._outbox.add(events.changed(changed, by=who))
        await self._neighbours.note([events.changed_note(changed, by=who)], now=now)
        await self._backfills.wake()
        await self._audit.record(
            by=by,
            action=f"backfill.{verb}",
            entity="backfill",
            entity_id=str(backfill.id),
            before={"status": before},
            after={"status": status},
        )
        return changed

    async def _detail(self, backfill: Backfill) -> BackfillDetail:
        by_date = await self._backfills.by_date(backfill.id)
        counts = Counter[str]()
        for one in by_date.values():
            counts.update(one)
        surroundings = await self._surroundings([backfill])
        dates = [BackfillDateRead(business_date=day, counts=one) for day, one in by_date.items()]
        return BackfillDetail(**_read(backfill, counts, surroundings), dates=dates)

    async def _surroundings(self, backfills: Sequence[Backfill]) -> Surroundings:
        ids = sorted({one for backfill in backfills for one in backfill.routine_ids})
        names = await self._neighbours.names(ids)
        with_params = {one for backfill in backfills if backfill.params for one in backfill.routine_ids}
        return Surroundings(
            {one: BackfillRoutineRead(id=one, name=names.get(one, "?")) for one in ids},
            await self._neighbours.param_schemas(sorted(with_params)),
        )


# --- pure -------------------------------------------------------------------------------------------------------------


def _read(backfill: Backfill, counts: Mapping[str, int], surroundings: Surroundings) -> dict[str, Any]:
    status = BackfillStatus(backfill.status)
    open_count = sum(count for name, count in counts.items() if name not in FINAL)
    own = ("id", "name", "mode", "max_active", "priority", "requested_by", "created_at", "updated_at")
    return {
        **{name: getattr(backfill, name) for name in own},
        "status": status,
        "start": backfill.start_date,
        "end": backfill.end_date,
        "routines": [surroundings.routines[one] for one in backfill.routine_ids],
        "params": masked_params(backfill.params, backfill.routine_ids, surroundings.schemas),
        "total": backfill.executions,
        "ended": backfill.executions - open_count,
        "counts": dict(counts),
        "finished_at": backfill.finished_at,
        "actions": BackfillActionsRead(
            pause=status is BackfillStatus.ACTIVE, resume=status is BackfillStatus.PAUSED, cancel=status in OPEN
        ),
    }


def _position(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(decode_cursor(cursor)["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidCursor from error


# --- the scheduler's loop --------------------------------------------------------------------------------------------


class BackfillLoop:
    """Closes backfills that have come to their end."""

    def __init__(self, sessionmaker: SessionFactory, *, service_for: Callable[[WriteSession], BackfillService]) -> None:
        self._sessionmaker = sessionmaker
        self._service_for = service_for

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            await self._service_for(session).finish()
        return FINISH_SECONDS
