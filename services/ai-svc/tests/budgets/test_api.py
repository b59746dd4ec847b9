"""HTTP of budgets, prices and usage: who may, what is refused, and what the numbers say."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import ai_books
import httpx
import pytest
from ai_books import Shop

from ai_svc.brain.chat import PromptRef
from shared_utils.clock import utc_now

BUDGETS, PRICES, USAGE = "/api/v1/ai/budgets", "/api/v1/ai/prices", "/api/v1/ai/usage"
BUDGET = {"name": "Cada pessoa", "subject_kind": "user", "period": "day", "limit_tokens": 1000}


@pytest.fixture
def admin(oidc_issuer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {oidc_issuer.token(sub='adm', roles=['admin'])}"}


@pytest.fixture
async def shop(database: Any, client: httpx.AsyncClient) -> AsyncIterator[Shop]:
    """The books on the application's database, today."""
    async with ai_books.shop(database) as opened:
        opened.clock.set(utc_now())
        yield opened


async def test_a_budget_from_making_to_deleting(client: httpx.AsyncClient, admin: dict[str, str], shop: Shop) -> None:
    made = await client.post(BUDGETS, json=BUDGET | {"limit_usd": "1.5"}, headers=admin)
    assert made.status_code == 201, made.text
    budget = made.json()["data"]
    assert (budget["subject"], budget["hard"], Decimal(budget["limit_usd"]), budget["created_by"], budget["spent"]) == (
        None,
        True,
        Decimal("1.5"),
        "adm",
        [],
    )
    await shop.price()
    await shop.settle(await shop.reserve(user="ana"), tokens=40)
    await shop.reserve(user="bia", tokens=7)
    one = await client.get(f"{BUDGETS}/{budget['id']}", headers=admin)
    assert [
        (s["subject"], s["used_tokens"], s["reserved_tokens"], s["calls"]) for s in one.json()["data"]["spent"]
    ] == [("ana", 40, 0, 1), ("bia", 0, 7, 0)]
    mine = (await client.get(f"{BUDGETS}/mine")).json()["data"]
    assert [(m["name"], m["left_tokens"]) for m in mine] == [("Cada pessoa", 960)]
    assert Decimal(mine[0]["left_usd"]) == Decimal("1.5") - Decimal("0.00004")

    change = BUDGET | {"name": "Menor", "limit_tokens": 10}
    url = f"{BUDGETS}/{budget['id']}"
    assert (await client.put(url, json=change, headers=admin)).status_code == 428
    assert (await client.put(url, json=change, headers=admin | {"If-Match": '"9"'})).status_code == 412
    changed = await client.put(url, json=change, headers=admin | {"If-Match": one.headers["ETag"]})
    assert (changed.status_code, changed.json()["data"]["version"], changed.json()["data"]["limit_usd"]) == (
        200,
        2,
        None,
    )
    assert [b["name"] for b in (await client.get(BUDGETS, headers=admin)).json()["data"]] == ["Menor"]
    assert (await client.delete(url, headers=admin)).status_code == 204
    gone = await client.get(url, headers=admin)
    assert (gone.status_code, gone.json()["code"]) == (404, "BUDGET_NOT_FOUND")
    assert await shop.counters() == []


