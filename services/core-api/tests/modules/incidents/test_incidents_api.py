"""Incidents over HTTP and over the live stream's contract."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from core_api.modules.incidents.public import Condition, Kind, Resolution, ledger
from core_api.modules.live.service import WATCHED
from core_api.modules.upkeep.public import event_types
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

INCIDENTS = "/api/v1/incidents"
DAY = date(2026, 11, 20)


async def report(session: WriteSession, clock: FakeClock, *conditions: Condition) -> list[UUID]:
    changes = await ledger(session, clock=clock).report(conditions, now=clock.now())
    await session.commit()
    return [change.incident.id for change in changes]


def condition(subject: str = "queue:default", **fields: Any) -> Condition:
    return Condition(
        **{"kind": Kind.WORKERS_GONE, "subject": subject, "business_date": DAY, "title": subject, **fields}
    )


async def test_filters_and_pages(session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    routine = uuid4()
    (first,) = await report(session, clock, condition("a"))
    (second,) = await report(session, clock, condition("b", kind=Kind.FAILED, routine_id=routine))
    (third,) = await report(session, clock, condition("c", business_date=DAY + timedelta(days=1)))
    await ledger(session, clock=clock).resolve([first], resolution=Resolution.RECOVERED, now=clock.now())
    await session.commit()

    async def found(**params: Any) -> list[str]:
        answer = await as_viewer.get(INCIDENTS, params=params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["data"]]

    assert await found() == [str(third), str(second), str(first)]
    assert await found(state="open") == [str(third), str(second)]
    assert await found(state="resolved") == [str(first)]
    assert await found(kind="FAILED") == [str(second)]
    assert await found(kind=["FAILED", "WORKERS_GONE"]) == [str(third), str(second), str(first)]
    assert await found(routine_id=str(routine)) == [str(second)]
    assert await found(business_date=DAY.isoformat(), state="open") == [str(second)]
    page = (await as_viewer.get(INCIDENTS, params={"limit": 2})).json()
    assert page["meta"]["has_more"] is True
    assert await found(cursor=page["meta"]["next_cursor"], limit=2) == [str(first)]
    bad = await as_viewer.get(INCIDENTS, params={"cursor": "abc"})
    assert (bad.status_code, bad.json()["code"]) == (422, "INVALID_CURSOR")


async def test_the_first_to_acknowledge_stays_until_it_is_opened_again(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient, as_admin: httpx.AsyncClient
) -> None:
    (one,) = await report(session, clock, condition())
    mine = (await as_operator.post(f"{INCIDENTS}/{one}/acknowledge")).json()["data"]
    assert (mine["acknowledged_by"], mine["acknowledged_at"]) == ("Test operator", "2026-11-20T15:00:00Z")
    theirs = (await as_admin.post(f"{INCIDENTS}/{one}/acknowledge")).json()["data"]
    assert theirs["acknowledged_by"] == "Test operator"
    await ledger(session, clock=clock).resolve([one], resolution=Resolution.RECOVERED, now=clock.now())
    clock.advance(timedelta(minutes=5))
    await report(session, clock, condition())
    again = (await as_admin.get(f"{INCIDENTS}/{one}")).json()["data"]
    assert (again["acknowledged_by"], again["rounds"], again["resolved_at"]) == (None, 2, None)
    missing = await as_operator.post(f"{INCIDENTS}/{uuid4()}/acknowledge")
    assert (missing.status_code, missing.json()["code"]) == (404, "INCIDENT_NOT_FOUND")
    trail = (await as_admin.get("/api/v1/audit", params={"entity": "incident"})).json()["data"]
    assert [entry["action"] for entry in trail] == ["incident.acknowledge"] * 2


async def test_text_that_postgresql_cannot_hold_is_replaced(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    (one,) = await report(session, clock, condition(details={"error_message": "a\x00b"}))
    assert (await as_viewer.get(f"{INCIDENTS}/{one}")).json()["data"]["details"] == {
        "error_message": "a\N{REPLACEMENT CHARACTER}b"
    }


def test_the_live_stream_carries_incidents_and_deadlines() -> None:
    watched = {name for name in event_types() if name.startswith(WATCHED)}
    assert {"incident.opened", "incident.resolved", "deadline.missed"} <= watched
