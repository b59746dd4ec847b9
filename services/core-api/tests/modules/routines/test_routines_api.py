"""Routines over HTTP: written, changed, refused, listed, previewed."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from factories.routines import add_day_group, add_pool, add_routine, routine_body
from factories.workers import register
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.routines.public import mark_loaded, stale_routines
from shared_schemas.events.routines import RoutineCreated, RoutineDeleted, RoutineUpdated
from shared_schemas.jobs import JobDescriptor
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.testing.events import published

URL = "/api/v1/routines"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def catalog(session: WriteSession, clock: FakeClock) -> None:
    """A worker has announced `system.check` and `b3.cotahist.download`."""
    await register(session, clock, jobs=("system.check",))
    schema = {
        "type": "object",
        "properties": {"reference": {"enum": ["business_date", "previous_session"]}, "days": {"type": "integer"}},
        "required": ["reference"],
        "additionalProperties": False,
    }
    job = JobDescriptor(name="b3.cotahist.download", title="Baixar", description="", params_schema=schema)
    await session.execute(
        text(
            "INSERT INTO core.jobs (name, title, description, params_schema, light, queues, updated_at)"
            " VALUES (:name, :title, '', CAST(:schema AS jsonb), false, '{default}', now())"
        ),
        {"name": job.name, "title": job.title, "schema": json.dumps(job.params_schema)},
    )
    await session.commit()


async def post(client: httpx.AsyncClient, body: Any, **params: Any) -> httpx.Response:
    # As bytes, so that what a client library would not send reaches the service.
    return await client.post(URL, content=json.dumps(body).encode(), params=params, headers=JSON)


async def created(client: httpx.AsyncClient, name: str = "baixar-arquivo", **changes: Any) -> dict[str, Any]:
    answer = await post(client, routine_body(name, **changes))
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.usefixtures("catalog")
async def test_a_routine_is_created_with_all_its_defaults_shown(as_admin: httpx.AsyncClient) -> None:
    answer = await post(as_admin, routine_body())
    assert answer.status_code == 201, answer.text
    routine = answer.json()["data"]
    assert {name: value for name, value in routine.items() if name not in {"id", "created_at", "updated_at"}} == {
        "name": "baixar-arquivo",
        "title": "Baixar arquivo",
        "description": "",
        "job": "system.check",
        "params": {},
        "trigger": {"type": "times", "times": ["20:45"]},
        "time_zone": "America/Sao_Paulo",
        "day_group": None,
        "priority": 30,
        "queue": "default",
        "pool": None,
        "concurrency_key": None,
        "max_instances": 1,
        "retry": {
            "max_attempts": 3,
            "backoff_seconds": 30.0,
            "backoff_factor": 2.0,
            "backoff_max_seconds": 900.0,
            "jitter": 0.1,
        },
        "max_recoveries": 3,
        "timeout_seconds": None,
        "paused": False,
        "depends_on": [],
        "tags": [],
        "catch_up": "latest",
        "misfire_grace_seconds": 3600,
        "coalesce": None,
        "cancel_grace_seconds": 10,
        "deadline": None,
        "version": 1,
        "in_queue": False,
        "created_by": "Test admin",
        "updated_by": "Test admin",
    }
    assert answer.headers["ETag"] == '"1"'
    read = await as_admin.get(f"{URL}/{routine['id']}")
    assert read.json()["data"] == routine


@pytest.mark.usefixtures("catalog")
async def test_a_routine_with_everything(as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock) -> None:
    group_id = await add_day_group(session, clock)
    await add_pool(session, clock, "b3", slots=2)
    await session.commit()
    first = await created(as_admin, "antes")
    routine = await created(
        as_admin,
        "depois",
        description="Depois da outra",
        job="b3.cotahist.download",
        params={"reference": "business_date"},
        trigger={"type": "interval", "every_minutes": 15, "start": "09:00", "end": "18:00"},
        time_zone="America/New_York",
        day_group_id=str(group_id),
        priority=1,
        queue="heavy",
        pool="b3",
        concurrency_key="cotahist",
        max_instances=2,
        retry={"max_attempts": 5, "backoff_seconds": 1, "backoff_factor": 3, "backoff_max_seconds": 60, "jitter": 0},
        max_recoveries=0,
        timeout_seconds=600,
        paused=True,
        depends_on=[first["id"]],
        tags=["noite", "b3", "b3"],
        catch_up="all",
        misfire_grace_seconds=None,
        coalesce=False,
        cancel_grace_seconds=0,
        deadline={"time": "07:30", "day_offset": 1},
    )
    assert (routine["tags"], routine["catch_up"], routine["misfire_grace_seconds"]) == (["b3", "noite"], "all", None)
    assert (routine["coalesce"], routine["deadline"]) == (False, {"time": "07:30", "day_offset": 1})
    assert routine["day_group"] == {"id": str(group_id), "name": "Pregões B3", "calendar_code": "B3"}
    assert routine["depends_on"] == [
        {
            "routine_id": first["id"],
            "name": "antes",
            "title": "Antes",
            "day_offset": 0,
            "on_failure": "wait",
            "on_skip": "skip",
        }
    ]
    assert routine["trigger"] == {"type": "interval", "every_minutes": 15, "start": "09:00", "end": "18:00"}
    assert (routine["pool"], routine["paused"], routine["retry"]["max_attempts"]) == ("b3", True, 5)
    assert (await as_admin.get(f"{URL}/{routine['id']}")).json()["data"] == routine


@pytest.mark.usefixtures("catalog")
async def test_events_and_audit_tell_of_every_change(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    routine = await created(as_admin)
    path = f"{URL}/{routine['id']}"
    await as_admin.patch(path, json={"priority": 2}, headers={"If-Match": '"1"'})
    await as_admin.delete(path, headers={"If-Match": '"2"'})
    for event in (RoutineCreated, RoutineUpdated, RoutineDeleted):
        (envelope,) = await published(session, OUTBOX, event)
        payload = envelope.payload
        assert (str(payload.routine_id), payload.name) == (routine["id"], "baixar-arquivo")
        assert payload.changed_by == "Test admin"
    entries = (await as_admin.get("/api/v1/audit", params={"entity_id": routine["id"]})).json()["data"]
    assert [entry["action"] for entry in entries] == ["routine.delete", "routine.update", "routine.create"]
    assert (entries[1]["before"]["priority"], entries[1]["after"]["priority"]) == (30, 2)
    assert entries[2]["before"] is None
    assert entries[0]["after"] is None


@pytest.mark.usefixtures("catalog")
async def test_a_patch_tells_unset_from_null(as_admin: httpx.AsyncClient) -> None:
    routine = await created(as_admin, concurrency_key="one-at-a-time", timeout_seconds=60)
    path = f"{URL}/{routine['id']}"
    changed = await as_admin.patch(path, json={"concurrency_key": None}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert changed.json()["data"]["concurrency_key"] is None
    assert changed.json()["data"]["timeout_seconds"] == 60
    assert changed.headers["ETag"] == '"2"'
    refused = await as_admin.patch(path, json={"title": None}, headers={"If-Match": '"2"'})
    assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "title")


@pytest.mark.usefixtures("catalog")
async def test_a_change_that_changes_nothing_is_no_change(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    routine = await created(as_admin)
    answer = await as_admin.patch(f"{URL}/{routine['id']}", json={"priority": 30}, headers={"If-Match": '"1"'})
    assert answer.json()["data"] == routine
    assert await published(session, OUTBOX, RoutineUpdated) == []


@pytest.mark.usefixtures("catalog")
async def test_put_replaces_and_what_is_left_out_takes_its_default(as_admin: httpx.AsyncClient) -> None:
    routine = await created(as_admin, priority=3, timeout_seconds=60)
    body = routine_body("novo-nome", title="Novo")
    answer = await as_admin.put(f"{URL}/{routine['id']}", json=body, headers={"If-Match": '"1"'})
    data = answer.json()["data"]
    assert (data["name"], data["title"], data["priority"], data["timeout_seconds"]) == ("novo-nome", "Novo", 30, None)
    assert (data["id"], data["version"]) == (routine["id"], 2)


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("header", "status"), [(None, 428), ("*", 428), ('"9"', 412), ('W/"1"', 412), ("nonsense", 412)]
)
async def test_changes_name_the_version_they_are_based_on(
    as_admin: httpx.AsyncClient, header: str | None, status: int
) -> None:
    routine = await created(as_admin)
    headers = {} if header is None else {"If-Match": header}
    path = f"{URL}/{routine['id']}"
    answers = [
        await as_admin.patch(path, json={"priority": 1}, headers=headers),
        await as_admin.put(path, json=routine_body(), headers=headers),
        await as_admin.delete(path, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert (await as_admin.get(path)).json()["data"] == routine


@pytest.mark.usefixtures("catalog")
async def test_names_are_unique_until_deleted(as_admin: httpx.AsyncClient) -> None:
    routine = await created(as_admin)
    twice = await post(as_admin, routine_body())
    assert (twice.status_code, twice.json()["code"]) == (409, "ROUTINE_NAME_TAKEN")
    other = await created(as_admin, "outra")
    renamed = await as_admin.patch(f"{URL}/{other['id']}", json={"name": "baixar-arquivo"}, headers={"If-Match": '"1"'})
    assert (renamed.status_code, renamed.json()["code"]) == (409, "ROUTINE_NAME_TAKEN")
    await as_admin.delete(f"{URL}/{routine['id']}", headers={"If-Match": '"1"'})
    assert (await as_admin.get(f"{URL}/{routine['id']}")).status_code == 404
    await created(as_admin)


@pytest.mark.usefixtures("catalog")
async def test_jobs_and_params_are_checked_against_the_catalog(as_admin: httpx.AsyncClient) -> None:
    unknown = await post(as_admin, routine_body(job="no.such.job"))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "JOB_UNKNOWN")
    assert "b3.cotahist.download" in unknown.json()["message"]
    wanted = await post(as_admin, routine_body(job="no.such.job"), allow_unknown_job=True)
    assert wanted.status_code == 201
    wrong = {"reference": "yesterday", "days": "many", "extra": 1}
    refused = await post(as_admin, routine_body("b3", job="b3.cotahist.download", params=wrong), allow_unknown_job=True)
    assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_PARAMS_INVALID")
    details = {(detail["field"], detail["type"]) for detail in refused.json()["details"]}
    assert details == {("params", "additionalProperties"), ("params.days", "type"), ("params.reference", "enum")}
    missing = await post(as_admin, routine_body("b3", job="b3.cotahist.download"))
    assert missing.json()["details"] == [
        {"field": "params", "message": "'reference' is a required property", "type": "required"}
    ]


@pytest.mark.usefixtures("catalog")
async def test_what_a_routine_refers_to_must_exist(as_admin: httpx.AsyncClient) -> None:
    for changes, code in (
        ({"pool": "none"}, "POOL_UNKNOWN"),
        ({"day_group_id": str(uuid4())}, "DAY_GROUP_UNKNOWN"),
        ({"depends_on": [str(uuid4())]}, "ROUTINE_DEPENDENCY_UNKNOWN"),
    ):
        answer = await post(as_admin, routine_body(**changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await as_admin.get(URL)).json()["data"] == [], "nothing is left of a refused routine"


@pytest.mark.usefixtures("catalog")
async def test_cycles_are_refused_and_named(as_admin: httpx.AsyncClient) -> None:
    a = await created(as_admin, "aa")
    b = await created(as_admin, "bb", depends_on=[a["id"]])
    c = await created(as_admin, "cc", depends_on=[b["id"]])
    refused = await as_admin.patch(f"{URL}/{a['id']}", json={"depends_on": [c["id"]]}, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_DEPENDENCY_CYCLE")
    assert refused.json()["details"]["path"] == ["aa", "cc", "bb", "aa"]
    itself = await as_admin.patch(f"{URL}/{a['id']}", json={"depends_on": [a["id"]]}, headers={"If-Match": '"1"'})
    assert itself.json()["details"]["path"] == ["aa", "aa"]
    assert (await as_admin.get(f"{URL}/{a['id']}")).json()["data"]["depends_on"] == []


@pytest.mark.usefixtures("catalog")
async def test_a_routine_that_others_depend_on_stays(as_admin: httpx.AsyncClient) -> None:
    first = await created(as_admin, "antes")
    second = await created(as_admin, "depois", depends_on=[first["id"]])
    refused = await as_admin.delete(f"{URL}/{first['id']}", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "ROUTINE_IN_USE")
    assert refused.json()["details"] == {"dependants": ["depois"]}
    await as_admin.delete(f"{URL}/{second['id']}", headers={"If-Match": '"1"'})
    assert (await as_admin.delete(f"{URL}/{first['id']}", headers={"If-Match": '"1"'})).status_code == 204


@pytest.mark.usefixtures("catalog")
async def test_pause_and_resume(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    routine = await created(as_admin)
    await mark_loaded(session, await stale_routines(session))
    await session.commit()
    paused = (await as_admin.post(f"{URL}/{routine['id']}/pause")).json()["data"]
    again = (await as_admin.post(f"{URL}/{routine['id']}/pause")).json()["data"]
    assert (paused["paused"], paused["version"]) == (True, 2)
    assert again == paused
    (stale,) = await stale_routines(session)
    assert (str(stale.id), stale.active) == (routine["id"], False)
    resumed = (await as_admin.post(f"{URL}/{routine['id']}/resume")).json()["data"]
    assert (resumed["paused"], resumed["version"]) == (False, 3)


@pytest.mark.usefixtures("catalog")
async def test_lists_are_filtered_and_paged(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    for name in ("alfa", "beta", "gama", "delta"):
        await add_routine(session, clock, name, title=f"Título 100%_{name}", paused=name == "beta")
    await session.commit()
    names: list[str] = []
    cursor = None
    while True:
        answer = await as_admin.get(URL, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        names += [routine["name"] for routine in answer.json()["data"]]
        meta = answer.json()["meta"]
        assert meta["limit"] == 3
        cursor = meta["next_cursor"]
        assert meta["has_more"] == (cursor is not None)
        if cursor is None:
            break
    assert names == ["alfa", "beta", "delta", "gama"]

    async def found(**params: Any) -> list[str]:
        return [routine["name"] for routine in (await as_admin.get(URL, params=params)).json()["data"]]

    assert await found(q="ELT") == ["delta"]
    assert await found(q="100%_b") == ["beta"], "% and _ are letters"
    assert await found(paused=True) == ["beta"]
    assert await found(paused=False) == ["alfa", "delta", "gama"]
    assert await found(job="other.job") == []
    assert await found(day_group_id=str(uuid4())) == []


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "bnVsbA", "eyJuYW1lIjogNX0", "ÿ", "x" * 3000])
async def test_cursors_that_nobody_gave_out(as_viewer: httpx.AsyncClient, cursor: str) -> None:
    answer = await as_viewer.get(URL, params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["code"] in {"INVALID_CURSOR", "INVALID"}


REFUSED: list[dict[str, Any]] = [
    {"name": "UPPER"},
    {"name": "a"},
    {"name": "with space"},
    {"name": "x" * 10_000},
    {"title": ""},
    {"title": "x" * 10_000},
    {"title": "nul\x00"},
    {"title": "\udfff"},
    {"title": 5},
    {"description": "x" * 5_001},
    {"job": "1st"},
    {"job": "x;DROP"},
    {"params": {"a": "nul\x00"}},
    {"params": {"nul\x00": 1}},
    {"params": {"deep": [[["\ud800"]]]}},
    {"params": {"big": "x" * 70_000}},
    {"params": json.loads('{"a":' * 40 + "1" + "}" * 40)},
    {"params": [1]},
    {"params": None},
    {"params": {"not": float("nan")}},
    {"params": {"not": float("inf")}},
    {"trigger": {"type": "cron"}},
    {"trigger": None},
    {"time_zone": "Brazil/Nowhere"},
    {"depends_on": [{"routine_id": "0199aaaa-0000-7000-8000-000000000001", "day_offset": 1}]},
    {"depends_on": [{"routine_id": "0199aaaa-0000-7000-8000-000000000001", "on_skip": "maybe"}]},
    {"deadline": {"time": "25:00"}},
    {"tags": ["Not A Tag"]},
    {"catch_up": "some"},
    {"misfire_grace_seconds": -1},
    {"time_zone": "../../etc/passwd"},
    {"time_zone": "x" * 10_000},
    {"priority": 0},
    {"priority": 1001},
    {"priority": 10**400},
    {"priority": True},
    {"priority": "5"},
    {"queue": "Queue!"},
    {"pool": "Pool!"},
    {"concurrency_key": ""},
    {"max_instances": 0},
    {"retry": {"max_attempts": 0}},
    {"retry": {"backoff_seconds": -1}},
    {"retry": {"unknown": 1}},
    {"max_recoveries": -1},
    {"timeout_seconds": 0},
    {"timeout_seconds": 2**63},
    {"paused": "true"},
    {"paused": 1},
    {"retry": {"backoff_seconds": True}},
    {"depends_on": ["not-a-uuid"]},
    {"depends_on": ["01a1f8dd-adb6-7fda-a116-587e7f447d78"] * 51},
    {"day_group_id": "not-a-uuid"},
    {"id": "01a1f8dd-adb6-7fda-a116-587e7f447d78"},
    {"unknown": 1},
]


@pytest.mark.parametrize("changes", REFUSED, ids=lambda changes: str(changes)[:40])
async def test_routines_that_are_refused(as_admin: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    answer = await post(as_admin, routine_body(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID"), answer.text
    assert answer.json()["details"][0]["field"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"\xff\xfe", 422),
        (b'{"priority": ' + b"9" * 5_000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"title": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_bodies_that_are_no_routine(as_admin: httpx.AsyncClient, content: bytes, status: int) -> None:
    answer = await as_admin.post(URL, content=content, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.json()["status"] == "error"


@pytest.mark.usefixtures("catalog")
async def test_once_on_a_day_that_never_comes_is_refused(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    group_id = str(await add_day_group(session, clock))
    await session.commit()
    holiday = {"type": "once", "at": "2026-12-24T10:00"}
    answer = await post(as_admin, routine_body(trigger=holiday, day_group_id=group_id))
    assert (answer.status_code, answer.json()["code"]) == (422, "ROUTINE_ONCE_NEVER_RUNS")
    session_day = {"type": "once", "at": "2026-12-23T10:00"}
    routine = await created(as_admin, trigger=session_day, day_group_id=group_id)
    assert routine["trigger"] == {"type": "once", "at": "2026-12-23T10:00:00"}


async def test_preview_says_what_christmas_looks_like(
    as_viewer: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    group_id = await add_day_group(session, clock, exclude=["2026-12-28"])
    routine = await add_routine(session, clock, "noite", day_group_id=str(group_id), paused=True)
    await session.commit()
    answer = await as_viewer.get(f"{URL}/{routine.id}/preview", params={"from": "2026-12-23", "to": "2026-12-29"})
    preview = answer.json()["data"]
    assert (preview["paused"], preview["time_zone"]) == (True, "America/Sao_Paulo")
    assert [(day["business_date"], day["slots"], day["note"]) for day in preview["days"]] == [
        ("2026-12-23", ["2026-12-23T23:45:00Z"], None),
        ("2026-12-24", [], "Véspera de Natal, sem pregão"),
        ("2026-12-25", [], "Natal"),
        ("2026-12-26", [], None),
        ("2026-12-27", [], None),
        ("2026-12-28", [], None),
        ("2026-12-29", ["2026-12-29T23:45:00Z"], None),
    ]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-12-31", "2026-12-01", "PREVIEW_TOO_LONG"),
        ("2026-01-01", "2027-12-31", "PREVIEW_TOO_LONG"),
        ("0001-01-01", "0001-01-02", "CALENDAR_OUT_OF_RANGE"),
        ("9999-12-30", "9999-12-31", "CALENDAR_OUT_OF_RANGE"),
    ],
)
async def test_previews_that_are_refused(
    as_viewer: httpx.AsyncClient, session: WriteSession, clock: FakeClock, start: str, end: str, code: str
) -> None:
    routine = await add_routine(session, clock, "noite")
    await session.commit()
    answer = await as_viewer.get(f"{URL}/{routine.id}/preview", params={"from": start, "to": end})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_unknown_routines_are_not_found(as_admin: httpx.AsyncClient) -> None:
    path = f"{URL}/{uuid4()}"
    answers = [
        await as_admin.get(path),
        await as_admin.patch(path, json={}, headers={"If-Match": '"1"'}),
        await as_admin.put(path, json=routine_body(), headers={"If-Match": '"1"'}),
        await as_admin.delete(path, headers={"If-Match": '"1"'}),
        await as_admin.post(f"{path}/pause"),
        await as_admin.get(f"{path}/preview", params={"from": "2026-12-01", "to": "2026-12-02"}),
    ]
    assert [answer.json()["code"] for answer in answers] == ["ROUTINE_NOT_FOUND"] * 6


@pytest.mark.usefixtures("catalog")
async def test_e03_a_cycle_over_an_earlier_date_is_none(as_admin: httpx.AsyncClient) -> None:
    """Today's `b` waits for today's `a`, and `a` for yesterday's `b`: time goes on, so both run."""
    a = await created(as_admin, "a-um")
    b = await created(as_admin, "b-dois", depends_on=[a["id"]])
    back = [{"routine_id": b["id"], "day_offset": -1, "on_failure": "run", "on_skip": "wait"}]
    patched = await as_admin.patch(f"{URL}/{a['id']}", json={"depends_on": back}, headers={"If-Match": '"1"'})
    assert patched.status_code == 200, patched.text
    (edge,) = patched.json()["data"]["depends_on"]
    assert (edge["day_offset"], edge["on_failure"], edge["on_skip"]) == (-1, "run", "wait")
    today = [{"routine_id": b["id"], "day_offset": 0}]
    refused = await as_admin.patch(f"{URL}/{a['id']}", json={"depends_on": today}, headers={"If-Match": '"2"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_DEPENDENCY_CYCLE")
    assert refused.json()["details"]["path"] == ["a-um", "b-dois", "a-um"]
    itself = [{"routine_id": a["id"], "day_offset": -1}]
    refused = await as_admin.patch(f"{URL}/{a['id']}", json={"depends_on": itself}, headers={"If-Match": '"2"'})
    assert refused.json()["details"]["path"] == ["a-um", "a-um"]


@pytest.mark.usefixtures("catalog")
async def test_event_loops_are_refused_and_named_also_through_dependencies(as_admin: httpx.AsyncClient) -> None:
    def on_end_of(routine: dict[str, Any]) -> dict[str, Any]:
        return {"type": "event", "on": "execution", "routine": routine["id"], "statuses": ["SUCCEEDED", "FAILED"]}

    a = await created(as_admin, "a-um")
    b = await created(as_admin, "b-dois", trigger=on_end_of(a))
    c = await created(as_admin, "c-tres", depends_on=[b["id"]])
    refused = await as_admin.patch(f"{URL}/{a['id']}", json={"trigger": on_end_of(c)}, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_DEPENDENCY_CYCLE")
    assert refused.json()["details"]["path"] == ["a-um", "c-tres", "b-dois", "a-um"]
    refused = await as_admin.patch(f"{URL}/{b['id']}", json={"trigger": on_end_of(b)}, headers={"If-Match": '"1"'})
    assert refused.json()["details"]["path"] == ["b-dois", "b-dois"]
    unknown = on_end_of({"id": str(uuid4())})
    refused = await as_admin.patch(f"{URL}/{b['id']}", json={"trigger": unknown}, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_TRIGGER_UNKNOWN")
    used = await as_admin.delete(f"{URL}/{a['id']}", headers={"If-Match": '"1"'})
    assert (used.status_code, used.json()["details"]["dependants"]) == (409, ["b-dois"])
