"""Changes of calendars that meet: real transactions side by side, on a database of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from factories.routines import ADMIN, add_day_group
from pydantic import TypeAdapter
from sqlalchemy import text

from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.calendars.exceptions import CalendarCycle
from core_api.modules.calendars.public import (
    CalendarContent,
    CalendarCreate,
    add_calendar_version,
    calendar_days,
    calendar_reads,
    create_calendar,
)
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.schemas import OverrideWrite
from core_api.modules.calendars.service import CalendarService
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.migrations import downgrade, upgrade
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.errors import AppError, PreconditionFailed
from shared_utils.testing.databases import ServiceDatabase

CONTENT: TypeAdapter[Any] = TypeAdapter(CalendarContent)
OWN = {"kind": "custom", "source": "a file", "coverage_start": "2026-01-01", "coverage_end": "2026-12-31"}


@pytest.fixture
def database(fresh_database: Callable[..., ServiceDatabase]) -> ServiceDatabase:
    return fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)


@pytest.fixture
async def committed(database: ServiceDatabase) -> AsyncIterator[SessionFactory]:
    """Sessions that really commit."""
    engine = create_engine(database.runtime_url, application_name="test", pool_size=10)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def outcome(work: Awaitable[object]) -> str:
    try:
        await work
    except AppError as error:
        return error.code
    return "done"


async def add(session: WriteSession, clock: FakeClock, code: str, **content: Any) -> None:
    write = CalendarCreate.model_validate({"code": code, "name": code, "content": content or OWN})
    await create_calendar(session, write, by=ADMIN, clock=clock)


async def revision(session: WriteSession, code: str) -> int:
    return next(item.revision for item in await calendar_reads(session) if item.code == code)


async def test_two_changes_that_close_a_cycle_together(committed: SessionFactory, clock: FakeClock) -> None:
    async with transaction(committed) as session:
        for code in ("ONE", "TWO"):
            await add(session, clock, code)
        for code in ("LEFT", "RIGHT"):
            await add(session, clock, code, kind="union", members=["ONE", "TWO"])
        at = {code: await revision(session, code) for code in ("LEFT", "RIGHT")}

    async def contain(whole: str, part: str) -> None:
        async with transaction(committed) as session:
            content = CONTENT.validate_python({"kind": "union", "members": ["ONE", part]})
            match = f'"{at[whole]}"'
            await add_calendar_version(session, whole, content, if_match=match, by=ADMIN, clock=clock)

    # The second one finds the cycle, or that what it is made of has changed under it: either way nothing closes.
    outcomes = await asyncio.gather(outcome(contain("LEFT", "RIGHT")), outcome(contain("RIGHT", "LEFT")))
    assert outcomes.count("done") == 1
    assert set(outcomes) - {"done"} <= {CalendarCycle.code, PreconditionFailed.code}


async def test_overrides_of_one_date_follow_each_other(committed: SessionFactory, clock: FakeClock) -> None:
    async with transaction(committed) as session:
        await add(session, clock, "ONE")

    async def override(number: int) -> None:
        async with transaction(committed) as session:
            write = OverrideWrite(is_business_day=number % 2 == 0, note=f"Nota {number}")
            service = CalendarService(CalendarRepository(session), audit=_NoAudit(), clock=clock)  # type: ignore[arg-type]
            await service.put_override("ONE", date(2026, 5, 4), write, by=ADMIN)

    await asyncio.gather(*(override(number) for number in range(6)))
    async with transaction(committed) as session:
        rows = (await session.execute(text("SELECT ended_at IS NULL FROM core.calendar_overrides"))).scalars().all()
        assert sorted(rows) == [False] * 5 + [True]
        assert await revision(session, "ONE") == 7


class _NoAudit:
    async def record(self, **_: object) -> None:
        """Forget it: only the calendar's own rows are of interest here."""


async def test_the_migration_goes_back_with_data_in_it(
    database: ServiceDatabase, committed: SessionFactory, clock: FakeClock
) -> None:
    day = date(2026, 5, 4)
    async with transaction(committed) as session:
        await add(session, clock, "ONE")
        await add(session, clock, "TWO")
        await add(session, clock, "BOTH", kind="union", members=["ONE", "TWO"])
        service = CalendarService(CalendarRepository(session), audit=_NoAudit(), clock=clock)  # type: ignore[arg-type]
        for note in ("Primeira", "Segunda"):
            await service.put_override("ONE", day, OverrideWrite(is_business_day=False, note=note), by=ADMIN)
        await add_day_group(session, clock, "Um", calendar="ONE")
    url = database.owner_url
    await asyncio.to_thread(downgrade, migrations_dir=MIGRATIONS, url=url, revision="0004_rules")
    async with transaction(committed) as session:
        notes = await session.execute(text("SELECT note FROM core.calendar_overrides"))
        assert notes.scalars().all() == ["Segunda"]
        codes = await session.execute(text("SELECT code FROM core.calendars ORDER BY code"))
        assert codes.scalars().all() == ["ONE", "TWO"]
        # The group's revision has taken over the calendar's part: three changes and its own first one.
        assert await session.scalar(text("SELECT revision FROM core.day_groups")) == 4
    await asyncio.to_thread(upgrade, migrations_dir=MIGRATIONS, url=url)
    async with transaction(committed) as session:
        assert not (await calendar_days(session, "ONE")).is_business_day(day)
        assert await revision(session, "ONE") == 0
