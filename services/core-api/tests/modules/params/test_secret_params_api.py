"""Secret params over HTTP: nobody reads them, a mask that is written back keeps them, workers get them."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import yaml
from factories.executions import SLOT, force, row_of
from factories.routines import add_routine, routine_body
from factories.workers import LEASE_SECONDS, registration
from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import event, text

from core_api.modules.workers.public import worker_service
from shared_schemas.jobs import JobDescriptor
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

JOB, OPEN_JOB, UNKNOWN_JOB = "team.fetch", "team.open", "team.unknown"
MASK = "***"


class Login(BaseModel):
    user: str
    passcode: SecretStr


class FetchParams(BaseModel):
    address: str = ""
    passcode: SecretStr | None = Field(default=None, min_length=6)
    logins: list[Login] = []
    headers: dict[str, str] = {}


PARAMS = {
    "address": "sftp://upstream",
    "passcode": "hidden-1",
    "logins": [{"user": "ana", "passcode": "hidden-2"}, {"user": "rui", "passcode": "hidden-3"}],
    "headers": {"accept": "text/csv", "x-api-key": "hidden-4"},
}
SHOWN = {
    "address": "sftp://upstream",
    "passcode": MASK,
    "logins": [{"user": "ana", "passcode": MASK}, {"user": "rui", "passcode": MASK}],
    "headers": {"accept": "text/csv", "x-api-key": MASK},
}


@pytest.fixture(autouse=True)
async def worker(session: WriteSession, clock: FakeClock) -> str:
    """One that offers a job with secrets, and a job without."""
    fetch = JobDescriptor(name=JOB, title=JOB, description="", params_schema=FetchParams.model_json_schema())
    others = registration(jobs=[OPEN_JOB])
    service = worker_service(session, clock=clock, lease_seconds=LEASE_SECONDS)
    await service.register(others.model_copy(update={"jobs": [fetch, *others.jobs]}))
    await session.commit()
    return others.worker_id


@pytest.fixture
def statements(app_state: Any) -> Iterator[list[str]]:
    """Every statement that is sent, in order."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = app_state["engine"].sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def routine(session: WriteSession, clock: FakeClock, worker: str) -> UUID:
    created = await add_routine(session, clock, "fetch", job=JOB, params=PARAMS, trigger={"type": "manual"})
    await session.commit()
    return created.id


async def stored(session: WriteSession, routine: UUID) -> Any:
    query = text("SELECT params FROM core.routines WHERE id = :id")
    return (await session.execute(query, {"id": routine})).scalar_one()


async def changed(admin: httpx.AsyncClient, verb: str, routine: UUID, **body: Any) -> httpx.Response:
    etag = (await admin.get(f"/api/v1/routines/{routine}")).headers["ETag"]
    return await admin.request(verb, f"/api/v1/routines/{routine}", json=body, headers={"If-Match": etag})


async def run(client: httpx.AsyncClient, routine: UUID, **body: Any) -> httpx.Response:
    return await client.post(f"/api/v1/routines/{routine}/run", json=body)


# --- reading ----------------------------------------------------------------------------------------------------------


async def everything(client: httpx.AsyncClient, app: FastAPI, ids: dict[str, Any]) -> dict[str, str]:
    """What every address that can be read answers, by its path."""
    answers = {}
    for path, verbs in app.openapi()["paths"].items():
        if "get" not in verbs or path.endswith("/stream"):
            continue
        if all(item["name"] in ids for item in verbs["get"].get("parameters", ()) if item["in"] == "path"):
            answers[path] = (await client.get(path.format(**ids))).text
    return answers


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
async def test_nobody_reads_a_secret_anywhere(
    role: str,
    session: WriteSession,
    app: FastAPI,
    routine: UUID,
    as_viewer: httpx.AsyncClient,
    as_operator: httpx.AsyncClient,
    as_admin: httpx.AsyncClient,
) -> None:
    execution = (await run(as_operator, routine)).json()["data"]["id"]
    day = {"routine_ids": [str(routine)], "start": "2026-11-17", "end": "2026-11-18"}
    backfill = await as_operator.post("/api/v1/backfills", json={**day, "params": PARAMS})
    assert backfill.status_code == 201, backfill.text
    assert (await changed(as_admin, "PATCH", routine, params={**SHOWN, "passcode": "hidden-5"})).status_code == 200
    await as_admin.post("/api/v1/definitions/apply", content=(await as_admin.get("/api/v1/definitions")).content)
    ids = {"routine_id": routine, "execution_id": execution, "backfill_id": backfill.json()["data"]["id"], "name": JOB}
    client = {"viewer": as_viewer, "operator": as_operator, "admin": as_admin}[role]
    answers = await everything(client, app, ids)
    assert {"/api/v1/routines/{routine_id}", "/api/v1/executions", "/api/v1/backfills/{backfill_id}"} <= answers.keys()
    assert [path for path, answer in answers.items() if "hidden-" in answer] == []
    assert json.loads(answers["/api/v1/executions/{execution_id}"])["data"]["params"] == SHOWN
    assert json.loads(answers["/api/v1/backfills/{backfill_id}"])["data"]["params"] == SHOWN
    kept = await session.execute(
        text(
            "SELECT row_to_json(o)::text FROM core.outbox AS o UNION ALL SELECT row_to_json(a)::text FROM core.audit_log AS a"
        )
    )
    assert [row for row in kept.scalars() if "hidden-" in row] == [], "neither events nor the audit log have them"


