"""Text jobs over HTTP, with the whole service and no model: at once or as a task, whose they are, who may."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from ai_svc.settings import Settings
from shared_utils.testing.waiting import until

URL = "/api/v1/ai/text"
WORKER_KEY = "worker-svc-key-of-the-tests-0123456789abcdef"
TEXT = "A B3 publicou o arquivo do dia. A CVM atrasou o informe diário. O informe diário da CVM saiu às nove horas."


@pytest.fixture
async def client(serve: Any, settings: Settings, streams_redis: Any, oidc_issuer: Any) -> AsyncIterator[Any]:
    mine = settings.model_copy(
        update={"text_sync_chars": 400, "text_sync_items": 3, "text_max_items": 20, "internal_keys": KEYS}
    )
    async with serve(mine) as client:
        client.headers["Authorization"] = f"Bearer {oidc_issuer.token(sub='otavio', roles=['operator'])}"
        yield client


KEYS = Settings.model_validate(
    {
        "internal_keys": {"worker-svc": [WORKER_KEY]},
        "database_url": "x",
        "streams_url": "x",
        "oidc_issuer": "x",
        "oidc_audience": "x",
    }
).internal_keys


def as_(oidc_issuer: Any, sub: str, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {oidc_issuer.token(sub=sub, roles=[role])}"}


async def finished(client: httpx.AsyncClient, location: str) -> Any:
    async def over() -> Any:
        task = (await client.get(location)).json()["data"]
        return task if task["finished_at"] else None

    return await until(over, timeout=60, what="the task is over")


async def test_small_is_answered_at_once_and_long_becomes_a_task(client: httpx.AsyncClient, oidc_issuer: Any) -> None:
    small = await client.post(f"{URL}/summarize", json={"text": TEXT, "length": "short"})
    assert small.status_code == 200, small.text
    assert small.json()["data"]["calls"] == {
        "calls": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "provider": "local",
        "model": None,
    }
    long = await client.post(f"{URL}/summarize", json={"text": f"{TEXT}\n\n" * 5})
    assert long.status_code == 202
    task = await finished(client, long.headers["Location"])
    assert (task["status"], task["kind"], task["owner"]) == ("SUCCEEDED", "text.summarize", "otavio")
    assert task["result"]["summary"].split(". ")[0] in TEXT
    wanted = await client.post(f"{URL}/qa", json={"text": TEXT, "question": "Quem atrasou?"}, headers=ASYNC)
    assert wanted.status_code == 202
    assert "CVM" in (await finished(client, wanted.headers["Location"]))["result"]["answer"]
    listed = (await client.get("/api/v1/ai/tasks", params={"limit": 1})).json()
    assert (listed["data"][0]["kind"], listed["meta"]["has_more"]) == ("text.qa", True)
    assert "result" not in listed["data"][0]
    # Others see nothing of it; administrators do.
    stranger, admin = as_(oidc_issuer, "ana", "operator"), as_(oidc_issuer, "chefe", "admin")
    for path in ("", "/items"):
        location = wanted.headers["Location"] + path
        assert (await client.get(location, headers=stranger)).json()["code"] == "TASK_NOT_FOUND"
        assert (await client.get(location, headers=admin)).status_code == 200
    assert (await client.post(f"{long.headers['Location']}/cancel", headers=stranger)).status_code == 404
    assert (await client.post(f"{long.headers['Location']}/cancel")).json()["code"] == "TASK_IS_OVER"
    erase = {"params": {"owner": "otavio"}}
    assert (await client.delete("/api/v1/ai/tasks", **erase)).status_code == 403
    erased = await client.delete("/api/v1/ai/tasks", headers=admin, **erase)
    assert erased.json()["data"] == {"owner": "otavio", "tasks": 2}
    assert (await client.get("/api/v1/ai/tasks")).json()["data"] == []


ASYNC = {"Prefer": "respond-async"}


async def test_batches_give_each_item_its_own_result_and_a_key_does_them_once(client: httpx.AsyncClient) -> None:
    items = [{"text": TEXT}, {"text": TEXT, "style": "bullets"}, {"text": "Nada."}]
    key = {"Idempotency-Key": "lote-1"}
    first = await client.post(f"{URL}/batch", json={"kind": "summarize", "items": items}, headers=key)
    assert first.status_code == 200, first.text
    data = first.json()["data"]
    assert [one["status"] for one in data["items"]] == ["SUCCEEDED"] * 3
    assert data["items"][1]["result"]["summary"].startswith("- ")
    again = await client.post(f"{URL}/batch", json={"kind": "summarize", "items": items}, headers=key)
    assert again.json()["data"]["task"]["id"] == data["task"]["id"]
    other = await client.post(f"{URL}/batch", json={"kind": "summarize", "items": items[:1]}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    long = await client.post(f"{URL}/batch", json={"kind": "summarize", "items": items * 5})
    assert long.status_code == 202
    task = await finished(client, long.headers["Location"])
    assert (task["items_total"], task["items_done"], task["result"]["succeeded"]) == (15, 15, 15)
    seen: list[int] = []
    cursor = None
    while True:
        params = {"limit": 6} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"{long.headers['Location']}/items", params=params)).json()
        seen += [one["ordinal"] for one in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    assert seen == list(range(15))


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("process", {"text": "x", "instruction": "Traduza."}, 409, "MODEL_REQUIRED"),
        ("process", {"text": "x"}, 422, "INVALID"),
        ("process", {"text": "x", "instruction": "a", "operation": "clean"}, 422, "INVALID"),
        ("summarize", {"text": ""}, 422, "INVALID"),
        ("summarize", {"text": "x" * 2_000_001}, 422, "TEXT_TOO_LONG"),
        ("batch", {"kind": "qa", "items": [{"text": "x"}]}, 422, "INVALID"),
        ("batch", {"kind": "summarize", "items": [{"text": "x"}] * 21}, 422, "TOO_MANY_ITEMS"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_code(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await client.post(f"{URL}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_who_may(client: httpx.AsyncClient, oidc_issuer: Any) -> None:
    body = {"text": "x", "operation": "clean"}
    viewer = await client.post(f"{URL}/process", json=body, headers=as_(oidc_issuer, "vera", "viewer"))
    assert (viewer.status_code, viewer.json()["code"]) == (403, "ROLE_REQUIRED")
    assert (await client.post(f"{URL}/process", json=body, headers={"Authorization": ""})).status_code == 401
    assert (await client.post("/internal/v1/ai/text/process", json={"request": body})).status_code == 401


async def test_another_service_goes_on_with_its_own_task(client: httpx.AsyncClient) -> None:
    service = {"Authorization": "", "X-Internal-Key": WORKER_KEY}
    body = {"request": {"text": "a\x00b", "operation": "clean"}, "idempotency_key": "execution-1"}
    first = (await client.post("/internal/v1/ai/text/process", json=body, headers=service)).json()
    again = (await client.post("/internal/v1/ai/text/process", json=body, headers=service)).json()
    assert (first["id"], first["owner"]) == (again["id"], "service:worker-svc")

    async def over() -> Any:
        task = (await client.get(f"/internal/v1/ai/tasks/{first['id']}", headers=service)).json()
        return task if task["finished_at"] else None

    assert (await until(over, timeout=60, what="the task is over"))["result"]["text"] == "ab"
    # It is nobody else's: a person cannot see it.
    assert (await client.get(f"/api/v1/ai/tasks/{first['id']}")).status_code == 404
    facts = {"business_date": "2026-11-19", "loads": []}
    told = await client.post("/internal/v1/ai/text/warnings", json=facts, headers=service)
    assert told.json()["paragraph"] == "Em 19/11/2026 não houve cargas da B3 e da CVM na fila."
