"""The queue as people see it: what is there, and why it waits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.engine import Row

from core_api.modules.executions.public import (
    WAITING,
    ExecutionNotFound,
    Facts,
    Reason,
    Status,
    Waiting,
    explain,
    possible_actions,
)
from core_api.modules.queue.exceptions import SearchInvalid
from core_api.modules.queue.repository import Filter, Position, QueueRepository
from core_api.modules.queue.schemas import (
    ActionsRead,
    ExecutionRead,
    OutcomePage,
    OutcomeRead,
    ReasonRead,
    RunErrorRead,
    RunWarningRead,
    UpstreamRead,
)
from core_api.texts import DEFAULT_LANGUAGE, Language, say
from shared_schemas.envelope import CursorMeta
from shared_schemas.jobs import RunError, RunWarning, band_of
from shared_utils.clock import HOME_ZONE, Clock
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.security.secret_params import Schema, masked

NAME_OF_UNKNOWN = "?"


class Surroundings(Protocol):
    """What reads need to know beyond the queue's own table."""

    async def routine_names(self, ids: Sequence[UUID]) -> Mapping[UUID, str]: ...
    async def scheduler_alive(self, *, now: datetime) -> bool: ...
    async def secret_schemas(self, jobs: Collection[str]) -> Mapping[str, Schema]:
        """The schemas of those jobs whose params may be secret."""
        ...


class QueueReads:
    """Executions with their reasons. A page takes a fixed number of queries, however long it is."""

    def __init__(
        self, queue: QueueRepository, surroundings: Surroundings, clock: Clock, *, language: Language = DEFAULT_LANGUAGE
    ) -> None:
        self._language = language
        self._queue = queue
        self._surroundings = surroundings
        self._clock = clock

    async def page(self, wanted: Filter, *, cursor: str | None, limit: int) -> tuple[list[ExecutionRead], CursorMeta]:
        """A day by slot, priority and id; without a day the newest first."""
        if wanted.search is not None and "\x00" in wanted.search:
            raise SearchInvalid
        rows = await self._queue.page(wanted, after=_position(cursor), limit=limit + 1)
        page = rows[:limit]
        last = page[-1] if len(rows) > limit else None
        next_key = last and {"slot": last.slot.isoformat(), "priority": last.priority, "id": str(last.id)}
        return await self._reads(page), cursor_meta(limit=limit, next_key=next_key)

    async def outcomes(
        self, business_date: date, *, jobs: Sequence[str], tag: str | None, cursor: str | None, limit: int
    ) -> OutcomePage:
        """What became of a day's executions of some jobs, in the order of the day: results, warnings, errors."""
        wanted = Filter(business_date=business_date, jobs=tuple(jobs), tag=tag)
        rows = await self._queue.page(wanted, after=_position(cursor), limit=limit + 1)
        page = rows[:limit]
        last = page[-1] if len(rows) > limit else None
        next_key = last and {"slot": last.slot.isoformat(), "priority": last.priority, "id": str(last.id)}
        items = [OutcomeRead.model_validate(row) for row in page]
        return OutcomePage(items=items, next_cursor=cursor_meta(limit=limit, next_key=next_key).next_cursor)

    async def get(self, execution_id: UUID) -> ExecutionRead:
        """One execution."""
        row = await self._queue.get(execution_id)
        if row is None:
            raise ExecutionNotFound(execution_id)
        return (await self._reads([row]))[0]

    async def _reads(self, rows: Sequence[Row[Any]]) -> list[ExecutionRead]:
        now = self._clock.now()
        due = [row.id for row in rows if row.status in WAITING and row.due_at <= now]
        facts = {key: _facts(row) for key, row in (await self._queue.facts(due, now=now)).items()} if due else {}
        alive = await self._surroundings.scheduler_alive(now=now) if due else True
        names = await self._surroundings.routine_names(sorted({one for row in rows for one in row.depends_on}))
        schemas = await self._surroundings.secret_schemas({row.job for row in rows if row.params or row.cause})
        reads = [
            _read(row, facts.get(row.id), names=names, scheduler_alive=alive, now=now, language=self._language)
            for row in rows
        ]
        return [_without_secrets(read, schemas.get(read.job)) for read in reads]


def _facts(row: Row[Any]) -> Facts:
    return Facts(**{name: getattr(row, name) for name in Facts.__dataclass_fields__})