async def test_names_are_taken_once(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    assert (await client.post(BUDGETS, json=BUDGET, headers=admin)).status_code == 201
    again = await client.post(BUDGETS, json=BUDGET, headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "BUDGET_NAME_TAKEN")


NO_BUDGETS: list[dict[str, Any]] = [
    {"limit_tokens": None},
    {"limit_tokens": -1},
    {"limit_tokens": "1000"},
    {"limit_tokens": 10**16},
    {"limit_usd": "-0.01"},
    {"limit_usd": "NaN"},
    {"limit_usd": "Infinity"},
    {"limit_usd": "0.0000000001"},
    {"subject_kind": "everything", "subject": "ana"},
    {"subject_kind": "planet"},
    {"period": "year"},
    {"name": ""},
    {"name": "a\x00b"},
    {"subject": "\ud800"},
    {"unknown": 1},
]


async def test_what_is_no_budget_is_refused(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    for changes in NO_BUDGETS:
        body = json.dumps(BUDGET | changes)
        answer = await client.post(BUDGETS, content=body, headers=admin | {"Content-Type": "application/json"})
        assert answer.status_code == 422, answer.text


CLOSED = [
    ("GET", BUDGETS),
    ("POST", BUDGETS),
    ("PUT", BUDGETS + "/{id}"),
    ("DELETE", BUDGETS + "/{id}"),
    ("GET", BUDGETS + "/{id}"),
    ("POST", PRICES),
    ("DELETE", PRICES + "/{id}"),
]


async def test_only_administrators(client: httpx.AsyncClient, oidc_issuer: Any) -> None:
    for method, path in CLOSED:
        url = path.replace("{id}", "01939b5e-0000-7000-8000-000000000001")
        price = {"provider": "openai", "model": "m", "input_usd": "1", "output_usd": "1", "source": "s"}
        for role in ("viewer", "operator"):
            headers = {"Authorization": f"Bearer {oidc_issuer.token(sub='ana', roles=[role])}"}
            answer = await client.request(method, url, json=price if "prices" in url else BUDGET, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_REQUIRED")
        assert (await client.request(method, url, headers={"Authorization": ""})).status_code == 401


async def test_prices(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    price = {
        "provider": "openai",
        "model": "gpt-*",
        "input_usd": "0.25",
        "output_usd": "2",
        "source": "contrato 12",
        "valid_from": "2026-01-01T00:00:00Z",
    }
    made = await client.post(PRICES, json=price, headers=admin)
    assert made.status_code == 201, made.text
    again = await client.post(PRICES, json=price, headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "PRICE_TAKEN")
    assert (await client.post(PRICES, json=price | {"model": "gpt 4"}, headers=admin)).status_code == 422
    listed = (await client.get(PRICES)).json()["data"]
    assert ("openai", "gpt-*", "contrato 12") in {(p["provider"], p["model"], p["source"]) for p in listed}
    url = f"{PRICES}/{made.json()['data']['id']}"
    assert [(await client.delete(url, headers=admin)).status_code for _ in range(2)] == [204, 404]


async def used(shop: Shop) -> None:
    await shop.price(valid_from=ai_books.NOON - timedelta(days=3000))
    prompt = PromptRef(name="text.qa", version=2, sha256="ab" * 32)
    await shop.settle(await shop.reserve(user="ana", prompt=prompt), tokens=10, output=5)
    await shop.settle(await shop.reserve(user="ana", purpose="rag.answer"), tokens=20, outcome="MODEL_FAILED")
    await shop.settle(await shop.reserve(user="bia", purpose="rag.answer", model="m-2"), tokens=33)
    shop.clock.advance(-timedelta(days=3))
    await shop.settle(await shop.reserve(user="ana"), tokens=1)
    shop.clock.advance(timedelta(days=3))


async def test_a_viewer_sees_what_they_used_and_nobody_else(client: httpx.AsyncClient, shop: Shop) -> None:
    await used(shop)
    answer = await client.get(USAGE)
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["data"]
    assert {
        name: row[name]
        for name in ("group", "calls", "failed_calls", "input_tokens", "output_tokens", "unpriced_calls", "seconds")
    } == {
        "group": {},
        "calls": 3,
        "failed_calls": 1,
        "input_tokens": 31,
        "output_tokens": 5,
        "unpriced_calls": 0,
        "seconds": 4.5,
    }
    assert Decimal(row["usd"]) == Decimal("0.000041")
    assert answer.json()["meta"]["user"] == "ana"
    assert (await client.get(USAGE, params={"user": "ana"})).json()["data"] == [row]
    other = await client.get(USAGE, params={"user": "bia"})
    assert (other.status_code, other.json()["code"]) == (403, "USAGE_OF_OTHERS")


async def test_usage_in_groups(client: httpx.AsyncClient, admin: dict[str, str], shop: Shop) -> None:
    await used(shop)

    async def groups(*names: str, **params: Any) -> list[Any]:
        answer = await client.get(USAGE, params={"group_by": list(names)} | params, headers=admin)
        assert answer.status_code == 200, answer.text
        return [(*row["group"].values(), row["calls"], row["input_tokens"]) for row in answer.json()["data"]]

    assert await groups("user") == [("ana", 3, 31), ("bia", 1, 33)]
    assert await groups("user", user="bia") == [("bia", 1, 33)]
    assert await groups("purpose") == [("rag.answer", 2, 53), ("text.qa", 2, 11)]
    assert await groups("model", "user") == [("m-1", "ana", 3, 31), ("m-2", "bia", 1, 33)]
    assert await groups("prompt") == [(None, 3, 54), ("text.qa v2", 1, 10)]
    assert await groups("outcome") == [("ok", 3, 44), ("MODEL_FAILED", 1, 20)]
    days = await groups("day")
    assert [(calls, tokens) for _, calls, tokens in days] == [(1, 1), (3, 63)]
    recent = (utc_now() - timedelta(days=1)).isoformat()
    assert await groups("user", **{"from": recent}) == [("ana", 2, 30), ("bia", 1, 33)]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "USAGE_RANGE"),
    ({"from": "2020-01-02T00:00:00Z"}, "USAGE_RANGE"),
    ({"from": "2026-01-02T00:00:00"}, "INVALID"),
    ({"group_by": "password"}, "INVALID"),
    ({"group_by": ["day", "user", "model", "team"]}, "INVALID"),
]


async def test_bad_questions(client: httpx.AsyncClient) -> None:
    for params, code in BAD:
        answer = await client.get(USAGE, params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
