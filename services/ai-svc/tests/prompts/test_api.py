"""HTTP of prompts: from a first version to a rollback, hostile bodies, and who may."""

import itertools
from typing import Any

import httpx
import pytest

from ai_svc.brain.templates import MAX_BODY
from ai_svc.prompts.public import write_release
from ai_svc.prompts.repository import seeds
from ai_svc.settings import Settings
from shared_utils.clock import SystemClock
from shared_utils.db.session import SessionFactory
from shared_utils.testing.model_server import Answer, ModelServer

URL = "/api/v1/ai/prompts"
TEXT = {"name": "name", "type": "text", "description": "De quem se trata."}
PROMPT = {
    "name": "time.ola",
    "description": "Cumprimenta.",
    "body": "Responda em pt-BR.\n--- user ---\nOlá {{name}}!",
    "variables": [TEXT],
}


@pytest.fixture
def admin(oidc_issuer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {oidc_issuer.token(sub='adm', roles=['admin'])}"}


@pytest.fixture
async def released(client: httpx.AsyncClient, sessions: SessionFactory) -> httpx.AsyncClient:
    """A client of an application whose release's prompts are written."""
    await write_release(sessions, SystemClock())
    return client


async def test_from_a_first_version_to_a_rollback(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = await client.post(URL, json=PROMPT, headers=admin)
    assert made.status_code == 201, made.text
    assert [(one["label"], one["version"], one["follows_release"]) for one in made.json()["data"]["labels"]] == [
        ("production", 1, False)
    ]
    one = f"{URL}/time.ola"
    second = await client.post(
        f"{one}/versions",
        json={"body": "Responda em pt-BR.\n--- user ---\nBom dia, {{name}}!", "note": "Mais formal."},
        headers=admin,
    )
    assert second.status_code == 201, second.text
    assert (second.json()["data"]["number"], second.json()["data"]["variables"][0]["name"]) == (2, "name")
    diff = (await client.get(f"{one}/diff", params={"from": 1, "to": 2})).json()["data"]
    assert diff == {
        "from_version": 1,
        "to_version": 2,
        "body": "--- version 1\n+++ version 2\n@@ -1,3 +1,3 @@\n Responda em pt-BR.\n --- user ---\n-Olá {{name}}!\n+Bom dia, {{name}}!\n",
        "variables": "",
    }
    label = f"{one}/labels/production"
    assert (await client.put(label, json={"version": 2}, headers=admin)).status_code == 428
    stale = await client.put(label, json={"version": 2}, headers=admin | {"If-Match": made.headers["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "PRECONDITION_FAILED")
    moved = await client.put(
        label, json={"version": 2, "note": "No ar."}, headers=admin | {"If-Match": second.headers["ETag"]}
    )
    assert moved.status_code == 200, moved.text
    assert moved.json()["data"]["labels"][0] | {"moved_at": ""} == {
        "label": "production",
        "version": 2,
        "follows_release": False,
        "moved_at": "",
        "moved_by": "adm",
    }
    back = await client.post(
        f"{label}/rollback", json={"note": "Formal demais."}, headers=admin | {"If-Match": moved.headers["ETag"]}
    )
    history = [
        (one["kind"], one["from_version"], one["to_version"], one["note"], one["moved_by"])
        for one in back.json()["data"]["moves"]
    ]
    assert history == [
        ("rollback", 2, 1, "Formal demais.", "adm"),
        ("move", 1, 2, "No ar.", "adm"),
        ("move", None, 1, "", "adm"),
    ]
    nothing = await client.post(f"{label}/rollback", json={}, headers=admin | {"If-Match": back.headers["ETag"]})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "PROMPT_NOTHING_BEFORE")
    candidate = await client.put(
        f"{one}/labels/candidate", json={"version": 2}, headers=admin | {"If-Match": back.headers["ETag"]}
    )
    assert {one["label"]: one["version"] for one in candidate.json()["data"]["labels"]} == {
        "candidate": 2,
        "production": 1,
    }


async def test_archived_and_restored(released: httpx.AsyncClient, admin: dict[str, str]) -> None:
    await released.post(URL, json=PROMPT, headers=admin)
    one = f"{URL}/time.ola"
    read = await released.get(one)
    described = await released.put(
        one,
        json={"description": "Diz olá.", "purpose": "text.process"},
        headers=admin | {"If-Match": read.headers["ETag"]},
    )
    assert described.json()["data"]["description"] == "Diz olá."
    assert (await released.delete(one, headers=admin)).status_code == 204
    assert "time.ola" not in {row["name"] for row in (await released.get(URL)).json()["data"]}
    assert [row["name"] for row in (await released.get(URL, params={"archived": True})).json()["data"]] == ["time.ola"]
    taken = await released.post(URL, json=PROMPT, headers=admin)
    assert (taken.status_code, taken.json()["code"]) == (409, "PROMPT_NAME_TAKEN")
    assert (await released.post(f"{one}/restore", headers=admin)).json()["data"]["archived_at"] is None
    built_in = await released.delete(f"{URL}/rag.answer", headers=admin)
    assert (built_in.status_code, built_in.json()["code"]) == (409, "PROMPT_BUILT_IN")


async def test_pages_cover_every_prompt_once(released: httpx.AsyncClient) -> None:
    names: list[str] = []
    cursor = None
    while True:
        body = (await released.get(URL, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))).json()
        names += [row["name"] for row in body["data"]]
        cursor = body["meta"]["next_cursor"]
        if cursor is None:
            break
    assert names == sorted(seeds())
    for bad in ("nonsense", "eyJuYW1lIjoxfQ", "eyJuYW1lIjoiXHUwMDAwIn0"):
        assert (await released.get(URL, params={"cursor": bad})).json()["code"] == "INVALID_CURSOR"


async def test_a_release_is_followed_until_somebody_chooses(released: httpx.AsyncClient, admin: dict[str, str]) -> None:
    one = f"{URL}/text.qa"
    read = await released.get(one)
    assert (read.json()["data"]["release_version"], read.json()["data"]["overrides_release"]) == (1, False)
    body = "Nossa.\n" + seeds()["text.qa"].content.body
    version = await released.post(f"{one}/versions", json={"body": body}, headers=admin)
    moved = await released.put(
        f"{one}/labels/production", json={"version": 2}, headers=admin | {"If-Match": version.headers["ETag"]}
    )
    assert (moved.json()["data"]["overrides_release"], moved.json()["data"]["falls_back"]) == (True, False)


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"body": "{{name.__class__.__mro__}}"}, "PROMPT_INVALID"),
    ({"body": "{{name}} {{config}}"}, "PROMPT_INVALID"),
    ({"body": "{{ cycler.__init__.__globals__.os.popen('id').read() }}"}, "PROMPT_INVALID"),
    ({"body": "{{name"}, "PROMPT_INVALID"),
    ({"body": "sem variável"}, "PROMPT_INVALID"),
    ({"body": "{{name}}" + "x\n" * 2_500}, "PROMPT_INVALID"),
    ({"body": "{{name}}\x1b[2J"}, "PROMPT_INVALID"),
    ({"variables": [TEXT, TEXT]}, "PROMPT_INVALID"),
    ({"body": "x" * (MAX_BODY + 1)}, "INVALID"),
    ({"body": "{{name}}\x00"}, "INVALID"),
    ({"body": ""}, "INVALID"),
    ({"variables": [TEXT | {"type": "code"}]}, "INVALID"),
    ({"variables": [TEXT | {"name": "__class__"}]}, "INVALID"),
    ({"name": "../etc/passwd"}, "INVALID"),
    ({"name": "Time"}, "INVALID"),
    ({"name": "a" * 500}, "INVALID"),
    ({"purpose": "world.domination"}, "INVALID"),
    ({"extra": 1}, "INVALID"),
]


