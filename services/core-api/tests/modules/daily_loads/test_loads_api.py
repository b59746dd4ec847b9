"""Loads over HTTP."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from factories.routines import add_routine
from sqlalchemy import text

from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

MONDAY = date(2026, 11, 23)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=ZoneInfo("America/Sao_Paulo")).astimezone(UTC))


async def test_the_day_is_run_now(session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient) -> None:
    await add_routine(session, clock, "noite", trigger={"type": "times", "times": ["20:45", "21:15"]})
    await add_routine(session, clock, "manha", trigger={"type": "times", "times": ["07:15"]})
    await session.commit()
    first = (await as_operator.post("/api/v1/scheduler/run")).json()["data"]
    assert first == {"business_date": "2026-11-23", "created": 3, "already_there": 0, "brought_forward": 2}
    second = (await as_operator.post("/api/v1/scheduler/run", json={"business_date": "2026-11-23"})).json()["data"]
    assert second == {"business_date": "2026-11-23", "created": 0, "already_there": 3, "brought_forward": 0}
    due = (await session.scalars(text("SELECT due_at FROM core.executions"))).all()
    assert all(one <= clock.now() for one in due)


async def test_loads_are_listed(session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient) -> None:
    await add_routine(session, clock, "noite")
    await session.commit()
    for day in ("2026-11-23", "2026-11-24", "2026-11-23"):
        answer = await as_operator.post("/api/v1/scheduler/daily-load", json={"business_date": day})
        assert answer.status_code == 200, answer.text
    page = (await as_operator.get("/api/v1/daily-loads", params={"limit": 2})).json()
    assert [(one["business_date"], one["created"], one["trigger"]) for one in page["data"]] == [
        ("2026-11-23", 0, "manual"),
        ("2026-11-24", 1, "manual"),
    ]
    rest = await as_operator.get("/api/v1/daily-loads", params={"cursor": page["meta"]["next_cursor"]})
    assert [one["created"] for one in rest.json()["data"]] == [1]
    only = await as_operator.get("/api/v1/daily-loads", params={"business_date": "2026-11-24"})
    assert len(only.json()["data"]) == 1
    bad = await as_operator.get("/api/v1/daily-loads", params={"cursor": "e30"})
    assert bad.json()["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("scheduler/run", {"business_date": "2028-01-01"}),
        ("scheduler/daily-load", {"business_date": "1926-11-23"}),
    ],
)
async def test_a_typing_error_in_the_year_loads_no_other_century(
    path: str, body: dict[str, str], as_operator: httpx.AsyncClient
) -> None:
    answer = await as_operator.post(f"/api/v1/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "BUSINESS_DATE_TOO_FAR")


@pytest.mark.parametrize("path", ["scheduler/run", "scheduler/daily-load"])
async def test_a_viewer_loads_nothing(path: str, anonymous: httpx.AsyncClient, as_viewer: httpx.AsyncClient) -> None:
    assert (await as_viewer.post(f"/api/v1/{path}", json={})).status_code == 403
    refused = await anonymous.post(f"/api/v1/{path}", json={})
    assert (refused.status_code, refused.headers["WWW-Authenticate"].startswith("Bearer")) == (401, True)
