"""Pools over HTTP."""

import httpx
import pytest
from factories.routines import add_pool, add_routine

from core_api.modules.pools.public import pool_exists, pool_slots
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

URL = "/api/v1/pools"


async def test_a_pool_is_created_changed_and_deleted(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    created = await as_admin.post(URL, json={"name": "b3", "slots": 2, "description": "Conexões"})
    assert (created.status_code, created.json()["data"]) == (
        201,
        {"name": "b3", "slots": 2, "description": "Conexões", "rate_count": None, "rate_seconds": None},
    )
    changed = await as_admin.put(f"{URL}/b3", json={"slots": 0, "rate_count": 30, "rate_seconds": 60})
    assert changed.json()["data"] == {
        "name": "b3",
        "slots": 0,
        "description": "",
        "rate_count": 30,
        "rate_seconds": 60,
    }
    assert await pool_slots(session) == {"b3": 0}
    assert (await as_admin.get(URL)).json()["data"] == [changed.json()["data"]]
    assert (await as_admin.delete(f"{URL}/b3")).status_code == 204
    assert not await pool_exists(session, "b3")
    for answer in (
        await as_admin.get(f"{URL}/b3"),
        await as_admin.put(f"{URL}/b3", json={"slots": 1}),
        await as_admin.delete(f"{URL}/b3"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "POOL_NOT_FOUND")


@pytest.mark.parametrize(
    "rate",
    [
        {"rate_count": 3},
        {"rate_seconds": 60},
        {"rate_count": 0, "rate_seconds": 60},
        {"rate_count": 1, "rate_seconds": 0},
    ],
)
async def test_e12_half_a_rate_is_refused(rate: dict[str, int], as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post(URL, json={"name": "b3", "slots": 2, **rate})
    assert answer.status_code == 422, answer.text


async def test_names_are_unique(as_admin: httpx.AsyncClient) -> None:
    await as_admin.post(URL, json={"name": "b3", "slots": 2})
    twice = await as_admin.post(URL, json={"name": "b3", "slots": 3})
    assert (twice.status_code, twice.json()["code"]) == (409, "POOL_NAME_TAKEN")


async def test_a_pool_in_use_stays(as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock) -> None:
    await add_pool(session, clock, "b3", slots=2)
    await add_routine(session, clock, "uma", pool="b3")
    await session.commit()
    answer = await as_admin.delete(f"{URL}/b3")
    assert (answer.status_code, answer.json()["code"]) == (409, "POOL_IN_USE")


async def test_changes_are_audited(as_admin: httpx.AsyncClient) -> None:
    await as_admin.post(URL, json={"name": "b3", "slots": 2})
    await as_admin.put(f"{URL}/b3", json={"slots": 5})
    await as_admin.delete(f"{URL}/b3")
    entries = (await as_admin.get("/api/v1/audit", params={"entity": "pool", "entity_id": "b3"})).json()["data"]
    assert [entry["action"] for entry in entries] == ["pool.delete", "pool.update", "pool.create"]
    assert (entries[1]["before"]["slots"], entries[1]["after"]["slots"]) == (2, 5)


@pytest.mark.parametrize(
    "changes",
    [{"name": "Pool"}, {"name": ""}, {"slots": -1}, {"slots": 10**30}, {"slots": True}, {"slots": "2"}, {"x": 1}],
)
async def test_pools_that_are_refused(as_admin: httpx.AsyncClient, changes: dict[str, object]) -> None:
    answer = await as_admin.post(URL, json={"name": "b3", "slots": 2, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