async def test_hostile_prompts_are_refused(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    for changes, code in HOSTILE:
        answer = await client.post(URL, json=PROMPT | changes, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_bodies_beyond_a_megabyte_are_not_read(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.post(URL, json=PROMPT | {"body": "x" * 2_000_000}, headers=admin)
    assert answer.status_code == 413


MISSING = [
    ("GET", "/nope", "PROMPT_NOT_FOUND"),
    ("GET", "/text.qa/versions/99", "PROMPT_VERSION_NOT_FOUND"),
    ("GET", "/text.qa/diff?from=1&to=99", "PROMPT_VERSION_NOT_FOUND"),
    ("PUT", "/text.qa/labels/production", "PROMPT_VERSION_NOT_FOUND"),
    ("POST", "/text.qa/labels/candidate/rollback", "PROMPT_LABEL_NOT_FOUND"),
]


async def test_what_is_not_there(released: httpx.AsyncClient, admin: dict[str, str]) -> None:
    etag = (await released.get(f"{URL}/text.qa")).headers["ETag"]
    for method, path, code in MISSING:
        body = {"version": 99} if method == "PUT" else {}
        answer = await released.request(method, URL + path, json=body, headers=admin | {"If-Match": etag})
        assert (answer.status_code, answer.json()["code"]) == (404, code)


CHANGES = [
    ("POST", ""),
    ("PUT", "/text.qa"),
    ("DELETE", "/text.qa"),
    ("POST", "/text.qa/restore"),
    ("POST", "/text.qa/versions"),
    ("PUT", "/text.qa/labels/production"),
    ("POST", "/text.qa/labels/production/rollback"),
    ("POST", "/text.qa/test"),
]


async def test_only_administrators_change(client: httpx.AsyncClient, oidc_issuer: Any) -> None:
    for (method, path), role in itertools.product(CHANGES, ("viewer", "operator")):
        headers = {"Authorization": f"Bearer {oidc_issuer.token(sub='ana', roles=[role])}", "If-Match": '"1"'}
        answer = await client.request(method, URL + path, json={}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_REQUIRED")


async def test_a_test_asks_the_model_and_is_in_usage(
    serve: Any, settings: Settings, streams_redis: Any, admin: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with ModelServer(lambda _call: Answer("Olá, Ana.", usage=(21, 4))) as model:
        with_model = settings.model_copy(
            update={"openai_compatible_url": model.url, "openai_compatible_model": "scripted"}
        )
        async with serve(with_model) as client:
            await client.post(URL, json=PROMPT, headers=admin)
            hostile = "Ana {{name}} canary-value"
            answer = await client.post(
                f"{URL}/time.ola/test", json={"version": 1, "variables": {"name": hostile}}, headers=admin
            )
            assert answer.status_code == 200, answer.text
            tried = answer.json()["data"]
            assert (tried["text"], tried["user"], tried["system"]) == (
                "Olá, Ana.",
                f"Olá {hostile}!",
                "Responda em pt-BR.",
            )
            assert (tried["provider"], tried["model"], tried["input_tokens"], tried["output_tokens"]) == (
                "openai_compatible",
                "scripted",
                21,
                4,
            )
            assert [message["role"] for message in model.chats[0].messages] == ["system", "user"]
            usage = (
                await client.get("/api/v1/ai/usage", params={"group_by": ["purpose", "prompt", "user"]}, headers=admin)
            ).json()["data"]
            assert [(row["group"], row["input_tokens"]) for row in usage] == [
                ({"purpose": "prompt.test", "prompt": "time.ola v1", "user": "adm"}, 21)
            ]
            # A budget that is used up refuses before anybody is asked.
            budget = {"name": "adm", "subject_kind": "user", "subject": "adm", "period": "day", "limit_tokens": 0}
            await client.post("/api/v1/ai/budgets", json=budget, headers=admin)
            refused = await client.post(f"{URL}/time.ola/test", json={"variables": {"name": "Ana"}}, headers=admin)
            assert (refused.status_code, refused.json()["code"]) == (429, "BUDGET_EXCEEDED")
            assert int(refused.headers["Retry-After"]) > 0
            for variables, code in (
                ({}, "PROMPT_VARIABLES"),
                ({"name": 3}, "PROMPT_VARIABLES"),
                ({"name": "a", "canary-name": "b"}, "PROMPT_VARIABLES"),
            ):
                bad = await client.post(f"{URL}/time.ola/test", json={"variables": variables}, headers=admin)
                assert (bad.status_code, bad.json()["code"]) == (422, code)
                assert "canary" not in bad.text
            assert len(model.chats) == 1
    assert "canary" not in caplog.text