async def test_routines_are_read_with_masks(
    routine: UUID, as_viewer: httpx.AsyncClient, as_operator: httpx.AsyncClient, as_admin: httpx.AsyncClient
) -> None:
    for client in (as_viewer, as_operator, as_admin):
        assert (await client.get(f"/api/v1/routines/{routine}")).json()["data"]["params"] == SHOWN
        assert (await client.get("/api/v1/routines")).json()["data"][0]["params"] == SHOWN


async def test_without_a_schema_names_decide(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient, as_operator: httpx.AsyncClient
) -> None:
    params = {"db_password": "hidden-1", "passcode": "seen", "deep": [{"token": "hidden-2"}]}
    created = await add_routine(session, clock, "unknown", job=UNKNOWN_JOB, params=params)
    await session.commit()
    shown = {"db_password": MASK, "passcode": "seen", "deep": [{"token": MASK}]}
    assert (await as_viewer.get(f"/api/v1/routines/{created.id}")).json()["data"]["params"] == shown
    assert (await run(as_operator, created.id)).json()["data"]["params"] == shown


async def test_a_live_feed_has_masks(
    session: WriteSession, routine: UUID, as_operator: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    execution = UUID((await run(as_operator, routine)).json()["data"]["id"])
    await force(session, execution, status="CANCELLED", finished_at=SLOT)
    await session.commit()
    feed = (await as_viewer.get(f"/api/v1/executions/{execution}/logs/stream")).text
    assert '"passcode":"***"' in feed
    assert "hidden-" not in feed


async def test_a_workers_claim_has_the_real_values(
    session: WriteSession, worker: str, routine: UUID, as_operator: httpx.AsyncClient, as_worker: httpx.AsyncClient
) -> None:
    execution = UUID((await run(as_operator, routine)).json()["data"]["id"])
    await force(session, execution, status="QUEUED", sent_count=1)
    await session.commit()
    body = {"worker_id": worker, "execution_ids": [str(execution)]}
    answer = await as_worker.post("/internal/v1/executions/claim", json=body)
    assert [one["params"] for one in answer.json()["claimed"]] == [PARAMS]


async def test_a_webhooks_call_is_shown_with_masks(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    created = await add_routine(session, clock, "hook", job=JOB, params=PARAMS, trigger={"type": "webhook"})
    await session.commit()
    secret = (await as_admin.post(f"/api/v1/routines/{created.id}/webhook-secret")).json()["data"]["secret"]
    body = {"params": {"passcode": "hidden-9", "address": "new"}, "token": "hidden-8", "text": "open"}
    answer = await anonymous.post(
        f"/api/v1/hooks/{created.id}", json=body, headers={"Authorization": f"Bearer {secret}"}
    )
    execution = answer.json()["data"]["execution_id"]
    read = (await as_admin.get(f"/api/v1/executions/{execution}")).json()["data"]
    assert read["cause"]["body"] == {"params": {"passcode": MASK, "address": "new"}, "token": MASK, "text": "open"}
    assert read["params"] == {**SHOWN, "address": "new"}
    assert (await row_of(session, UUID(execution))).params == {**PARAMS, "passcode": "hidden-9", "address": "new"}


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["PATCH", "PUT"])
async def test_a_form_that_was_read_is_written_back_with_its_secrets(
    verb: str, session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    whole = routine_body("fetch", job=JOB, trigger={"type": "manual"}) if verb == "PUT" else {}
    answer = await changed(as_admin, verb, routine, **whole, params={**SHOWN, "address": "sftp://other"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["params"] == {**SHOWN, "address": "sftp://other"}
    assert await stored(session, routine) == {**PARAMS, "address": "sftp://other"}


async def test_writing_back_what_was_read_changes_nothing(
    session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    before = (await as_admin.get(f"/api/v1/routines/{routine}")).json()["data"]
    after = (await changed(as_admin, "PATCH", routine, params=SHOWN)).json()["data"]
    assert after == before
    assert await stored(session, routine) == PARAMS


async def test_a_new_secret_replaces_the_old_one(
    session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    answer = await changed(as_admin, "PATCH", routine, params={**SHOWN, "passcode": "hidden-new"})
    assert answer.json()["data"]["version"] == 2
    assert "hidden-" not in answer.text
    assert await stored(session, routine) == {**PARAMS, "passcode": "hidden-new"}


async def test_a_mask_for_nothing_is_refused_with_its_place(routine: UUID, as_admin: httpx.AsyncClient) -> None:
    new = {**routine_body("copy", job=JOB), "params": SHOWN}
    answer = await as_admin.post("/api/v1/routines", json=new)
    assert answer.status_code == 422
    error = answer.json()
    assert error["code"] == "ROUTINE_SECRET_MISSING"
    assert [one["field"] for one in error["details"]] == [
        "params.passcode",
        "params.logins.0.passcode",
        "params.logins.1.passcode",
        "params.headers.x-api-key",
    ]
    added = {**SHOWN, "logins": [*SHOWN["logins"], {"user": "eva", "passcode": MASK}]}
    answer = await changed(as_admin, "PATCH", routine, params=added)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "params.logins.2.passcode")


async def test_what_does_not_fit_is_told_without_the_secret(
    session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient, as_operator: httpx.AsyncClient
) -> None:
    answer = await changed(as_admin, "PATCH", routine, params={**SHOWN, "passcode": "hid"})
    assert answer.json()["code"] == "ROUTINE_PARAMS_INVALID"
    assert "'hid'" not in answer.text
    answer = await run(as_operator, routine, params={"logins": [{"user": 7, "passcode": MASK}]})
    assert answer.status_code == 422
    assert "hidden-" not in answer.text


@pytest.mark.parametrize("params", [{}, {"params": SHOWN}])
async def test_no_secret_is_handed_to_a_job_that_would_show_it(
    params: dict[str, Any], session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    answer = await changed(as_admin, "PATCH", routine, job=OPEN_JOB, **params)
    assert answer.status_code == 422
    error = answer.json()
    assert error["code"] == "ROUTINE_SECRET_EXPOSED"
    assert {one["field"] for one in error["details"]} >= {"params.passcode", "params.logins.0.passcode"}
    assert await stored(session, routine) == PARAMS
    answer = await changed(as_admin, "PATCH", routine, job=OPEN_JOB, params={"headers": SHOWN["headers"]})
    assert answer.status_code == 200, "a name that looks secret is masked whatever the job"
    assert await stored(session, routine) == {"headers": PARAMS["headers"]}


async def test_a_run_by_hand_keeps_the_routines_secrets(
    session: WriteSession, routine: UUID, as_operator: httpx.AsyncClient
) -> None:
    answer = await run(as_operator, routine, params={**SHOWN, "address": "sftp://other"})
    assert answer.json()["data"]["params"] == {**SHOWN, "address": "sftp://other"}
    row = await row_of(session, UUID(answer.json()["data"]["id"]))
    assert row.params == {**PARAMS, "address": "sftp://other"}
    refused = await run(as_operator, routine, params={"headers": {"authorization": MASK}})
    assert refused.json()["details"][0]["field"] == "params.headers.authorization"


async def test_a_backfill_keeps_the_secrets_of_each_routine(
    session: WriteSession, clock: FakeClock, routine: UUID, as_operator: httpx.AsyncClient
) -> None:
    other = await add_routine(session, clock, "other", job=JOB, params={**PARAMS, "passcode": "hidden-7"})
    await session.commit()
    body = {"routine_ids": [str(routine), str(other.id)], "start": "2026-11-17", "end": "2026-11-17"}
    answer = await as_operator.post("/api/v1/backfills", json={**body, "params": {"passcode": MASK, "address": "new"}})
    assert answer.status_code == 201, answer.text
    assert answer.json()["data"]["params"] == {"passcode": MASK, "address": "new"}
    rows = await session.execute(text("SELECT params ->> 'passcode' FROM core.executions WHERE origin = 'backfill'"))
    assert set(rows.scalars()) == {"hidden-1", "hidden-7"}
    kept = await as_operator.post("/api/v1/backfills", json={**body, "params": {"passcode": "hidden-6"}})
    assert kept.json()["data"]["params"] == {"passcode": MASK}
    assert (
        await session.execute(text("SELECT count(*) FROM core.backfills WHERE params::text LIKE '%hidden-%'"))
    ).scalar_one() == 0


# --- kept in git ------------------------------------------------------------------------------------------------------


async def exported(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/v1/definitions")
    assert "hidden-" not in answer.text
    document: dict[str, Any] = yaml.safe_load(answer.text)
    return document


async def post(client: httpx.AsyncClient, verb: str, document: dict[str, Any]) -> httpx.Response:
    headers = {"Content-Type": "application/yaml"}
    return await client.post(
        f"/api/v1/definitions/{verb}", content=yaml.safe_dump(document, sort_keys=False), headers=headers
    )


async def test_an_exported_document_has_masks_and_keeps_what_is_stored(
    session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    document = await exported(as_admin)
    assert document["routines"][0]["params"] == SHOWN
    assert (await post(as_admin, "apply", document)).json()["data"]["counts"]["unchanged"] == 1
    document["routines"][0]["params"]["address"] = "sftp://other"
    applied = (await post(as_admin, "apply", document)).json()["data"]
    assert [one["field"] for one in applied["changes"][0]["fields"]] == ["params"]
    assert await stored(session, routine) == {**PARAMS, "address": "sftp://other"}


async def test_a_plan_shows_no_secret_and_knows_whether_it_changes(
    session: WriteSession, routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    document = await exported(as_admin)
    document["routines"][0]["params"]["passcode"] = "hidden-1"
    same = await post(as_admin, "plan", document)
    assert same.json()["data"]["counts"]["unchanged"] == 1
    document["routines"][0]["params"]["passcode"] = "hidden-new"
    other = await post(as_admin, "plan", document)
    assert other.json()["data"]["changes"][0]["fields"] == [{"field": "params", "before": SHOWN, "after": SHOWN}]
    assert "hidden-" not in same.text + other.text
    assert await stored(session, routine) == PARAMS
    await post(as_admin, "apply", document)
    assert await stored(session, routine) == {**PARAMS, "passcode": "hidden-new"}


async def test_a_document_for_another_installation_is_refused_with_the_places(
    routine: UUID, as_admin: httpx.AsyncClient
) -> None:
    document = await exported(as_admin)
    document["routines"][0]["name"] = "elsewhere"
    answer = await post(as_admin, "plan", document)
    assert answer.status_code == 422
    (problem,) = answer.json()["details"]
    assert problem["field"] == "routines[0]"
    assert problem["type"] == "ROUTINE_SECRET_MISSING"
    for place in ("params.passcode", "params.logins.0.passcode", "params.headers.x-api-key"):
        assert place in problem["message"]
    assert problem["message"].count("none is stored there") == 1
    document["routines"][0]["params"] = PARAMS
    created = await post(as_admin, "apply", document)
    assert created.json()["data"]["counts"]["create"] == 1
    assert "hidden-" not in created.text


async def test_a_page_asks_once_for_the_schemas_of_its_jobs(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient, statements: list[str]
) -> None:
    for number, job in enumerate([JOB, OPEN_JOB, UNKNOWN_JOB] * 3):
        await add_routine(session, clock, f"routine-{number}", job=job, params={"passcode": "hidden-1"})
    await session.commit()
    statements.clear()
    answer = await as_viewer.get("/api/v1/routines")
    assert [one["params"]["passcode"] for one in answer.json()["data"]] == [MASK, "hidden-1", "hidden-1"] * 3
    assert len([one for one in statements if "params_schema" in one]) == 1
