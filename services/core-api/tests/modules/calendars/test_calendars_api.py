"""Calendars over HTTP: what is shipped, what people correct, and what a correction touches."""

import hashlib
from collections import OrderedDict
from datetime import date

import httpx
import pytest
from factories.routines import add_day_group, add_routine
from sqlalchemy import text

from core_api.migrate import shipped_calendars
from core_api.modules.calendars import service
from core_api.modules.calendars.public import CalendarFile, calendar_days, publish_calendars
from core_api.modules.routines.public import mark_loaded, stale_routines
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

OVERRIDE = {"is_business_day": False, "note": "Luto oficial"}


async def test_list_names_version_source_and_coverage(as_viewer: httpx.AsyncClient) -> None:
    answer = await as_viewer.get("/api/v1/calendars")
    assert answer.status_code == 200
    by_code = {calendar["code"]: calendar for calendar in answer.json()["data"]}
    assert set(by_code) == {"ANBIMA", "B3", "EVERY_DAY"}
    assert by_code["B3"]["version"] == 1
    assert by_code["B3"]["source"].startswith("exchange_calendars BVMF")
    assert by_code["B3"]["coverage_end"] == "2035-12-31"
    assert by_code["B3"]["sha256"] == {file.code: digest for file, digest in shipped_calendars()}["B3"]
    assert by_code["EVERY_DAY"]["version"] is None


async def test_days_say_why(as_viewer: httpx.AsyncClient) -> None:
    answer = await as_viewer.get("/api/v1/calendars/B3/days", params={"from": "2026-02-16", "to": "2026-02-18"})
    assert answer.json()["data"] == [
        {"day": "2026-02-16", "is_business_day": False, "opens_at": None, "note": "Carnaval", "overridden": False},
        {"day": "2026-02-17", "is_business_day": False, "opens_at": None, "note": "Carnaval", "overridden": False},
        {"day": "2026-02-18", "is_business_day": True, "opens_at": "13:00:00", "note": None, "overridden": False},
    ]


async def test_database_holds_exactly_the_shipped_days(session: WriteSession) -> None:
    for file, _ in shipped_calendars():
        days = await calendar_days(session, file.code)
        assert list(days.days or ()) == file.business_days()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/NYSE/days?from=2026-01-01&to=2026-01-31", 404, "CALENDAR_NOT_FOUND"),
        ("/B3/days?from=2026-01-31&to=2026-01-01", 422, "CALENDAR_RANGE_TOO_LONG"),
        ("/B3/days?from=2020-01-01&to=2026-01-01", 422, "CALENDAR_RANGE_TOO_LONG"),
        ("/B3/days?from=2036-01-01&to=2036-01-02", 422, "CALENDAR_OUT_OF_RANGE"),
        ("/B3/days?from=2026-13-01&to=2026-01-02", 422, "INVALID"),
        ("/B3/days", 422, "INVALID"),
        ("/b3%00/days?from=2026-01-01&to=2026-01-02", 422, "INVALID"),
    ],
)
async def test_questions_without_an_answer(as_viewer: httpx.AsyncClient, path: str, status: int, code: str) -> None:
    answer = await as_viewer.get(f"/api/v1/calendars{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_override_holds_at_once_and_can_be_taken_back(as_admin: httpx.AsyncClient) -> None:
    path = "/api/v1/calendars/B3/overrides/2026-11-23"
    put = await as_admin.put(path, json=OVERRIDE)
    assert put.status_code == 200, put.text
    assert put.json()["data"]["created_by"] == "Test admin"
    assert await _monday(as_admin) == (False, "Luto oficial", True)
    await as_admin.put(path, json={"is_business_day": True, "opens_at": "14:00:00", "note": "Revogado"})
    assert await _monday(as_admin) == (True, "Revogado", True)
    assert (await as_admin.delete(path)).status_code == 204
    assert await _monday(as_admin) == (True, None, False)
    again = await as_admin.delete(path)
    assert (again.status_code, again.json()["code"]) == (404, "CALENDAR_OVERRIDE_NOT_FOUND")


async def _monday(client: httpx.AsyncClient) -> tuple[bool, str | None, bool]:
    answer = await client.get("/api/v1/calendars/B3/days", params={"from": "2026-11-23", "to": "2026-11-23"})
    (day,) = answer.json()["data"]
    return day["is_business_day"], day["note"], day["overridden"]


async def test_an_override_may_open_a_weekend(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    await as_admin.put(
        "/api/v1/calendars/B3/overrides/2026-11-21", json={"is_business_day": True, "note": "Sessão de teste"}
    )
    days = await calendar_days(session, "B3")
    assert days.next(date(2026, 11, 20)) == date(2026, 11, 21)
    assert days.previous(date(2026, 11, 23)) == date(2026, 11, 21)


async def test_overrides_are_audited(as_admin: httpx.AsyncClient) -> None:
    path = "/api/v1/calendars/ANBIMA/overrides/2026-11-23"
    await as_admin.put(path, json=OVERRIDE)
    await as_admin.delete(path)
    answer = await as_admin.get("/api/v1/audit", params={"entity": "calendar", "entity_id": "ANBIMA:2026-11-23"})
    delete, put = answer.json()["data"]
    assert [put["action"], delete["action"]] == ["calendar_override.put", "calendar_override.delete"]
    assert put["before"] is None
    assert put["after"]["note"] == "Luto oficial"
    assert delete["before"] == put["after"]
    assert delete["after"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"is_business_day": False},
        {"is_business_day": False, "note": ""},
        {"is_business_day": False, "note": "a"},
        {"is_business_day": False, "note": "nul \x00 character"},
        {"is_business_day": False, "note": "x" * 10_000},
        {"is_business_day": False, "note": "Feriado", "opens_at": "13:00:00"},
        {"is_business_day": True, "note": "Feriado", "opens_at": "13:00:00Z"},
        {"is_business_day": False, "note": "Feriado", "unknown": 1},
        {"is_business_day": 10**400, "note": "Feriado"},
        [],
        None,
    ],
)
async def test_overrides_that_are_refused(as_admin: httpx.AsyncClient, body: object) -> None:
    answer = await as_admin.put("/api/v1/calendars/B3/overrides/2026-11-23", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "INVALID"


async def test_overrides_need_a_covered_day_of_a_calendar_that_can_change(as_admin: httpx.AsyncClient) -> None:
    outside = await as_admin.put("/api/v1/calendars/B3/overrides/2040-01-02", json=OVERRIDE)
    assert (outside.status_code, outside.json()["code"]) == (422, "CALENDAR_OUT_OF_RANGE")
    fixed = await as_admin.put("/api/v1/calendars/EVERY_DAY/overrides/2026-11-23", json=OVERRIDE)
    assert (fixed.status_code, fixed.json()["code"]) == (409, "CALENDAR_IS_FIXED")
    kept = await as_admin.delete("/api/v1/calendars/EVERY_DAY/overrides/2026-11-23")
    assert (kept.status_code, kept.json()["code"]) == (409, "CALENDAR_IS_FIXED")
    unknown = await as_admin.put("/api/v1/calendars/NYSE/overrides/2026-11-23", json=OVERRIDE)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "CALENDAR_NOT_FOUND")


