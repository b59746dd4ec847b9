"""Day groups over HTTP."""

import json

import httpx
import pytest
from factories.routines import add_day_group, add_routine

from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

PLAIN = {
    "weekdays": None,
    "positions": [],
    "month_days": [],
    "month_end": False,
    "roll": "none",
    "shift": 0,
    "include": [],
    "exclude": [],
}
BODY = {
    "name": "Pregões, sem véspera",
    "description": "Pregões da B3 menos 23 de dezembro",
    "calendar_code": "B3",
    "rule": {"weekdays": [5, 1], "include": ["2026-12-26"], "exclude": ["2026-12-23"]},
}


async def test_a_group_is_created_read_changed_and_deleted(as_admin: httpx.AsyncClient) -> None:
    created = await as_admin.post("/api/v1/day-groups", json=BODY)
    assert created.status_code == 201, created.text
    group = created.json()["data"]
    assert group["rule"] == {
        **PLAIN,
        "weekdays": [1, 5],
        "include": ["2026-12-26"],
        "exclude": ["2026-12-23"],
    }
    path = f"/api/v1/day-groups/{group['id']}"
    read = await as_admin.get(path)
    assert read.json()["data"] == group
    assert read.headers["ETag"] == created.headers["ETag"] == '"1"'
    changed = await as_admin.put(path, json={**BODY, "rule": {}}, headers={"If-Match": '"1"'})
    assert changed.headers["ETag"] == '"2"'
    assert changed.json()["data"]["rule"] == PLAIN
    assert [item["name"] for item in (await as_admin.get("/api/v1/day-groups")).json()["data"]] == [BODY["name"]]
    assert (await as_admin.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    gone = await as_admin.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "DAY_GROUP_NOT_FOUND")


async def test_changes_name_the_version_they_are_based_on(as_admin: httpx.AsyncClient) -> None:
    group = (await as_admin.post("/api/v1/day-groups", json=BODY)).json()["data"]
    path = f"/api/v1/day-groups/{group['id']}"
    assert (await as_admin.put(path, json=BODY)).status_code == 428
    assert (await as_admin.delete(path)).status_code == 428
    assert (await as_admin.put(path, json=BODY, headers={"If-Match": '"7"'})).status_code == 412
    assert (await as_admin.delete(path, headers={"If-Match": '"7"'})).status_code == 412


async def test_names_are_unique(as_admin: httpx.AsyncClient) -> None:
    await as_admin.post("/api/v1/day-groups", json=BODY)
    twice = await as_admin.post("/api/v1/day-groups", json=BODY)
    assert (twice.status_code, twice.json()["code"]) == (409, "DAY_GROUP_NAME_TAKEN")
    other = (await as_admin.post("/api/v1/day-groups", json={**BODY, "name": "Outro"})).json()["data"]
    renamed = await as_admin.put(f"/api/v1/day-groups/{other['id']}", json=BODY, headers={"If-Match": '"1"'})
    assert (renamed.status_code, renamed.json()["code"]) == (409, "DAY_GROUP_NAME_TAKEN")


async def test_a_group_in_use_stays(as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock) -> None:
    group_id = await add_day_group(session, clock)
    await add_routine(session, clock, "uses-it", day_group_id=str(group_id))
    await session.commit()
    answer = await as_admin.delete(f"/api/v1/day-groups/{group_id}", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "DAY_GROUP_IN_USE")


async def test_changes_are_audited(as_admin: httpx.AsyncClient) -> None:
    group = (await as_admin.post("/api/v1/day-groups", json=BODY)).json()["data"]
    await as_admin.put(
        f"/api/v1/day-groups/{group['id']}", json={**BODY, "description": "Outra"}, headers={"If-Match": '"1"'}
    )
    entries = (await as_admin.get("/api/v1/audit", params={"entity_id": group["id"]})).json()["data"]
    assert [entry["action"] for entry in entries] == ["day_group.update", "day_group.create"]
    assert entries[0]["before"]["description"] == BODY["description"]
    assert entries[0]["after"]["description"] == "Outra"
    assert entries[0]["actor_name"] == "Test admin"
    assert entries[0]["request_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 10_000},
        {"name": "nul\x00"},
        {"name": "\ud800"},
        {"calendar_code": "b3; DROP TABLE"},
        {"rule": {"weekdays": [9]}},
        {"rule": {"weekdays": []}},
        {"rule": {"include": ["2026-02-30"]}},
        {"rule": {"include": ["2026-02-03"] * 2, "exclude": ["2026-02-03"]}},
        {"rule": {"unknown": True}},
        {"rule": {"positions": [{"of": "month", "n": 0}]}},
        {"rule": {"positions": [{"of": "month", "n": 10**400}]}},
        {"rule": {"positions": [{"of": "year", "n": n} for n in range(1, 200)]}},
        {"rule": {"positions": {"of": "month", "n": 1}}},
        {"rule": {"month_days": [1], "weekdays": [1]}},
        {"rule": {"month_days": list(range(1000))}},
        {"rule": {"shift": 1}},
        {"rule": {"month_end": True, "roll": "sideways"}},
        {"rule": None},
        {"unknown": 1},
    ],
)
async def test_groups_that_are_refused(as_admin: httpx.AsyncClient, changes: dict[str, object]) -> None:
    # As bytes: a client library would refuse to send a lone surrogate.
    content = json.dumps({**BODY, **changes}).encode()
    answer = await as_admin.post("/api/v1/day-groups", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert answer.json()["details"][0]["field"]


async def test_a_contradiction_says_what_to_do(as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post("/api/v1/day-groups", json={**BODY, "rule": {"roll": "next"}})
    (problem,) = answer.json()["details"]
    assert "roll moves month_days or month_end, and there are none" in problem["message"]


async def test_a_rule_in_full_is_stored_and_read_back(as_admin: httpx.AsyncClient) -> None:
    rule = {
        "positions": [{"of": "year", "n": 1}, {"of": "month", "n": -1}, {"of": "month", "n": 1}],
        "month_days": [20, 5],
        "month_end": True,
        "roll": "modified_following",
        "shift": -2,
    }
    created = await as_admin.post("/api/v1/day-groups", json={**BODY, "rule": rule})
    assert created.status_code == 201, created.text
    read = (await as_admin.get(f"/api/v1/day-groups/{created.json()['data']['id']}")).json()["data"]
    positions = [{"of": "month", "n": -1}, {"of": "month", "n": 1}, {"of": "year", "n": 1}]
    assert read["rule"] == {**PLAIN, **rule, "positions": positions, "month_days": [5, 20]}


async def test_an_unknown_calendar_is_named(as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post("/api/v1/day-groups", json={**BODY, "calendar_code": "NYSE"})
    assert (answer.status_code, answer.json()["code"]) == (404, "CALENDAR_NOT_FOUND")
    assert "NYSE" in answer.json()["message"]
