"""The statements on loads."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.daily_loads.models import DailyLoad

FULL_LOADS: Final = ("schedule", "startup", "manual", "seed")


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


_LOCK_DAY: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('core.daily_load:' || :day, 0))")
