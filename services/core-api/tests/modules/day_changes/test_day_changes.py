"""What an edit would change, told before it is saved; and once saved, it has changed just that."""

from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.routines import add_day_group, add_routine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core_api.modules.day_groups.public import day_groups
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

CALENDARS = "/api/v1/calendars"
NO_GROUP = "/api/v1/day-groups/0190f4b2-0000-7000-8000-000000000000"
CLOSED = {"is_business_day": False, "note": "Luto oficial"}
OPENED = {"is_business_day": True, "note": "Sessão extra"}
NYSE = {
    "kind": "custom",
    "source": "NYSE holidays and trading hours",
    "coverage_start": "2026-01-01",
    "coverage_end": "2027-12-31",
    "holidays": [{"day": "2026-11-26", "name": "Thanksgiving"}],
}


async def told(client: httpx.AsyncClient, path: str, content: object) -> dict[str, Any]:
    answer = await client.post(path, json=content)
    assert answer.status_code == 200, answer.text
    changes: dict[str, Any] = answer.json()["data"]
    return changes


async def test_an_override_says_which_dates_and_routines_it_touches(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    daily = await add_day_group(session, clock, "Todo pregão")
    last = await add_day_group(session, clock, "Fim do mês", positions=[{"of": "month", "n": -1}])
    before_last = await add_day_group(session, clock, "D-1 do fim", positions=[{"of": "month", "n": -1}], shift=-1)
    await add_day_group(session, clock, "Bancos", calendar="ANBIMA")
    first = await add_routine(session, clock, "diaria", day_group_id=daily)
    paused = await add_routine(session, clock, "mensal", day_group_id=last, paused=True)
    await session.commit()
    path = f"{CALENDARS}/B3/overrides/2026-11-30"
    changes = await told(as_admin, f"{path}/preview", CLOSED)
    assert changes["looked_at"] == [{"start": "2026-11-20", "end": "2027-12-25"}]
    (b3,) = changes["calendars"]
    assert (b3["code"], b3["added"], b3["removed"]) == ("B3", [], ["2026-11-30"])
    by_name = {group["name"]: group for group in changes["day_groups"]}
    assert set(by_name) == {"Todo pregão", "Fim do mês", "D-1 do fim"}
    assert (by_name["Fim do mês"]["added"], by_name["Fim do mês"]["removed"]) == (["2026-11-27"], ["2026-11-30"])
    assert (by_name["D-1 do fim"]["added"], by_name["D-1 do fim"]["removed"]) == (["2026-11-26"], ["2026-11-27"])
    assert by_name["Todo pregão"]["routines"] == [
        {"id": str(first.id), "name": "diaria", "title": "Diaria", "paused": False}
    ]
    assert [routine["id"] for routine in by_name["Fim do mês"]["routines"]] == [str(paused.id)]
    assert by_name["D-1 do fim"]["id"] == str(before_last)
    assert changes["routines_affected"] == 2
    # Nothing was saved: the same question has the same answer, and the date is what it was.
    assert await told(as_admin, f"{path}/preview", CLOSED) == changes
    assert (await as_admin.get(f"{CALENDARS}/B3")).json()["data"]["overrides"] == 0


async def test_taking_an_override_back_is_foretold_too(as_admin: httpx.AsyncClient) -> None:
    path = f"{CALENDARS}/B3/overrides/2026-11-21"
    await as_admin.put(path, json=OPENED)
    changes = await told(as_admin, f"{path}/preview", None)
    assert changes["calendars"][0]["removed"] == ["2026-11-21"]
    assert (await told(as_admin, f"{path}/preview", OPENED))["calendars"] == []


async def test_an_override_far_from_today_is_looked_at_where_it_is(as_admin: httpx.AsyncClient) -> None:
    for day in ("2031-03-03", "2010-03-03"):
        changes = await told(as_admin, f"{CALENDARS}/B3/overrides/{day}/preview", CLOSED)
        assert changes["calendars"][0]["removed"] == [day]
        assert len(changes["looked_at"]) == 2


async def test_a_version_is_foretold_through_all_that_is_made_of_the_calendar(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    await as_admin.post(CALENDARS, json={"code": "NYSE", "name": "NYSE", "content": NYSE})
    both = {"kind": "intersection", "members": ["NYSE", "B3"]}
    await as_admin.post(CALENDARS, json={"code": "BOTH", "name": "Both", "content": both})
    group = await add_day_group(session, clock, "Ambas", calendar="BOTH")
    await add_routine(session, clock, "duas-bolsas", day_group_id=group)
    await session.commit()
    christmas = {"day": "2026-12-24", "name": "Christmas Eve"}  # B3 is closed as well
    changed = {**NYSE, "coverage_end": "2027-11-30", "holidays": [christmas, {"day": "2026-12-23"}]}
    changes = await told(as_admin, f"{CALENDARS}/NYSE/versions/preview", changed)
    whole, member = changes["calendars"]
    assert (whole["code"], member["code"]) == ("BOTH", "NYSE")
    assert (member["added"], whole["added"]) == (["2026-11-26"], ["2026-11-26"])
    assert member["removed"][:2] == ["2026-12-23", "2026-12-24"]
    assert whole["removed"][:2] == ["2026-12-23", "2027-12-01"]
    assert (whole["coverage_end_before"], whole["coverage_end_after"]) == ("2027-12-31", "2027-11-30")
    (ambas,) = changes["day_groups"]
    assert (ambas["added"], ambas["removed"]) == (whole["added"], whole["removed"])
    assert [routine["name"] for routine in ambas["routines"]] == ["duas-bolsas"]
    assert (await as_admin.get(f"{CALENDARS}/NYSE")).json()["data"]["version"] == 1


async def test_an_edit_of_a_group_is_foretold(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock, "Pregões", weekdays=[1, 2, 3, 4])
    await add_routine(session, clock, "uma", day_group_id=group)
    await session.commit()
    edit = {"name": "Pregões", "calendar_code": "B3", "rule": {"weekdays": [1, 2, 3, 4], "exclude": ["2026-11-23"]}}
    changes = await told(as_admin, f"/api/v1/day-groups/{group}/preview", edit)
    (found,) = changes["day_groups"]
    assert (found["added"], found["removed"]) == ([], ["2026-11-23"])
    assert (changes["routines_affected"], changes["calendars"]) == (1, [])
    renamed = {"name": "Outro nome", "calendar_code": "B3", "rule": {"weekdays": [1, 2, 3, 4]}}
    assert (await told(as_admin, f"/api/v1/day-groups/{group}/preview", renamed))["day_groups"] == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.booleans(),
    st.sampled_from(
        [
            {},
            {"weekdays": [5], "positions": [{"of": "month", "n": 3}]},
            {"month_end": True, "roll": "modified_following", "shift": 2},
            {"positions": [{"of": "quarter", "n": -1}]},
        ]
    ),
)
async def test_e17_what_is_foretold_is_what_the_edit_does(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock, day: date, is_open: bool, rule: dict[str, Any]
) -> None:
    group_id = await add_day_group(session, clock, f"Grupo {uuid4()}", **rule)
    await session.commit()
    path = f"{CALENDARS}/B3/overrides/{day}"
    write = {"is_business_day": is_open, "note": "Suposição"}
    changes = await told(as_admin, f"{path}/preview", write)
    spans = [(span["start"], span["end"]) for span in changes["looked_at"]]
    before = (await day_groups(session, [group_id]))[group_id]
    assert (await as_admin.put(path, json=write)).status_code == 200
    after = (await day_groups(session, [group_id]))[group_id]
    old, new = (
        {found.isoformat() for found in item.days_between(day.replace(year=2025, day=1), day.replace(year=2029, day=1))}
        for item in (before, after)
    )
    foretold = next(
        (item for item in changes["day_groups"] if item["id"] == str(group_id)), {"added": [], "removed": []}
    )
    within = {found for found in old ^ new if any(start <= found <= end for start, end in spans)}
    assert set(foretold["added"]) == (new - old) & within
    assert set(foretold["removed"]) == (old - new) & within
    await as_admin.delete(path)


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        (f"{CALENDARS}/NYSE/overrides/2026-11-30/preview", CLOSED, 404, "CALENDAR_NOT_FOUND"),
        (f"{CALENDARS}/EVERY_DAY/overrides/2026-11-30/preview", CLOSED, 409, "CALENDAR_IS_FIXED"),
        (f"{CALENDARS}/B3/overrides/0001-01-01/preview", CLOSED, 422, "CALENDAR_OUT_OF_RANGE"),
        (f"{CALENDARS}/B3/overrides/9999-12-31/preview", CLOSED, 422, "CALENDAR_OUT_OF_RANGE"),
        (f"{CALENDARS}/B3/overrides/2026-11-30/preview", None, 404, "CALENDAR_OVERRIDE_NOT_FOUND"),
        (f"{CALENDARS}/B3/overrides/2026-11-30/preview", {}, 422, "INVALID"),
        (f"{CALENDARS}/B3/overrides/2026-11-30/preview", {**CLOSED, "note": "\x00\x00\x00"}, 422, "INVALID"),
        (f"{CALENDARS}/B3/versions/preview", NYSE, 409, "CALENDAR_IS_SHIPPED"),
        (f"{CALENDARS}/B3/versions/preview", {"kind": "union"}, 422, "INVALID"),
        (f"{NO_GROUP}/preview", {"name": "x", "calendar_code": "B3"}, 404, "DAY_GROUP_NOT_FOUND"),
        (f"{NO_GROUP}/preview", {"name": "x"}, 422, "INVALID"),
    ],
)
async def test_edits_that_would_be_refused_are_refused_here(
    as_viewer: httpx.AsyncClient, path: str, content: object, status: int, code: str
) -> None:
    answer = await as_viewer.post(path, json=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_cycle_and_a_gap_are_foretold(as_admin: httpx.AsyncClient) -> None:
    await as_admin.post(CALENDARS, json={"code": "NYSE", "name": "NYSE", "content": NYSE})
    both = {"kind": "union", "members": ["NYSE", "B3"]}
    await as_admin.post(CALENDARS, json={"code": "BOTH", "name": "Both", "content": both})
    cycle = await as_admin.post(f"{CALENDARS}/BOTH/versions/preview", json={"kind": "union", "members": ["BOTH", "B3"]})
    assert (cycle.status_code, cycle.json()["code"]) == (422, "CALENDAR_CYCLE")
    away = {**NYSE, "coverage_start": "2050-01-01", "coverage_end": "2051-01-01", "holidays": []}
    gap = await as_admin.post(f"{CALENDARS}/NYSE/versions/preview", json=away)
    assert (gap.status_code, gap.json()["code"]) == (422, "CALENDARS_DO_NOT_OVERLAP")
