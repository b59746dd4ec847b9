"""The queue over HTTP: lists, reasons, cancel, retry, run now, and who may."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from factories.executions import DAY, SLOT, add, add_one, force, new_execution
from factories.routines import add_routine

from core_api.modules.executions.public import Status
from shared_utils.clock import FakeClock, home_date
from shared_utils.db.session import WriteSession

URL = "/api/v1/executions"


async def get(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get(URL, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_day_is_listed_in_the_order_of_slot_priority_and_id(
    session: WriteSession, as_viewer: httpx.AsyncClient
) -> None:
    made = [new_execution(slot=SLOT + timedelta(minutes=n % 4), priority=1 + n % 3) for n in range(37)]
    await add(session, *made, new_execution(business_date=DAY + timedelta(days=1)))
    await session.commit()
    seen: list[str] = []
    cursor = None
    while True:
        page = await get(
            as_viewer, business_date=DAY.isoformat(), limit=10, **({"cursor": cursor} if cursor is not None else {})
        )
        seen += [row["id"] for row in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            break
    expected = sorted(made, key=lambda one: (one.slot, one.priority, one.id))
    assert seen == [str(one.id) for one in expected]


async def test_without_a_day_the_newest_come_first(session: WriteSession, as_viewer: httpx.AsyncClient) -> None:
    ids = await add(session, *(new_execution(slot=SLOT + timedelta(minutes=n)) for n in range(5)))
    await session.commit()
    first = await get(as_viewer, limit=3)
    second = await get(as_viewer, limit=3, cursor=first["meta"]["next_cursor"])
    assert [row["id"] for row in first["data"] + second["data"]] == [str(one) for one in reversed(ids)]


async def test_filters(session: WriteSession, as_viewer: httpx.AsyncClient) -> None:
    routine = UUID(int=8)
    one = await add_one(session, routine_id=routine, title="Carga 100%_da_noite")
    other = await add_one(session, title="Resumo")
    await force(session, other, status="FAILED", error='{"code": "X", "message": "m", "transient": false}')
    await session.commit()
    day = {"business_date": DAY.isoformat()}
    for params, expected in [
        ({"routine_id": str(routine)}, {one}),
        ({"status": ["FAILED"]}, {other}),
        ({"status": ["FAILED", "PENDING"]}, {one, other}),
        ({"routine_id": str(routine), "status": ["FAILED", "PENDING"]}, {one}),
        ({"q": "100%_da", **day}, {one}),
        ({"q": "RESUMO", **day}, {other}),
        ({"q": "b3.cotahist", **day}, {one, other}),
        ({"q": "%", **day}, {one}),
        ({"routine_id": str(routine), "status": ["FAILED"], **day}, set()),
        ({"business_date": "2026-11-19"}, set()),
    ]:
        assert {row["id"] for row in (await get(as_viewer, **params))["data"]} == {str(x) for x in expected}, params


async def test_every_status_is_found_among_all_days_in_one_order(
    session: WriteSession, as_viewer: httpx.AsyncClient
) -> None:
    """Whatever shelf a status is on: the newest slots of all that are wanted, page after page."""
    routine = UUID(int=8)
    made = {}
    for number, status in enumerate([*Status] * 3):
        one = await add_one(session, slot=SLOT - timedelta(days=number), routine_id=routine if number % 2 else uuid4())
        await force(session, one, status=status.value)
        made[str(one)] = (number, status.value)
    await session.commit()
    for wanted in (
        [],
        ["FAILED"],
        ["RUNNING", "PENDING"],
        ["SKIPPED", "SUCCEEDED", "QUEUED"],
        ["RECOVERY", "CANCELLED"],
    ):
        for only in ({}, {"routine_id": str(routine)}):
            seen: list[str] = []
            cursor: dict[str, str] = {}
            while True:
                page = await get(as_viewer, limit=2, status=wanted, **only, **cursor)
                seen += [row["id"] for row in page["data"]]
                if page["meta"]["next_cursor"] is None:
                    break
                cursor = {"cursor": page["meta"]["next_cursor"]}
            expected = [
                one
                for one, (number, status) in made.items()
                if (not wanted or status in wanted) and (not only or number % 2)
            ]
            assert seen == expected, (wanted, only)


async def test_a_search_among_all_days_goes_by_the_routines_present_names(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    night = await add_routine(session, clock, "carga-noturna", title="Carga 100%_da_noite", tags=["noite"])
    other = await add_routine(session, clock, "resumo", job="system.other")
    ids = {}
    for routine in (night, other):
        ids[routine.name] = await add(
            session,
            *(new_execution(routine_id=routine.id, slot=SLOT - timedelta(days=40 * n), title="x") for n in range(4)),
        )
    await force(session, ids["resumo"][0], tags=["tarde"])
    await force(session, ids["resumo"][1], status="FAILED", error='{"code": "X", "message": "m", "transient": false}')
    await session.commit()
    for params, expected in [
        ({"q": "100%_da"}, ids["carga-noturna"]),
        ({"q": "RESUMO"}, ids["resumo"]),
        ({"q": "system."}, ids["resumo"] + ids["carga-noturna"]),
        ({"q": "system.", "status": ["FAILED"]}, ids["resumo"][1:2]),
        ({"q": "carga", "routine_id": str(other.id)}, []),
        ({"tag": "noite"}, ids["carga-noturna"]),
        ({"tag": "noite", "q": "resumo"}, []),
        ({"tag": "tarde", "business_date": DAY.isoformat()}, ids["resumo"][:1]),
        ({"tag": "noite", "business_date": DAY.isoformat()}, []),
        ({"q": "nobody"}, []),
    ]:
        found = [row["id"] for row in (await get(as_viewer, **params))["data"]]
        assert sorted(found) == sorted(str(one) for one in expected), params


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"cursor": "x"}, 422, "INVALID_CURSOR"),
        ({"cursor": "eyJzbG90IjoibmV2ZXIifQ"}, 422, "INVALID_CURSOR"),
        ({"q": "a\x00b"}, 422, "SEARCH_INVALID"),
        ({"status": "SLEEPING"}, 422, None),
        ({"limit": 0}, 422, None),
        ({"limit": 201}, 422, None),
        ({"business_date": "20-11-2026"}, 422, None),
    ],
)
async def test_a_bad_question_is_answered_clearly(
    params: dict[str, Any], status: int, code: str | None, as_viewer: httpx.AsyncClient
) -> None:
    answer = await as_viewer.get(URL, params=params)
    assert answer.status_code == status
    assert answer.json()["status"] == "error"
    assert code is None or answer.json()["code"] == code


async def test_a_read_has_every_field_and_a_reason(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    upstream = UUID(int=6)
    execution = await add_one(session, depends_on=(upstream,), slot=clock.now() - timedelta(minutes=1))
    await session.commit()
    read = (await as_viewer.get(f"{URL}/{execution}")).json()["data"]
    assert read["reason"]["code"] == "WAITING_DEPENDENCY"
    day = home_date(clock.now()).isoformat()
    assert read["reason"]["context"]["upstream"] == [
        {"routine_id": str(upstream), "name": "?", "status": "MISSING", "business_date": day}
    ]
    assert read["depends_on"] == [{"routine_id": str(upstream), "name": "?"}]
    assert read["actions"] == {"cancel": True, "retry": False, "run_now": False}
    assert (read["band"], read["priority"], read["duration_seconds"], read["result"]) == (1, 5, None, None)
    assert (await as_viewer.get(f"{URL}/{UUID(int=1)}")).json()["code"] == "EXECUTION_NOT_FOUND"


async def test_a_page_takes_the_same_number_of_queries_however_long_it_is(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient, app_state: Any
) -> None:
    from sqlalchemy import event

    await add(
        session,
        *(new_execution(slot=clock.now() - timedelta(minutes=n), depends_on=(UUID(int=n + 1),)) for n in range(60)),
    )
    await session.commit()
    counts = []
    for limit in (2, 60):
        seen: list[str] = []

        def count(_c: Any, _cur: Any, statement: str, *_rest: Any, seen: list[str] = seen) -> None:
            if "INSERT INTO core.scheduler_instances" not in statement:  # the process's own sign of life
                seen.append(statement)

        engine = app_state["engine"].sync_engine
        event.listen(engine, "before_cursor_execute", count)
        await get(as_viewer, business_date=home_date(clock.now()).isoformat(), limit=limit)
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len([one for one in seen if "SAVEPOINT" not in one]))
    assert counts[0] == counts[1] <= 6


async def test_a_days_outcomes_for_other_services(
    session: WriteSession, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    """Only the jobs and the day that were asked for, in the day's order, page by page, with what the jobs reported."""
    jobs = ["b3.cotahist.load", "cvm.inf_diario.load", "b3.cotahist.download", "core.noop", "b3_%"]
    made = [new_execution(slot=SLOT + timedelta(minutes=n), job=job) for n, job in enumerate(jobs)]
    other_day = new_execution(business_date=DAY + timedelta(days=1), job="b3.cotahist.load")
    ids = await add(session, *made, other_day)
    warning = '[{"code": "FEW_ROWS", "message": "poucas", "context": {"rows": 3}}]'
    await force(session, ids[0], status="SUCCEEDED", result='{"rows": 12226}', warnings=warning)
    error = '{"code": "HOST_UNREACHABLE", "message": "m", "transient": true, "detail": {}}'
    await force(session, ids[1], status="FAILED", error=error)
    await session.commit()
    url = "/internal/v1/executions/outcomes"
    seen: list[Any] = []
    cursor = None
    while True:
        params = {"business_date": DAY.isoformat(), "job": ["b3.", "cvm."], "limit": 2}
        answer = await as_worker.get(url, params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        seen += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert [one["job"] for one in seen] == jobs[:3]
    assert (seen[0]["status"], seen[0]["result"]) == ("SUCCEEDED", {"rows": 12226})
    assert seen[0]["warnings"] == [{"code": "FEW_ROWS", "message": "poucas", "context": {"rows": 3}}]
    assert (seen[1]["error"]["code"], seen[2]["status"]) == ("HOST_UNREACHABLE", "PENDING")
    every = await as_worker.get(url, params={"business_date": DAY.isoformat()})
    assert len(every.json()["items"]) == 5
    bad = await as_worker.get(url, params={"business_date": DAY.isoformat(), "job": ["b3%"]})
    assert bad.status_code == 422
    assert (await as_viewer.get(url, params={"business_date": DAY.isoformat()})).status_code == 401
