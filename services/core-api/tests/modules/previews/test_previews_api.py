"""A whole day over HTTP: what runs, in which order, and why the others do not."""

from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest
from factories.routines import add_day_group, add_routine

from core_api.modules.business_days.public import CalendarDays
from core_api.modules.day_rules.public import DayRule, GroupDays
from core_api.modules.planning import service as planning
from core_api.modules.planning.public import Plan
from core_api.modules.routines.public import PlannedRoutine
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

URL = "/api/v1/scheduler/preview"


async def test_e17_a_day_says_what_runs_and_why_the_others_do_not(
    as_viewer: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    b3 = await add_day_group(session, clock)
    mondays = await add_day_group(session, clock, "Segundas", calendar="EVERY_DAY", weekdays=[1])
    early = await add_routine(session, clock, "cedo", trigger={"type": "times", "times": ["06:00", "22:00"]})
    late = await add_routine(session, clock, "tarde", trigger={"type": "times", "times": ["22:00"]}, priority=2)
    await add_routine(session, clock, "a-mao", trigger={"type": "manual"})
    await add_routine(session, clock, "parada", paused=True)
    await add_routine(session, clock, "pregao", day_group_id=b3)
    await add_routine(session, clock, "segunda", day_group_id=mondays)
    await add_routine(session, clock, "uma-vez", trigger={"type": "once", "at": "2026-12-25T08:00"})
    await session.commit()

    answer = await as_viewer.get(URL, params={"date": "2026-12-24"})
    day = answer.json()["data"]
    assert [(run["routine_id"], run["slot"]) for run in day["runs"]] == [
        (str(early.id), "2026-12-24T09:00:00Z"),
        (str(late.id), "2026-12-25T01:00:00Z"),
        (str(early.id), "2026-12-25T01:00:00Z"),
    ]
    assert [(one["routine_name"], one["reason"]["code"]) for one in day["not_running"]] == [
        ("a-mao", "MANUAL_ONLY"),
        ("parada", "PAUSED"),
        ("pregao", "NOT_A_BUSINESS_DAY"),
        ("segunda", "DAY_GROUP"),
        ("uma-vez", "TRIGGER"),
    ]
    closed = day["not_running"][2]
    assert closed["note"] == "Véspera de Natal, sem pregão"
    assert closed["reason"]["text"] == "Não é dia útil no calendário B3."
    assert day["calendars"] == [
        {"calendar_code": "B3", "is_business_day": False, "note": "Véspera de Natal, sem pregão"},
        {"calendar_code": "EVERY_DAY", "is_business_day": True, "note": None},
    ]

    english = await as_viewer.get(URL, params={"date": "2026-12-24", "limit": 1}, headers={"Accept-Language": "en"})
    shorter = english.json()["data"]
    assert (len(shorter["runs"]), shorter["runs_total"]) == (1, 3)
    assert shorter["not_running"][2]["reason"]["text"] == "It is not a business day in calendar B3."


async def test_a_date_that_a_calendar_does_not_know_is_said_of_its_routines_only(
    as_viewer: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    pregao = await add_routine(session, clock, "pregao", day_group_id=group)
    await add_routine(session, clock, "diaria")
    await session.commit()
    day = (await as_viewer.get(URL, params={"date": "2099-06-01"})).json()["data"]
    assert [run["routine_name"] for run in day["runs"]] == ["diaria"]
    assert [(one["routine_name"], one["reason"]["code"]) for one in day["not_running"]] == [("pregao", "NOT_COVERED")]
    assert day["calendars"] == [{"calendar_code": "B3", "is_business_day": None, "note": None}]

    preview = await as_viewer.get(
        f"/api/v1/routines/{pregao.id}/preview", params={"from": "2026-12-24", "to": "2026-12-28"}
    )
    reasons = [day["reason"] and day["reason"]["code"] for day in preview.json()["data"]["days"]]
    assert reasons == ["NOT_A_BUSINESS_DAY"] * 4 + [None]


@pytest.mark.parametrize("wrong", [{}, {"date": "24/12/2026"}, {"date": "2026-12-24", "limit": 0}])
async def test_questions_that_make_no_sense_are_refused(as_viewer: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    assert (await as_viewer.get(URL, params=wrong)).status_code == 422


async def test_a_day_needs_somebody_who_is_logged_in(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(URL, params={"date": "2026-12-24"})).status_code == 401


def test_e17_what_many_routines_share_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred routines over four hundred days: the slots of each trigger, zone and date are computed once."""
    computed: list[tuple[object, object, date]] = []
    slots_on = planning.slots_on

    def counted(trigger: object, zone: object, day: date) -> object:
        computed.append((trigger, zone, day))
        return slots_on(trigger, zone, day)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "slots_on", counted)
    first = date(2026, 1, 1)
    days = [first + timedelta(days=n) for n in range(400)]
    calendar = CalendarDays(
        code="SEG_A_SEX", start=first, end=date(2027, 12, 31), days=tuple(day for day in days if day.isoweekday() <= 5)
    )
    group = GroupDays(id=uuid4(), name="dias", revision=1, rule=DayRule(), calendar=calendar)
    every_two_hours = {"type": "interval", "every_minutes": 120, "start": "08:00", "end": "18:00"}
    at_nine = {"type": "times", "times": ["09:00"]}
    routines = [
        PlannedRoutine(_snapshot(n, every_two_hours if n % 2 else at_nine), group.id if n % 3 else None, paused=False)
        for n in range(500)
    ]
    plan = Plan(routines, {group.id: group})
    found = sum(len(item.slots) for day in days for item in plan.day(day).routines)
    weekdays = len([day for day in days if day.isoweekday() <= 5])
    slots_of = {0: 1, 1: 6}
    assert found == sum(slots_of[n % 2] * (weekdays if n % 3 else len(days)) for n in range(500))
    assert len(computed) <= 2 * len(days)


RULES = ("tags", "catch_up", "misfire_grace_seconds", "coalesce", "cancel_grace_seconds")


def _snapshot(number: int, trigger: dict[str, object]) -> dict[str, object]:
    unused = ("params", "retry", "title", "job", "queue", "pool", "concurrency_key", "max_instances", "max_attempts")
    return {
        **dict.fromkeys((*unused, "max_recoveries", "timeout_seconds", *RULES)),
        "routine_id": uuid4(),
        "routine_name": f"r-{number}",
        "time_zone": "America/Sao_Paulo",
        "priority": 30,
        "depends_on": (),
        "upstream_offsets": (),
        "upstream_rules": (),
        "trigger": trigger,
    }
