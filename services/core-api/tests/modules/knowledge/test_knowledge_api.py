"""What other services read about routines and failures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from factories.executions import add_one, force
from factories.routines import add_routine
from sqlalchemy import text

from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

ROUTINES = "/internal/v1/knowledge/routines"
ERRORS = "/internal/v1/knowledge/errors"
END = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


async def pages(client: httpx.AsyncClient, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """All pages, of two items each."""
    found, after = [], {}
    while True:
        answer = await client.get(path, params={"limit": 2, **params, **after})
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        if answer.json()["next"] is None:
            return found
        after = {"after": answer.json()["next"]}


async def test_routines_with_what_they_depend_on(
    as_worker: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    first = await add_routine(session, clock, "primeira", description="Baixa o arquivo do dia.", tags=["b3"])
    await add_routine(session, clock, "segunda", depends_on=[first.id])
    await add_routine(session, clock, "terceira", paused=True)
    await session.commit()

    found = await pages(as_worker, ROUTINES)

    assert [len(page) for page in found] == [2, 1]
    one, two, three = [routine for page in found for routine in page]
    assert (one["name"], one["description"], one["tags"], one["trigger"]) == (
        "primeira",
        "Baixa o arquivo do dia.",
        ["b3"],
        {"type": "times", "times": ["20:45"]},
    )
    assert (two["depends_on"], three["depends_on"]) == (["primeira"], [])


async def failed(session: WriteSession, minutes: int, **columns: Any) -> str:
    execution = await add_one(session)
    await force(session, execution, status="FAILED", finished_at=END + timedelta(minutes=minutes), **columns)
    return str(execution)


async def test_failures_with_the_last_first(as_worker: httpx.AsyncClient, session: WriteSession) -> None:
    ids = [await failed(session, minutes) for minutes in (1, 2, 2, 3)]
    await failed(session, -60)
    await add_one(session)
    await session.execute(
        text(
            "UPDATE core.executions SET error = jsonb_build_object('code', 'X', 'message', repeat('m', 5000)) WHERE id = :id"
        ),
        {"id": ids[3]},
    )
    await session.commit()

    found = await pages(as_worker, ERRORS, since=END.isoformat())

    assert [len(page) for page in found] == [2, 2]
    errors = [error for page in found for error in page]
    assert [error["id"] for error in errors] == [ids[3], *sorted(ids[1:3], reverse=True), ids[0]]
    assert (errors[0]["error_code"], len(errors[0]["error_message"])) == ("X", 4000)
    assert errors[1]["error_code"] is None


@pytest.mark.parametrize("path", [ROUTINES, ERRORS])
async def test_only_services_and_only_with_cursors_of_ours(
    path: str, as_worker: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await anonymous.get(path, params={"since": END.isoformat()})).status_code == 401
    refused = await as_worker.get(path, params={"after": "nada", "since": END.isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_CURSOR")
