"""Webhooks: who may call, what a call starts, and what it leaves behind."""

import hmac
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from factories.routines import add_day_group, add_routine
from pydantic import SecretStr
from sqlalchemy import text

from core_api.settings import Settings
from shared_schemas.auth import Role
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

HOOK = {"trigger": {"type": "webhook"}}


@pytest.fixture
def api(api: Any, settings: Settings) -> Any:
    """With a key to keep secrets with."""
    api._state["settings"] = settings.model_copy(
        update={"secrets_keys": (SecretStr("a-key-of-the-tests-0123456789abcdef"),)}
    )
    return api


@pytest.fixture
async def program(api: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without an access token."""
    async with api.client() as client:
        yield client


async def secret_of(admin: httpx.AsyncClient, routine_id: UUID) -> str:
    answer = await admin.post(f"/api/v1/routines/{routine_id}/webhook-secret")
    assert answer.status_code == 201, answer.text
    assert answer.json()["data"]["signatures"] is True
    return str(answer.json()["data"]["secret"])


def bearer(secret: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", **more}


async def executions(session: WriteSession) -> list[Any]:
    query = (
        "SELECT id, routine_name, origin, status, business_date, due_at, params, cause, depends_on FROM core.executions"
    )
    return list(await session.execute(text(query + " ORDER BY slot, id")))


async def test_e02_a_call_with_the_secret_starts_the_routine(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "chamada", params={"days": 1, "kind": "x"}, **HOOK)
    await session.commit()
    secret = await secret_of(as_admin, routine.id)
    body = {"params": {"days": 3}, "business_date": "2026-11-18", "note": "any\u0000thing"}
    answer = await program.post(f"/api/v1/hooks/{routine.id}", json=body, headers=bearer(secret))
    assert answer.status_code == 202, answer.text
    (row,) = await executions(session)
    assert answer.json()["data"] == {
        "execution_id": str(row.id),
        "business_date": "2026-11-18",
        "repeated": False,
        "reason": None,
    }
    assert (row.origin, row.status, str(row.business_date), row.due_at) == (
        "webhook",
        "PENDING",
        "2026-11-18",
        clock.now(),
    )
    assert row.params == {"days": 3, "kind": "x"}
    assert row.cause["type"] == "webhook"


async def test_e02_a_signed_body_needs_no_secret_in_the_request(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "assinada", **HOOK)
    await session.commit()
    secret = await secret_of(as_admin, routine.id)
    body = json.dumps({"ref": "refs/heads/main"}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "X-GitHub-Delivery": str(uuid4())}
    url = f"/api/v1/hooks/{routine.id}"
    assert (await program.post(url, content=body, headers=headers)).status_code == 202
    changed = await program.post(url, content=body + b" ", headers=headers)
    assert (changed.status_code, changed.json()["code"]) == (401, "HOOK_REFUSED")
    (row,) = await executions(session)
    assert row.cause["body"] == {"ref": "refs/heads/main"}


async def test_the_same_delivery_runs_once(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "repetida", **HOOK)
    await session.commit()
    headers = bearer(await secret_of(as_admin, routine.id), **{"Idempotency-Key": "entrega-1"})
    url = f"/api/v1/hooks/{routine.id}"
    first = (await program.post(url, json={"n": 1}, headers=headers)).json()["data"]
    again = (await program.post(url, json={"n": 1}, headers=headers)).json()["data"]
    assert again == first | {"repeated": True}
    other = await program.post(url, json={"n": 2}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(await executions(session)) == 1


async def test_whoever_does_not_know_the_secret_learns_nothing(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "guardada", **HOOK)
    without = await add_routine(session, clock, "sem-segredo", **HOOK)
    await session.commit()
    old = await secret_of(as_admin, routine.id)
    new = await secret_of(as_admin, routine.id)
    attempts = [
        (routine.id, {}),
        (routine.id, bearer("")),
        (routine.id, bearer("wrong")),
        (routine.id, bearer(old)),
        (routine.id, {"X-Hub-Signature-256": "sha256=" + "0" * 64}),
        (routine.id, {"X-Hub-Signature-256": "sha256=" + hmac.new(b"", b"", sha256).hexdigest()}),
        (without.id, bearer(new)),
        (without.id, bearer("secret")),
        (uuid4(), bearer(new)),
    ]
    answers = [await program.post(f"/api/v1/hooks/{routine_id}", headers=headers) for routine_id, headers in attempts]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "HOOK_REFUSED")] * len(
        attempts
    )
    assert len({answer.json()["message"] for answer in answers}) == 1
    assert (await program.post(f"/api/v1/hooks/{routine.id}", headers=bearer(new))).status_code == 202
    kept = (await session.execute(text("SELECT * FROM core.webhook_keys"))).one()
    assert new not in repr(kept)
    assert old not in repr(kept)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"params": [1]}', 422, "HOOK_BODY_INVALID"),
        (b'{"params": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}", 422, "HOOK_BODY_INVALID"),
        (b'{"business_date": "hoje"}', 422, "HOOK_BODY_INVALID"),
        (b'{"business_date": 20261118}', 422, "HOOK_BODY_INVALID"),
        (b'{"business_date": "1900-01-01"}', 422, "BUSINESS_DATE_TOO_FAR"),
        (b"x" * (64 * 1024 + 1), 413, "HOOK_TOO_LARGE"),
    ],
)
async def test_bodies_that_are_refused(
    session: WriteSession,
    clock: FakeClock,
    as_admin: httpx.AsyncClient,
    program: httpx.AsyncClient,
    content: bytes,
    status: int,
    code: str,
) -> None:
    routine = await add_routine(session, clock, "chamada", **HOOK)
    await session.commit()
    headers = bearer(await secret_of(as_admin, routine.id))
    answer = await program.post(f"/api/v1/hooks/{routine.id}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await executions(session) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"  ", b"plain text", b"\xff\xfe", b"[1, 2]", b"[" * 60_000, b'"\\u0000"', b'{"a": "\\ud800"}', b"NaN"],
)
async def test_any_other_body_is_only_kept(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient, content: bytes
) -> None:
    routine = await add_routine(session, clock, "chamada", **HOOK)
    await session.commit()
    headers = bearer(await secret_of(as_admin, routine.id))
    answer = await program.post(f"/api/v1/hooks/{routine.id}", content=content, headers=headers)
    assert answer.status_code == 202, answer.text
    assert len(await executions(session)) == 1


async def test_params_must_fit_the_jobs_schema(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    await session.execute(
        text(
            "INSERT INTO core.jobs (name, title, description, params_schema, light, queues, updated_at)"
            """ VALUES ('system.check', '', '', '{"properties": {"n": {"type": "integer"}}}', false, '{}', now())"""
        )
    )
    routine = await add_routine(session, clock, "chamada", **HOOK)
    await session.commit()
    headers = bearer(await secret_of(as_admin, routine.id))
    answer = await program.post(f"/api/v1/hooks/{routine.id}", json={"params": {"n": "x"}}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "ROUTINE_PARAMS_INVALID")


async def test_a_routine_that_takes_no_calls_says_so(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    b3 = await add_day_group(session, clock)
    paused = await add_routine(session, clock, "parada", paused=True, **HOOK)
    timed = await add_routine(session, clock, "horario")
    sessions = await add_routine(session, clock, "pregao", day_group_id=b3, **HOOK)
    await session.commit()
    answers = [
        await program.post(f"/api/v1/hooks/{one.id}", headers=bearer(await secret_of(as_admin, one.id)))
        for one in (paused, timed, sessions)
    ]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (409, "HOOK_PAUSED"),
        (409, "HOOK_NOT_IN_USE"),
        (202, None),
    ]
    holiday = answers[2].json()["data"]
    assert (holiday["execution_id"], holiday["reason"]) == (None, "DAY_GROUP")
    assert await executions(session) == []


async def test_secrets_are_an_administrators(
    api: Any, session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "chamada", **HOOK)
    await session.commit()
    url = f"/api/v1/routines/{routine.id}/webhook-secret"
    async with api.caller(Role.OPERATOR) as operator:
        assert (await operator.post(url)).status_code == 403
        assert (await operator.get(url)).status_code == 403
    missing = await as_admin.get(url)
    assert (missing.status_code, missing.json()["code"]) == (404, "HOOK_SECRET_MISSING")
    secret = await secret_of(as_admin, routine.id)
    read = await as_admin.get(url)
    assert secret not in read.text
    assert read.json()["data"]["created_by"] == "Test admin"
    audited = (await session.scalars(text("SELECT action FROM core.audit_log WHERE action LIKE 'webhook.%'"))).all()
    assert audited == ["webhook.new_secret"]
    assert (await as_admin.post(f"/api/v1/routines/{uuid4()}/webhook-secret")).status_code == 404


@pytest.mark.usefixtures("patient_limits")
async def test_calls_are_limited(session: WriteSession, clock: FakeClock, program: httpx.AsyncClient) -> None:
    url = f"/api/v1/hooks/{uuid4()}"
    codes = [(await program.post(url)).status_code for _ in range(125)]
    assert set(codes[:100]) == {401}
    assert codes[-1] == 429