def _read(
    row: Row[Any],
    facts: Facts | None,
    *,
    names: Mapping[UUID, str],
    scheduler_alive: bool,
    now: datetime,
    language: Language,
) -> ExecutionRead:
    own = {name: getattr(row, name) for name in _OWN}
    waiting = Waiting(**{name: getattr(row, name) for name in _WAITING_FIELDS})
    reason = explain(waiting, facts, scheduler_alive=scheduler_alive, now=now)
    cancel_requested = row.cancel_requested_by is not None
    return ExecutionRead(
        **own,
        reason=reason and _told(Reason(reason.code, _with_names(reason.context, names)), language),
        band=band_of(row.priority),
        duration_seconds=_duration(row, now=now),
        warnings=[RunWarningRead.model_validate(RunWarning.model_validate(warning)) for warning in row.warnings],
        error=RunErrorRead.model_validate(RunError.model_validate(row.error)) if row.error else None,
        depends_on=[UpstreamRead(routine_id=one, name=names.get(one, NAME_OF_UNKNOWN)) for one in row.depends_on],
        cancel_requested=cancel_requested,
        actions=ActionsRead(
            **possible_actions(status=row.status, due_at=row.due_at, cancel_requested=cancel_requested, now=now)
        ),
    )


def _without_secrets(read: ExecutionRead, schema: Schema | None) -> ExecutionRead:
    """What people may see of the params, and of those that came with a webhook's call."""
    if not read.params and read.cause is None:
        return read
    cause = masked(None, read.cause)
    body = read.cause and read.cause.get("body")
    if isinstance(body, Mapping) and "params" in body:
        cause["body"]["params"] = masked(schema, body["params"])
    return read.model_copy(update={"params": masked(schema, read.params), "cause": cause})


def _told(reason: Reason, language: Language) -> ReasonRead:
    words = dict.fromkeys(_NAMED, NAME_OF_UNKNOWN) | {
        key: _word(key, value, language) for key, value in reason.context.items()
    }
    return ReasonRead(code=reason.code, message=say(f"reason.{reason.code}", language, **words), context=reason.context)


def _word(key: str, value: Any, language: Language) -> str:
    """A value of a reason's context as people read it."""
    if key == "upstream":
        return ", ".join(f"{one['name']} ({say('status.' + one['status'], language)})" for one in value)
    if key in _INSTANTS and value is not None:
        return datetime.fromisoformat(value).astimezone(HOME_ZONE).strftime(say("instant.format", language))
    return NAME_OF_UNKNOWN if value is None else str(value)


_INSTANTS = frozenset({"at", "superseded_by"})
_NAMED = (
    *("at", "upstream", "job", "queue", "pool", "slots", "rate_count", "rate_seconds", "key", "held_by"),
    *("max_instances", "active", "backfill", "max_active", "superseded_by", "error_code", "by"),
)
"""What texts of reasons may name. A row that was written before a context existed says `?` instead."""

_COMPUTED = {"reason", "band", "duration_seconds", "warnings", "error", "depends_on", "cancel_requested", "actions"}
_OWN = tuple(name for name in ExecutionRead.model_fields if name not in _COMPUTED)
_WAITING_FIELDS = tuple(Waiting.__dataclass_fields__)


def _with_names(context: dict[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    """An upstream routine that has no execution that day is known by the routine's own name."""
    if "upstream" not in context:
        return context
    upstream = [
        {**item, "name": item["name"] or names.get(UUID(item["routine_id"]), NAME_OF_UNKNOWN)}
        for item in context["upstream"]
    ]
    return {**context, "upstream": upstream}


def _duration(row: Row[Any], *, now: datetime) -> float | None:
    if row.started_at is None or row.status in WAITING:
        return None
    return float(((row.finished_at or now) - row.started_at).total_seconds())


def _position(cursor: str | None) -> Position | None:
    if cursor is None:
        return None
    key = decode_cursor(cursor)
    try:
        slot = datetime.fromisoformat(key["slot"])
        priority = int(key["priority"])
        position = Position(slot, priority, UUID(key["id"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidCursor from error
    if slot.tzinfo is None or not 0 <= priority < 1 << 15:
        raise InvalidCursor
    return position


def page_filter(
    *,
    business_date: date | None,
    statuses: Sequence[Status],
    routine_id: UUID | None,
    backfill_id: UUID | None,
    search: str | None,
    tag: str | None,
    reason: str | None = None,
) -> Filter:
    """What a list was asked for."""
    return Filter(
        business_date=business_date,
        statuses=tuple(status.value for status in statuses),
        routine_id=routine_id,
        backfill_id=backfill_id,
        search=search.strip() or None if search else None,
        tag=tag,
        reason=reason,
    )
