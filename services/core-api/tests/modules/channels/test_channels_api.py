"""Channels and rules over HTTP: secrets come in and never go out."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from core_api.modules.channels.service import Vault
from core_api.settings import Settings
from shared_utils.db.session import WriteSession

CHANNELS, RULES = "/api/v1/notifications/channels", "/api/v1/notifications/rules"
SECRET = "um-segredo-de-verdade-42"
WEBHOOK = {"kind": "webhook", "name": "Mesa", "url": "https://hooks.example.com/rotina", "secret": SECRET}
SLACK = {"kind": "slack", "name": "Slack", "url": "https://hooks.slack.example/services/T0/B0/TOKEN-SECRETO"}
EMAIL = {
    "kind": "email",
    "name": "Correio",
    "host": "smtp.example.com",
    "username": "rotina",
    "password": SECRET,
    "sender": "rotina@example.com",
    "recipients": ["plantao@example.com"],
}


async def created(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(CHANNELS, json=body)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.parametrize(
    ("body", "secret"),
    [(WEBHOOK, SECRET), (SLACK, "TOKEN-SECRETO"), (EMAIL, SECRET)],
    ids=["webhook", "slack", "email"],
)
async def test_secrets_are_sealed_in_the_table_and_in_no_answer_and_no_audit_entry(
    body: dict[str, Any],
    secret: str,
    as_admin: httpx.AsyncClient,
    session: WriteSession,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await as_admin.post(CHANNELS, json=body)
    assert answer.status_code == 201
    channel = answer.json()["data"]
    one = await as_admin.get(f"{CHANNELS}/{channel['id']}")
    listed = await as_admin.get(CHANNELS)
    changed = await as_admin.put(f"{CHANNELS}/{channel['id']}", json=body)
    audit = await as_admin.get("/api/v1/audit")
    for said in (answer, one, listed, changed, audit):
        assert said.is_success
        assert secret not in said.text
    assert secret not in caplog.text
    row = (await session.execute(text("SELECT * FROM core.channels"))).one()
    assert secret not in str(row)
    opened = Vault.with_keys(settings.secrets_keys).open(row.sealed)
    assert any(secret in value.get_secret_value() for value in opened.values())
    assert channel["secrets_set"] == sorted(opened)


async def test_a_change_without_the_secret_keeps_it_and_one_with_it_replaces_it(
    as_admin: httpx.AsyncClient, session: WriteSession, settings: Settings
) -> None:
    channel = await created(as_admin, WEBHOOK)
    vault = Vault.with_keys(settings.secrets_keys)

    async def stored() -> str:
        sealed = await session.scalar(text("SELECT sealed FROM core.channels"))
        return vault.open(sealed)["secret"].get_secret_value()

    without = {name: value for name, value in WEBHOOK.items() if name != "secret"} | {"name": "Outra mesa"}
    answer = await as_admin.put(f"{CHANNELS}/{channel['id']}", json=without)
    assert (answer.json()["data"]["name"], answer.json()["data"]["secrets_set"]) == ("Outra mesa", ["secret"])
    assert await stored() == SECRET
    await as_admin.put(f"{CHANNELS}/{channel['id']}", json=WEBHOOK | {"secret": "outro-segredo-bem-longo"})
    session.expire_all()
    assert await stored() == "outro-segredo-bem-longo"
    again = await as_admin.put(f"{CHANNELS}/{channel['id']}", json=without)
    assert again.json()["data"]["secrets_set"] == ["secret"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "webhook", "name": "x", "url": "https://hooks.example.com/"}, "CHANNEL_SECRET_MISSING"),
        ({"kind": "slack", "name": "x"}, "CHANNEL_SECRET_MISSING"),
        (WEBHOOK | {"url": "https://user:senha@hooks.example.com/"}, "ADDRESS_NOT_ALLOWED"),
        (SLACK | {"url": "ftp://hooks.example.com/"}, "ADDRESS_NOT_ALLOWED"),
        (WEBHOOK | {"secret": "curto"}, "INVALID"),
        (EMAIL | {"recipients": ["não é um endereço"]}, "INVALID"),
        (EMAIL | {"sender": "a@b\r\nBcc: eva@mau.test"}, "INVALID"),
        (EMAIL | {"recipients": []}, "INVALID"),
        (EMAIL | {"host": "smtp example"}, "INVALID"),
        (WEBHOOK | {"language": "de"}, "INVALID"),
        (WEBHOOK | {"surprise": 1}, "INVALID"),
        (WEBHOOK | {"kind": "pombo"}, "INVALID"),
    ],
)
async def test_what_is_refused(body: dict[str, Any], code: str, as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post(CHANNELS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert SECRET not in answer.text


async def test_private_addresses_are_refused_unless_they_are_allowed(
    api: Any, as_admin: httpx.AsyncClient, settings: Settings
) -> None:
    inside = [WEBHOOK | {"url": url} for url in ("https://127.0.0.1/", "https://[::1]/x", "http://hooks.example.com/")]
    strict = settings.model_copy(update={"allow_private_webhooks": False})
    as_it_was = api._state["settings"]
    api._state["settings"] = strict
    for body in inside:
        answer = await as_admin.post(CHANNELS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "ADDRESS_NOT_ALLOWED")
    # A name is looked up when it is used, for it may lead elsewhere by then.
    channel = await created(as_admin, WEBHOOK | {"url": "https://localhost/"})
    tried = (await as_admin.post(f"{CHANNELS}/{channel['id']}/test")).json()["data"]
    assert (tried["ok"], tried["error"]) == (False, "localhost leads into a private network.")
    api._state["settings"] = as_it_was


async def test_without_a_key_no_secret_is_stored(api: Any, as_admin: httpx.AsyncClient, settings: Settings) -> None:
    api._state["settings"] = settings.model_copy(update={"secrets_keys": ()})
    answer = await as_admin.post(CHANNELS, json=WEBHOOK)
    assert (answer.status_code, answer.json()["code"]) == (409, "SECRETS_KEY_MISSING")
    assert (await as_admin.post(CHANNELS, json=EMAIL | {"username": None, "password": None})).status_code == 201
    api._state["settings"] = settings


async def test_names_kinds_and_absent_channels(as_admin: httpx.AsyncClient) -> None:
    channel = await created(as_admin, WEBHOOK)
    await created(as_admin, SLACK)
    for method, path, body, expected in (
        ("POST", CHANNELS, WEBHOOK, (409, "CHANNEL_NAME_TAKEN")),
        ("PUT", f"{CHANNELS}/{channel['id']}", WEBHOOK | {"name": "Slack"}, (409, "CHANNEL_NAME_TAKEN")),
        ("PUT", f"{CHANNELS}/{channel['id']}", SLACK, (422, "CHANNEL_KIND_FIXED")),
        ("PUT", f"{CHANNELS}/{uuid4()}", WEBHOOK, (404, "CHANNEL_NOT_FOUND")),
        ("DELETE", f"{CHANNELS}/{uuid4()}", None, (404, "CHANNEL_NOT_FOUND")),
    ):
        answer = await as_admin.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == expected


# --- rules -----------------------------------------------------------------------------------------------------------


async def test_a_rule_for_everything_is_there_as_soon_as_a_channel_is(as_admin: httpx.AsyncClient) -> None:
    assert (await as_admin.get(RULES)).json()["data"] == []
    first = await created(as_admin, WEBHOOK)
    await created(as_admin, EMAIL | {"everything": False})
    third = await created(as_admin, SLACK)
    (rule,) = (await as_admin.get(RULES)).json()["data"]
    assert (rule["name"], rule["is_default"], rule["kinds"], rule["routine_ids"], rule["tags"]) == (
        "Tudo",
        True,
        [],
        [],
        [],
    )
    assert rule["channel_ids"] == [first["id"], third["id"]]
    assert (await as_admin.delete(f"{CHANNELS}/{first['id']}")).status_code == 204
    (rule,) = (await as_admin.get(RULES)).json()["data"]
    assert rule["channel_ids"] == [third["id"]]


async def test_the_default_rule_is_made_although_its_name_is_taken(as_admin: httpx.AsyncClient) -> None:
    assert (await as_admin.post(RULES, json={"name": "Tudo", "channel_ids": []})).status_code == 201
    channel = await created(as_admin, WEBHOOK)
    rules = (await as_admin.get(RULES)).json()["data"]
    assert [rule["channel_ids"] for rule in rules if rule["is_default"]] == [[channel["id"]]]


async def test_rules_are_written_changed_and_deleted_with_a_trail(as_admin: httpx.AsyncClient) -> None:
    channel = await created(as_admin, WEBHOOK | {"everything": False})
    routine = str(uuid4())
    body = {
        "name": "Preços",
        "kinds": ["FAILED", "LATE"],
        "routine_ids": [routine],
        "tags": ["precos"],
        "channel_ids": [channel["id"], channel["id"]],
    }
    rule = (await as_admin.post(RULES, json=body)).json()["data"]
    assert (rule["channel_ids"], rule["kinds"]) == ([channel["id"]], ["FAILED", "LATE"])
    for method, path, sent, expected in (
        ("POST", RULES, body, (409, "RULE_NAME_TAKEN")),
        ("POST", RULES, body | {"name": "b", "channel_ids": [str(uuid4())]}, (422, "RULE_CHANNEL_UNKNOWN")),
        ("POST", RULES, body | {"name": "b", "kinds": ["PREGUIÇA"]}, (422, "INVALID")),
        ("PUT", f"{RULES}/{uuid4()}", body, (404, "RULE_NOT_FOUND")),
    ):
        answer = await as_admin.request(method, path, json=sent)
        assert (answer.status_code, answer.json()["code"]) == expected
    changed = await as_admin.put(f"{RULES}/{rule['id']}", json=body | {"enabled": False})
    assert changed.json()["data"]["enabled"] is False
    assert (await as_admin.delete(f"{RULES}/{rule['id']}")).status_code == 204
    assert (await as_admin.get(RULES)).json()["data"] == []
    trail = (await as_admin.get("/api/v1/audit", params={"entity": "notification_rule"})).json()["data"]
    assert [entry["action"] for entry in trail] == [
        "notification_rule.delete",
        "notification_rule.update",
        "notification_rule.create",
    ]


# --- who may -----------------------------------------------------------------------------------------------------------

ONE = "00000000-0000-7000-8000-000000000001"
ADMIN = [
    ("POST", CHANNELS),
    ("PUT", f"{CHANNELS}/{ONE}"),
    ("DELETE", f"{CHANNELS}/{ONE}"),
    ("POST", f"{CHANNELS}/{ONE}/test"),
    ("POST", RULES),
    ("PUT", f"{RULES}/{ONE}"),
    ("DELETE", f"{RULES}/{ONE}"),
    ("POST", "/api/v1/deadlines"),
    ("PUT", f"/api/v1/deadlines/{ONE}"),
    ("DELETE", f"/api/v1/deadlines/{ONE}"),
]
OPERATOR = [
    ("GET", CHANNELS),
    ("GET", f"{CHANNELS}/{ONE}"),
    ("GET", "/api/v1/notifications/deliveries"),
    ("POST", f"/api/v1/notifications/deliveries/{ONE}/retry"),
    ("POST", f"/api/v1/incidents/{ONE}/acknowledge"),
]
VIEWER = [
    ("GET", RULES),
    ("GET", "/api/v1/incidents"),
    ("GET", f"/api/v1/incidents/{ONE}"),
    ("GET", "/api/v1/deadlines"),
    ("GET", "/api/v1/deadlines/day?business_date=2026-11-20"),
]


@pytest.mark.parametrize(("method", "path"), ADMIN)
async def test_changes_need_an_administrator(
    method: str, path: str, as_operator: httpx.AsyncClient, as_admin: httpx.AsyncClient
) -> None:
    assert (await as_operator.request(method, path)).json()["code"] == "ROLE_REQUIRED"
    assert (await as_admin.request(method, path)).status_code in {404, 422}


@pytest.mark.parametrize(("method", "path"), OPERATOR)
async def test_addresses_and_messages_are_for_operators(
    method: str, path: str, as_viewer: httpx.AsyncClient, as_operator: httpx.AsyncClient
) -> None:
    assert (await as_viewer.request(method, path)).json()["code"] == "ROLE_REQUIRED"
    assert (await as_operator.request(method, path)).status_code in {200, 404}


@pytest.mark.parametrize(("method", "path"), VIEWER)
async def test_what_is_wrong_may_be_read_by_everybody_in_the_team(
    method: str, path: str, as_viewer: httpx.AsyncClient
) -> None:
    assert (await as_viewer.request(method, path)).status_code in {200, 404}
