"""The daily load on days whose clocks change (DESIGN, E1 and E2): by the scheduler's loop, under a fake clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from factories.routines import add_routine
from sqlalchemy import text

from core_api.modules.daily_loads.public import days_begun, load_loop
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ONE_DAY = timedelta(days=1)
# The days on which São Paulo's clocks jumped from 00:00 to 01:00, so that there was no 00:01 (IANA database).
DAYS_WITHOUT_ONE_PAST_MIDNIGHT = [
    *("2008-10-19", "2009-10-18", "2010-10-17", "2011-10-16", "2012-10-21", "2013-10-20"),
    *("2014-10-19", "2015-10-18", "2016-10-16", "2017-10-15", "2018-11-04"),
]


@pytest.mark.parametrize("without", DAYS_WITHOUT_ONE_PAST_MIDNIGHT)
async def test_e02_a_day_without_one_past_midnight_gets_exactly_one_daily_load(
    without: str, session: WriteSession, sessionmaker: SessionFactory
) -> None:
    day = date.fromisoformat(without)
    midnight = datetime.combine(day, time(3), UTC)  # 00:00 that never was: the clocks went from 23:59 to 01:00
    assert (midnight - timedelta(minutes=1)).astimezone(SAO_PAULO).time() == time(23, 59)
    assert midnight.astimezone(SAO_PAULO).time() == time(1)
    clock = FakeClock(midnight - timedelta(hours=3))
    routine = await add_routine(session, clock, "diaria", trigger={"type": "times", "times": ["00:01"]})
    await session.commit()
    loop = load_loop(sessionmaker, clock)
    for minute in (0, 60, 179, 180, 181, 182, 240, 600):
        clock.set(midnight - timedelta(minutes=180 - minute))
        await loop.step()
        await loop.step()

    loads = text("SELECT count(*) FROM core.daily_loads WHERE business_date = :day AND trigger <> 'routine_change'")
    assert await session.scalar(loads, {"day": day}) == 1
    slots = text("SELECT slot FROM core.executions WHERE routine_id = :id AND business_date = :day")
    assert (await session.scalars(slots, {"id": routine.id, "day": day})).all() == [midnight]


def test_e02_in_every_zone_every_date_begins_once_and_in_order() -> None:
    """Asked every quarter of an hour around each change of the clocks of a year that has all kinds of them."""
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for year in (2011, 2018):
            for change in _days_of_change(zone, year):
                quarters = [change - ONE_DAY + timedelta(minutes=15 * n) for n in range(4 * 72)]
                begun = [next(iter(days_begun({name}, at))) for at in quarters]
                new = list(dict.fromkeys(begun))
                gone = name in {"Pacific/Apia", "Pacific/Fakaofo"} and date(2011, 12, 30) not in new
                for day, following in pairwise(new):
                    assert following - day == ONE_DAY or (gone and day == date(2011, 12, 29)), (name, day)


def _days_of_change(zone: ZoneInfo, year: int) -> list[datetime]:
    days = [datetime(year, 1, 1, tzinfo=UTC) + ONE_DAY * n for n in range(366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [day for (day, (was, becomes)) in zip(days, pairwise(offsets), strict=False) if was != becomes]