async def test_publishing_twice_adds_nothing_and_a_new_content_is_a_new_version(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    assert await publish_calendars(session, shipped_calendars(), clock=clock) == []
    file = next(file for file, _ in shipped_calendars() if file.code == "B3")
    closed = CalendarFile.model_validate(
        {**file.model_dump(), "holidays": [*file.holidays, date(2026, 11, 23)], "source": "corrected"}
    )
    digest = hashlib.sha256(b"corrected").hexdigest()
    assert await publish_calendars(session, [(closed, digest)], clock=clock) == ["B3"]
    await session.commit()
    assert not (await calendar_days(session, "B3")).is_business_day(date(2026, 11, 23))
    # Going back to the older content is one more version, not nothing.
    assert await publish_calendars(session, shipped_calendars(), clock=clock) == ["B3"]
    await session.commit()
    calendars = (await as_viewer.get("/api/v1/calendars")).json()["data"]
    assert {calendar["code"]: calendar["version"] for calendar in calendars}["B3"] == 3


async def test_a_release_leaves_a_calendar_that_people_made_alone(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    file = next(file for file, _ in shipped_calendars() if file.code == "B3")
    content = {"kind": "custom", "source": "a file", "coverage_start": "2026-01-01", "coverage_end": "2026-12-31"}
    created = await as_admin.post("/api/v1/calendars", json={"code": "CVM", "name": "CVM", "content": content})
    shipped = CalendarFile.model_validate({**file.model_dump(), "code": "CVM", "name": "CVM: dias úteis"})
    assert await publish_calendars(session, [(shipped, "0" * 64)], clock=clock) == []
    await session.commit()
    assert (await as_admin.get("/api/v1/calendars/CVM")).json()["data"] == created.json()["data"]


async def test_a_correction_makes_the_calendars_routines_stale(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    on_b3 = await add_routine(session, clock, "on-b3", day_group_id=await add_day_group(session, clock))
    await add_routine(
        session, clock, "on-anbima", day_group_id=await add_day_group(session, clock, "Bancos", calendar="ANBIMA")
    )
    await mark_loaded(session, await stale_routines(session))
    assert await stale_routines(session) == []
    await session.commit()
    await as_admin.put("/api/v1/calendars/B3/overrides/2026-11-23", json=OVERRIDE)
    assert [stale.id for stale in await stale_routines(session)] == [on_b3.id]


async def test_other_services_ask_about_a_day(as_worker: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    path = "/internal/v1/calendars/B3/days/2026-12-24"
    answer = await as_worker.get(path)
    assert answer.json() == {
        "code": "B3",
        "day": "2026-12-24",
        "is_business_day": False,
        "previous": "2026-12-23",
        "next": "2026-12-28",
        "note": "Véspera de Natal, sem pregão",
    }
    refused = await anonymous.get(path)
    assert (refused.status_code, refused.json()["code"]) == (401, "INTERNAL_KEY_REQUIRED")


async def test_a_version_is_read_once_per_process(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_versions", OrderedDict())
    before = await _reads_of_sessions(session)
    await calendar_days(session, "B3")
    once = await _reads_of_sessions(session)
    assert once == before + 1
    await calendar_days(session, "B3")
    assert await _reads_of_sessions(session) == once


async def _reads_of_sessions(session: WriteSession) -> int:
    statement = text(
        "SELECT coalesce(pg_stat_get_xact_numscans(c.oid), 0) + coalesce((SELECT sum(pg_stat_get_xact_numscans(i.indexrelid))"
        " FROM pg_index AS i WHERE i.indrelid = c.oid), 0) FROM pg_class AS c WHERE c.oid = 'core.calendar_sessions'::regclass"
    )
    return int(await session.scalar(statement) or 0)
