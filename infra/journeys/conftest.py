"""Journeys run the real processes end to end, and kill them."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ephemeral import EphemeralStack

HERE = Path(__file__).parent


class Journey:
    """A stack, a client that is an admin, and the file in which the journey's jobs note what they did."""

    def __init__(self, stack: EphemeralStack, http: httpx.AsyncClient) -> None:
        self.stack = stack
        self.http = http
        self._few = asyncio.Semaphore(8)  # as many as core-api has connections; more would be told to come back later

    async def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        async with self._few:
            answer = await self.http.post(f"/api/v1{path}", json=body or {}, headers=headers)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()["data"]

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(f"/api/v1{path}", params=params)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()["data"]

    async def routine(self, name: str, *, trigger: dict[str, Any] | None = None, **fields: Any) -> str:
        body = {"name": name, "title": name, "job": "journey.effect", "trigger": trigger or {"type": "manual"}}
        params = {"folder": str(self.stack.folder)} | fields.pop("params", {})
        created = await self.post("/routines?allow_unknown_job=true", body | {"params": params} | fields)
        return str(created["id"])

    async def run(self, routine_id: str) -> str:
        """Starts a manual run; answers the execution's id."""
        data = await self.post(f"/routines/{routine_id}/run")
        return str(data["executions"][0]["id"] if "executions" in data else data["id"])

    async def statuses(self) -> Counter[str]:
        rows = await self.stack.fetch("SELECT status, count(*) AS n FROM core.executions GROUP BY status")
        return Counter({row["status"]: row["n"] for row in rows})

    async def row(self, execution_id: str) -> Any:
        return (await self.stack.fetch("SELECT * FROM core.executions WHERE id = $1::text::uuid", execution_id))[0]

    async def attempts(self, execution_id: str) -> list[Any]:
        query = "SELECT * FROM core.attempts WHERE execution_id = $1::text::uuid ORDER BY attempt"
        return await self.stack.fetch(query, execution_id)

    async def until_status(self, execution_id: str, *statuses: str, timeout: float = 30) -> Any:
        async def reached() -> Any:
            row = await self.row(execution_id)
            return row if row["status"] in statuses else None

        return await self.stack.until(reached, timeout=timeout, what=f"{execution_id} is {' or '.join(statuses)}")

    def effects(self, kind: str) -> Counter[str]:
        """How often each execution noted `kind` ("start" or "end")."""
        log = self.stack.folder / "effects.log"
        lines = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
        return Counter(line[1] for line in lines if line[0] == kind)


async def started_stack(folder: Path, issuer: Any, *, lease_seconds: float = 9) -> EphemeralStack:
    """Servers and core-api, which the journeys of one run share: starting them takes longer than most journeys."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    extra = {"WORKER_SVC_EXTRA_JOBS": '["journey_jobs:registry"]', "PYTHONPATH": path}
    stack = EphemeralStack(folder, issuer=issuer.issuer, extra_env=extra, lease_seconds=lease_seconds)
    try:
        await stack.start_servers()
        await stack.start_core_api()
    except BaseException:
        await stack.stop()
        raise
    return stack


@pytest.fixture(scope="session")
async def shared_stack(tmp_path_factory: pytest.TempPathFactory, oidc_issuer: Any) -> AsyncIterator[EphemeralStack]:
    stack = await started_stack(tmp_path_factory.mktemp("journeys") / "with space", oidc_issuer)
    try:
        yield stack
    finally:
        await stack.stop()


@pytest.fixture
async def journey(shared_stack: EphemeralStack, oidc_issuer: Any) -> AsyncIterator[Journey]:
    """A stack without routines, executions, schedulers or workers."""
    async with journey_on(shared_stack, oidc_issuer) as prepared:
        yield prepared


@asynccontextmanager
async def journey_on(stack: EphemeralStack, oidc_issuer: Any) -> AsyncIterator[Journey]:
    """A journey on a running stack, which is empty again afterwards."""
    headers = {"Authorization": f"Bearer {oidc_issuer.token(sub='journey', roles=['admin'])}"}
    async with httpx.AsyncClient(base_url=stack.core_url, headers=headers, timeout=30) as http:
        try:
            yield Journey(stack, http)
        finally:
            await stack.clear()
