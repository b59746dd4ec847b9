"""The watchdog: each trouble is noticed once, whoever looks, and its end too."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from factories.executions import DAY, add, add_one, force, new_execution
from factories.incidents import Watch, loaded, scheduler_seen
from factories.routines import add_routine
from factories.workers import register
from sqlalchemy import text

from core_api.database import OUTBOX
from shared_schemas.events.incidents import DeadlineMissed, IncidentOpened, IncidentResolved
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.testing.events import published

ERROR = '{"code": "PERMANENT", "message": "o arquivo veio vazio"}'


@pytest.fixture
def watch(sessionmaker: SessionFactory, clock: FakeClock) -> Watch:
    return Watch(sessionmaker, clock)


async def fail(session: WriteSession, clock: FakeClock, execution_id: Any) -> None:
    await session.execute(
        text(
            "UPDATE core.executions SET status = 'FAILED', finished_at = :now, attempt = attempt + 1,"
            " error = CAST(:error AS jsonb), reason = 'PERMANENT_ERROR' WHERE id = :id"
        ),
        {"id": execution_id, "now": clock.now(), "error": ERROR},
    )
    await session.commit()


async def told(session: WriteSession, payload: Any, kind: str) -> list[Any]:
    """Events of incidents of one kind."""
    return [event.payload for event in await published(session, OUTBOX, payload) if event.payload.kind == kind]


async def succeed(session: WriteSession, clock: FakeClock, execution_id: Any) -> None:
    await force(session, execution_id, status="SUCCEEDED", finished_at=clock.now(), attempt=1)
    await session.commit()


async def test_e16_final_failure_opens_one_incident_and_a_later_success_ends_it(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    routine = uuid4()
    run = await add_one(session, routine_id=routine)
    await fail(session, clock, run)
    await watch.look(after=30)
    (incident,) = await watch.incidents("FAILED")
    assert (incident.subject, incident.business_date, incident.execution_id) == (f"routine:{routine}", DAY, run)
    assert (incident.occurrences, incident.rounds, incident.resolved_at) == (1, 1, None)
    assert incident.details["error_message"] == "o arquivo veio vazio"
    (opened,) = await told(session, IncidentOpened, "FAILED")
    assert opened.routine_id == routine

    again = await add_one(session, routine_id=routine, origin="manual", run_key="again", slot=clock.now())
    await watch.look(after=5)
    assert (await watch.incidents("FAILED"))[0].resolved_at is None
    await succeed(session, clock, again)
    await watch.look(after=5)
    (incident,) = await watch.incidents("FAILED")
    assert (incident.resolved_at, incident.resolution) == (clock.now(), "RECOVERED")
    (resolved,) = await told(session, IncidentResolved, "FAILED")
    assert resolved.incident_id == incident.id


async def test_e16_failures_of_one_routine_and_day_are_counted_and_come_back_as_the_same_incident(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    routine = uuid4()
    slots = [clock.now() + timedelta(minutes=n) for n in range(4)]
    runs = await add(session, *(new_execution(routine_id=routine, slot=slot) for slot in slots))
    for run in runs[:2]:
        await fail(session, clock, run)
        await watch.look(after=10)
    (incident,) = await watch.incidents("FAILED")
    assert (incident.occurrences, incident.rounds) == (2, 1)
    await succeed(session, clock, runs[2])
    await watch.look(after=5)
    assert (await watch.incidents("FAILED"))[0].resolved_at is not None
    await watch.look(after=60)
    assert (await watch.incidents("FAILED"))[0].resolved_at is not None, "the old failures do not open it again"
    await fail(session, clock, runs[3])
    await watch.look(after=5)
    (incident,) = await watch.incidents("FAILED")
    assert (incident.occurrences, incident.rounds, incident.resolved_at) == (3, 2, None)
    assert incident.opened_at == clock.now()


async def test_e16_failure_that_was_healed_within_one_look_is_told_all_the_same(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    routine = uuid4()
    failed, healed = await add(
        session,
        new_execution(routine_id=routine),
        new_execution(routine_id=routine, slot=clock.now()),
    )
    await fail(session, clock, failed)
    clock.advance(timedelta(seconds=1))
    await succeed(session, clock, healed)
    await watch.look(after=10)
    (incident,) = await watch.incidents("FAILED")
    assert incident.resolved_at is not None


async def test_e16_reopened_run_keeps_its_incident_open_until_it_succeeds_or_is_called_off(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    one, two = await add(session, new_execution(), new_execution())
    for run in (one, two):
        await fail(session, clock, run)
    await watch.look()
    await force(session, one, status="PENDING", due_at=clock.now() + timedelta(hours=1))
    await force(session, two, status="CANCELLED")
    await session.commit()
    await watch.look(after=5)
    open_ones = {i.execution_id for i in await watch.incidents("FAILED") if i.resolved_at is None}
    assert open_ones == {one}


async def test_e16_two_watchdogs_open_it_once(
    sessionmaker: SessionFactory, session: WriteSession, clock: FakeClock
) -> None:
    first, second = Watch(sessionmaker, clock), Watch(sessionmaker, clock)
    await fail(session, clock, await add_one(session))
    await first.look()
    await second.look()
    assert len(await first.incidents("FAILED")) == 1
    assert len(await told(session, IncidentOpened, "FAILED")) == 1


# --- did not start ---------------------------------------------------------------------------------------------------


async def test_e16_due_and_not_started_for_five_minutes(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    run = await add_one(session, slot=clock.now())
    await session.commit()
    await watch.look(after=295, every=25)
    assert await watch.incidents("NOT_STARTED") == []
    await watch.look(after=10)
    (incident,) = await watch.incidents("NOT_STARTED")
    assert incident.execution_id == run
    await force(session, run, status="RUNNING", attempt=1, worker_id="w", started_at=clock.now())
    await session.commit()
    await watch.look(after=5)
    assert (await watch.incidents("NOT_STARTED"))[0].resolution == "RECOVERED"


async def test_e16_what_waits_for_another_routine_or_for_its_turn_in_a_backfill_is_not_reported_as_not_started(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    upstream = new_execution(slot=clock.now())
    waiting = new_execution(
        slot=clock.now(),
        depends_on=(upstream.routine_id,),
        upstream_dates=(DAY,),
        upstream_rules=("wait skip",),
    )
    backfill = new_execution(slot=clock.now(), origin="backfill", run_key="backfill:1")
    first, second, _ = await add(session, upstream, waiting, backfill)
    await session.commit()
    await watch.look(after=305, every=25)
    assert [i.execution_id for i in await watch.incidents("NOT_STARTED")] == [first]
    await force(session, first, status="SUCCEEDED", attempt=1, finished_at=clock.now())
    await session.commit()
    await watch.look(after=5)
    assert [i.execution_id for i in await watch.incidents("NOT_STARTED")] == [first, second]


async def test_e16_what_may_run_although_its_upstream_failed_is_reported_when_it_does_not_start(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    upstream = new_execution(slot=clock.now())
    edge = {"depends_on": (upstream.routine_id,), "upstream_dates": (DAY,), "slot": clock.now()}
    undaunted, patient = (new_execution(**edge, upstream_rules=(rule,)) for rule in ("run skip", "wait skip"))
    first, second, _ = await add(session, upstream, undaunted, patient)
    await fail(session, clock, first)
    await watch.look(after=310, every=25)
    assert [i.execution_id for i in await watch.incidents("NOT_STARTED")] == [second]


# --- recovered too often ---------------------------------------------------------------------------------------------


async def test_e16_run_that_lost_its_worker_twice(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    run = await add_one(session)
    await force(session, run, status="RECOVERY", recoveries=1, attempt=1, started_at=clock.now())
    await session.commit()
    await watch.look()
    assert await watch.incidents("RECOVERED_OFTEN") == []
    await force(session, run, recoveries=2, status="RUNNING")
    await session.commit()
    await watch.look(after=60)
    (incident,) = await watch.incidents("RECOVERED_OFTEN")
    assert (incident.execution_id, incident.details["recoveries"]) == (run, 2)
    await succeed(session, clock, run)
    await watch.look(after=60)
    (incident,) = await watch.incidents("RECOVERED_OFTEN")
    assert (incident.resolution, incident.rounds) == ("RECOVERED", 1)


async def test_e16_run_in_quarantine_stays_reported(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    run = await add_one(session)
    await force(session, run, status="FAILED", recoveries=3, started_at=clock.now(), finished_at=clock.now())
    await session.commit()
    await watch.look(after=1200, every=25)
    (incident,) = await watch.incidents("RECOVERED_OFTEN")
    assert (incident.resolved_at, incident.details["quarantined"]) == (None, True)


# --- deadlines -------------------------------------------------------------------------------------------------------


async def test_e16_missed_deadline_on_d_plus_1_over_a_holiday_and_a_weekend(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    """Thursday the 19th; Friday is a holiday of B3: D+1 is Monday the 23rd, 07:30 in São Paulo."""
    routine = await add_routine(
        session,
        clock,
        "precos",
        deadline={"time": "07:30", "day_offset": 1},
        day_group_id=str(await add_group(session, clock)),
    )
    run = await add_one(session, routine_id=routine.id, title="Preços", business_date=date(2026, 11, 19))
    await session.commit()
    clock.set(clock.now().replace(day=23, hour=10, minute=29, second=50))
    await watch.look()
    assert await watch.incidents("LATE") == []
    await watch.look(after=20)
    (incident,) = await watch.incidents("LATE")
    assert (incident.routine_id, incident.business_date) == (routine.id, date(2026, 11, 19))
    assert incident.details["deadline"] == "2026-11-23T10:30:00+00:00"
    assert clock.now() - incident.opened_at < timedelta(seconds=60)
    (missed,) = await published(session, OUTBOX, DeadlineMissed)
    assert (missed.payload.routine_id, missed.payload.missing) == (routine.id, ["Preços"])
    await succeed(session, clock, run)
    await watch.look(after=5)
    assert (await watch.incidents("LATE"))[0].resolution == "RECOVERED"


async def add_group(session: WriteSession, clock: FakeClock) -> Any:
    from factories.routines import add_day_group

    return await add_day_group(session, clock)


async def test_e16_ready_in_time_is_not_late_and_neither_is_what_a_person_called_off(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    deadline = {"time": "13:00", "day_offset": 0}
    names = ("pronta", "cancelada", "substituida", "refeita", "atrasada")
    routines = {name: await add_routine(session, clock, name, deadline=deadline) for name in names}
    runs = {name: await add_one(session, routine_id=routine.id) for name, routine in routines.items()}
    await force(session, runs["pronta"], status="SUCCEEDED", finished_at=clock.now())
    await force(session, runs["cancelada"], status="CANCELLED")
    await force(session, runs["substituida"], status="SKIPPED", reason="SUPERSEDED")
    await force(session, runs["refeita"], status="FAILED", finished_at=clock.now())
    again = await add_one(
        session, routine_id=routines["refeita"].id, origin="manual", run_key="again", slot=clock.now()
    )
    await force(session, again, status="SUCCEEDED", finished_at=clock.now())
    await session.commit()
    await watch.look(after=3610, every=905)
    assert [i.title for i in await watch.incidents("LATE")] == [routines["atrasada"].title]


async def test_e16_deadline_of_a_group_names_what_is_missing_and_is_one_incident(
    watch: Watch, session: WriteSession, clock: FakeClock, as_admin: Any
) -> None:
    runs = {}
    for name in ("cotahist", "indices", "outra"):
        routine = await add_routine(session, clock, name, tags=["outros" if name == "outra" else "precos"])
        runs[name] = await add_one(session, routine_id=routine.id, title=name)
    await session.commit()
    write = {"name": "Base pronta", "tag": "precos", "time": "12:01", "day_offset": 0, "calendar_code": "ANBIMA"}
    answer = await as_admin.post("/api/v1/deadlines", json=write)
    assert answer.status_code == 201, answer.text
    await watch.look(after=65)
    (incident,) = await watch.incidents("LATE")
    assert (incident.title, incident.routine_id, incident.tags) == ("Base pronta", None, ["precos"])
    assert incident.details["missing"] == ["cotahist", "indices"]
    day = (await as_admin.get("/api/v1/deadlines/day", params={"business_date": DAY.isoformat()})).json()["data"]
    assert [(item["state"], item["missing"]) for item in day] == [("LATE", ["cotahist", "indices"])]
    await succeed(session, clock, runs["cotahist"])
    await watch.look(after=5)
    assert (await watch.incidents("LATE"))[0].resolved_at is None
    await succeed(session, clock, runs["indices"])
    await watch.look(after=5)
    assert (await watch.incidents("LATE"))[0].resolution == "RECOVERED"
    assert len(await published(session, OUTBOX, DeadlineMissed)) == 1


# --- the engine itself -----------------------------------------------------------------------------------------------


async def test_e16_silent_schedulers_are_reported_within_seconds_and_their_return_too(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    await loaded(session, clock, DAY)
    await scheduler_seen(session, clock)
    await watch.look(after=10)
    assert await watch.incidents("SCHEDULER_SILENT") == []
    died = clock.now()
    await watch.look(after=40)
    (incident,) = await watch.incidents("SCHEDULER_SILENT")
    assert incident.opened_at - died <= timedelta(seconds=35)
    await scheduler_seen(session, clock, "scheduler-2")
    await watch.look(after=5)
    assert (await watch.incidents("SCHEDULER_SILENT"))[0].resolution == "RECOVERED"


async def test_e16_silence_over_midnight_stays_one_incident(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    clock.set(clock.now().replace(day=21, hour=2, minute=58))
    await watch.look(after=300, every=25)
    assert [i.business_date for i in await watch.incidents("SCHEDULER_SILENT")] == [date(2026, 11, 20)]


async def test_e16_change_of_version_is_no_silence(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    """One scheduler says goodbye, the next is there ten seconds later."""
    await watch.look(after=10)
    await scheduler_seen(session, clock)
    await watch.look(after=5)
    assert await watch.incidents("SCHEDULER_SILENT") == []


async def test_e16_missing_daily_load(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    clock.set(clock.now().replace(hour=2, minute=59, second=0))  # one minute before midnight in São Paulo
    await loaded(session, clock, date(2026, 11, 19))
    await scheduler_seen(session, clock)
    await watch.look(after=120)
    assert await watch.incidents("DAILY_LOAD_MISSING") == []
    await watch.look(after=60)
    (incident,) = await watch.incidents("DAILY_LOAD_MISSING")
    assert incident.business_date == DAY
    due = clock.now().replace(hour=3, minute=1, second=0)
    assert incident.opened_at - due <= timedelta(seconds=45)
    await loaded(session, clock, DAY)
    await watch.look(after=5)
    assert (await watch.incidents("DAILY_LOAD_MISSING"))[0].resolution == "RECOVERED"


async def test_e16_day_that_was_never_loaded_stays_reported_on_the_next_one(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    await watch.look(after=60)
    clock.advance(timedelta(days=1))
    await loaded(session, clock, DAY + timedelta(days=1))
    await watch.look(after=30)
    (incident,) = await watch.incidents("DAILY_LOAD_MISSING")
    assert (incident.business_date, incident.resolved_at) == (DAY, None)


async def test_e16_due_work_without_a_worker_for_a_minute(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    await add_one(session, slot=clock.now())
    await session.commit()
    await watch.look(after=55)
    assert await watch.incidents("WORKERS_GONE") == []
    await watch.look(after=10)
    (incident,) = await watch.incidents("WORKERS_GONE")
    assert (incident.subject, incident.details["jobs"], incident.details["runs"]) == (
        "queue:default",
        ["b3.cotahist.download"],
        1,
    )
    await register(session, clock)
    await session.commit()
    await watch.look(after=5)
    assert (await watch.incidents("WORKERS_GONE"))[0].resolution == "RECOVERED"


async def test_e16_worker_that_cannot_do_the_job_does_not_count_and_one_that_can_does(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, jobs=["system.check"])
    await add_one(session, slot=clock.now())
    await add_one(session, slot=clock.now(), job="system.check")
    await session.execute(text("UPDATE core.workers SET lease_until = 'infinity'"))
    await session.commit()
    await watch.look(after=70)
    (incident,) = await watch.incidents("WORKERS_GONE")
    assert incident.details["jobs"] == ["b3.cotahist.download"]


async def test_e16_entries_that_do_not_reach_redis(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    await session.execute(
        text("INSERT INTO core.outbox (stream, fields, created_at) VALUES ('s', '{}', :at)"), {"at": clock.now()}
    )
    await session.commit()
    await watch.look(after=25)
    assert await watch.incidents("QUEUE_STUCK") == []
    await watch.look(after=10)
    assert [i.subject for i in await watch.incidents("QUEUE_STUCK")] == ["outbox"]
    await session.execute(text("DELETE FROM core.outbox"))
    await session.commit()
    await watch.look(after=5)
    assert (await watch.incidents("QUEUE_STUCK"))[0].resolution == "RECOVERED"


async def test_e16_calendar_that_ends_within_90_days(watch: Watch, session: WriteSession, clock: FakeClock) -> None:
    rows = await session.execute(
        text(
            "SELECT calendar_code AS code, max(coverage_end) AS last FROM core.calendar_versions GROUP BY 1 ORDER BY 2"
        )
    )
    ends = {row.code: row.last for row in rows}
    first = min(ends.values())
    clock.set(clock.now().replace(year=first.year, month=first.month, day=first.day) - timedelta(days=91))
    await watch.look()
    assert await watch.incidents("CALENDAR_ENDING") == []
    clock.advance(timedelta(days=1, minutes=11))
    await watch.look()
    found = {i.subject: i.details["last_day"] for i in await watch.incidents("CALENDAR_ENDING")}
    assert found == {f"calendar:{code}": end.isoformat() for code, end in ends.items() if end == first}


async def test_e16_incidents_of_long_ago_expire_without_a_word_of_recovery(
    watch: Watch, session: WriteSession, clock: FakeClock
) -> None:
    await fail(session, clock, await add_one(session))
    await watch.look()
    clock.advance(timedelta(days=8))
    await watch.look()
    (incident,) = await watch.incidents("FAILED")
    assert incident.resolution == "EXPIRED"
    changes = await session.execute(
        text("SELECT change FROM core.incident_changes AS c WHERE incident_id = :id"), {"id": incident.id}
    )
    assert list(changes.scalars()) == ["OPENED"]
