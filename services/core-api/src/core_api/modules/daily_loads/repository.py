"""The statements on loads."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, Uuid, column, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.daily_loads.models import DailyLoad
from core_api.modules.planning.public import Unplanned

OWN_LOADS: Final = ("schedule", "startup", "catch_up", "seed")
"""Loads of all routines that the system made by itself, day after day."""
FULL_LOADS: Final = (*OWN_LOADS, "manual")


class DailyLoadRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, **columns: Any) -> None:
        await self._session.execute(insert(DailyLoad).values(**columns))

    async def lock_day(self, business_date: date) -> None:
        """One load of a day at a time: the second one finds everything there instead of waiting row by row."""
        await self._session.execute(_LOCK_DAY, {"day": business_date.isoformat()})

    async def is_loaded(self, business_date: date) -> bool:
        """Whether all routines of the day were loaded once."""
        query = select(DailyLoad.id).where(DailyLoad.business_date == business_date, DailyLoad.trigger.in_(FULL_LOADS))
        return (await self._session.scalars(query.limit(1))).first() is not None

    async def own_loads(self, *, until: date) -> tuple[date | None, date | None]:
        """The first and the last day up to `until` that the system loaded by itself.

        A person may load any day, in any order: such days say nothing about the days beside them.
        """
        query = select(func.min(DailyLoad.business_date), func.max(DailyLoad.business_date)).where(
            DailyLoad.business_date <= until, DailyLoad.trigger.in_(OWN_LOADS)
        )
        first, last = (await self._session.execute(query)).one()
        return first, last

    async def loaded_from(self, business_date: date) -> list[date]:
        """The dates from `business_date` on that were loaded."""
        query = (
            select(DailyLoad.business_date)
            .where(DailyLoad.business_date >= business_date, DailyLoad.trigger.in_(FULL_LOADS))
            .distinct()
            .order_by(DailyLoad.business_date)
        )
        return list((await self._session.scalars(query)).all())

    async def page(self, *, business_date: date | None, before: UUID | None, limit: int) -> Sequence[DailyLoad]:
        """The newest first: ids are made in the order of time."""
        query = select(DailyLoad).order_by(DailyLoad.id.desc()).limit(limit)
        if business_date is not None:
            query = query.where(DailyLoad.business_date == business_date)
        if before is not None:
            query = query.where(DailyLoad.id < before)
        return (await self._session.scalars(query)).all()

    async def days(self, start: date, end: date) -> Sequence[Row[Any]]:
        """Every date from `start` to `end`: whether and when it was loaded, and what had to be left out."""
        parameters = {"start": start, "end": end, "full": list(FULL_LOADS)}
        return (await self._session.execute(_DAYS, parameters)).all()

    async def unplanned(self, routine_ids: Sequence[UUID], *, since: date) -> dict[date, set[UUID]]:
        """Which of these routines are missing on which dates."""
        rows = await self._session.execute(_UNPLANNED, {"routine_ids": list(routine_ids), "since": since})
        return {row.business_date: set(row.routine_ids) for row in rows}

    async def set_unplanned(
        self,
        business_dates: Sequence[date],
        unplanned: Sequence[tuple[date, Unplanned]],
        *,
        routine_ids: Sequence[UUID] | None,
        now: datetime,
    ) -> None:
        """Notes what had to be left out on these dates, of all routines or of those among `routine_ids`."""
        rows = [
            {
                "business_date": day.isoformat(),
                "routine_id": str(one.routine_id),
                "routine_name": one.routine_name,
                "code": one.code,
                "message": one.message,
            }
            for day, one in unplanned
        ]
        parameters = {
            "business_dates": list(business_dates),
            "everything": routine_ids is None,
            "routine_ids": list(routine_ids or ()),
        }
        await self._session.execute(_FORGET_UNPLANNED, parameters)
        if rows:
            await self._session.execute(_NOTE_UNPLANNED, {"rows": json.dumps(rows), "now": now})


_LOCK_DAY: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('core.daily_load:' || :day, 0))")

_DAYS: Final = text("""
    SELECT CAST(day AS date) AS business_date, load.trigger, load.finished_at AS loaded_at,
        coalesce(written.created, 0) AS created, coalesce(missing.unplanned, '[]') AS unplanned
    FROM generate_series(CAST(:start AS date), CAST(:end AS date), INTERVAL '1 day') AS day
    LEFT JOIN LATERAL (
        SELECT l.trigger, l.finished_at FROM core.daily_loads AS l
        WHERE l.business_date = CAST(day AS date) AND l.trigger = ANY (CAST(:full AS text[]))
        ORDER BY l.id LIMIT 1) AS load ON true
    LEFT JOIN LATERAL (
        SELECT sum(l.created) AS created FROM core.daily_loads AS l
        WHERE l.business_date = CAST(day AS date)) AS written ON true
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('routine_id', u.routine_id, 'routine_name', u.routine_name,
            'code', u.code, 'message', u.message) ORDER BY u.routine_name) AS unplanned
        FROM core.unplanned_routines AS u WHERE u.business_date = CAST(day AS date)) AS missing ON true
    ORDER BY day
""").columns(
    column("business_date", Date),
    column("trigger", Text),
    column("loaded_at", DateTime(timezone=True)),
    column("created", Integer),
    column("unplanned", JSONB),
)

_UNPLANNED: Final = text("""
    SELECT business_date, array_agg(routine_id) AS routine_ids FROM core.unplanned_routines
    WHERE routine_id = ANY (CAST(:routine_ids AS uuid[])) AND business_date >= :since GROUP BY business_date
""").columns(column("business_date", Date), column("routine_ids", ARRAY(Uuid)))

_FORGET_UNPLANNED: Final = text("""
    DELETE FROM core.unplanned_routines
    WHERE business_date = ANY (CAST(:business_dates AS date[]))
      AND (CAST(:everything AS boolean) OR routine_id = ANY (CAST(:routine_ids AS uuid[])))
""")

_NOTE_UNPLANNED: Final = text("""
    INSERT INTO core.unplanned_routines (business_date, routine_id, routine_name, code, message, noted_at)
    SELECT business_date, routine_id, routine_name, code, message, :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        business_date date, routine_id uuid, routine_name text, code text, message text)
    ON CONFLICT (business_date, routine_id) DO NOTHING
""")
