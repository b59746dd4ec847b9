"""Deadlines of groups over HTTP."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.executions import DAY, add_one, force
from factories.routines import add_routine

from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

DEADLINES = "/api/v1/deadlines"
WRITE = {"name": "Base pronta", "tag": "precos", "time": "07:30", "day_offset": 1, "calendar_code": "B3"}


async def test_the_life_of_a_deadline(as_admin: httpx.AsyncClient, as_viewer: httpx.AsyncClient) -> None:
    created = (await as_admin.post(DEADLINES, json=WRITE)).json()["data"]
    assert (created["time_zone"], created["enabled"], created["updated_by"]) == (
        "America/Sao_Paulo",
        True,
        "Test admin",
    )
    other = (await as_admin.post(DEADLINES, json=WRITE | {"name": "Outra"})).json()["data"]
    for method, path, body, expected in (
        ("POST", DEADLINES, WRITE, (409, "DEADLINE_NAME_TAKEN")),
        ("PUT", f"{DEADLINES}/{other['id']}", WRITE, (409, "DEADLINE_NAME_TAKEN")),
        ("POST", DEADLINES, WRITE | {"name": "x", "calendar_code": "MARTE"}, (422, "DEADLINE_CALENDAR_UNKNOWN")),
        ("PUT", f"{DEADLINES}/{uuid4()}", WRITE, (404, "DEADLINE_NOT_FOUND")),
        ("DELETE", f"{DEADLINES}/{uuid4()}", None, (404, "DEADLINE_NOT_FOUND")),
    ):
        answer = await as_admin.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == expected
    changed = await as_admin.put(f"{DEADLINES}/{created['id']}", json=WRITE | {"time": "08:00", "enabled": False})
    assert (changed.json()["data"]["time"], changed.json()["data"]["enabled"]) == ("08:00", False)
    assert (await as_admin.delete(f"{DEADLINES}/{other['id']}")).status_code == 204
    assert [item["id"] for item in (await as_viewer.get(DEADLINES)).json()["data"]] == [created["id"]]
    trail = (await as_admin.get("/api/v1/audit", params={"entity": "deadline"})).json()["data"]
    assert [entry["action"].split(".")[1] for entry in trail] == ["delete", "update", "create", "create"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"time": "24:00"},
        {"time": "7:30"},
        {"day_offset": 11},
        {"day_offset": -1},
        {"tag": "Com Espaço"},
        {"time_zone": "Marte"},
    ],
)
async def test_what_is_refused(wrong: dict[str, Any], as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post(DEADLINES, json=WRITE | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")


async def test_how_a_day_stands(session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    """Noon in São Paulo."""
    for name, at, status in (
        ("pronta", "11:00", "SUCCEEDED"),
        ("atrasada", "11:30", "RUNNING"),
        ("depois", "18:00", "PENDING"),
    ):
        routine = await add_routine(session, clock, name, deadline={"time": at, "day_offset": 0})
        run = await add_one(session, routine_id=routine.id, title=name)
        await force(session, run, status=status, finished_at=clock.now() if status == "SUCCEEDED" else None)
    await session.commit()
    answer = await as_viewer.get(f"{DEADLINES}/day", params={"business_date": DAY.isoformat()})
    assert [(item["title"], item["state"], item["missing"]) for item in answer.json()["data"]] == [
        ("Pronta", "READY", []),
        ("Atrasada", "LATE", ["atrasada"]),
        ("Depois", "WAITING", ["depois"]),
    ]
