"""The real processes on durable servers, in a folder and on ports of their own."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from ephemeral import REPO, EphemeralStack, ManagedProcess
from shared_utils.testing.oidc_issuer import OidcIssuer
from shared_utils.testing.ports import free_port

BENCH = REPO / "infra" / "bench"
# Worker and core-api log a line per request; at this level the disk is left to the databases, as in production by default.
LOG_LEVEL = "WARNING"


@dataclass(frozen=True)
class AiProcess:
    """A running ai-svc and its address."""

    process: ManagedProcess
    url: str


@dataclass
class BenchStack:
    """A running stack, a client with an admin's token, and what the measurements need to look at."""

    stack: EphemeralStack
    http: httpx.AsyncClient

    @property
    def folder(self) -> Path:
        return self.stack.folder

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self.http.post(f"/api/v1{path}", json=body or {})
        if not answer.is_success:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()["data"]

    async def routine(self, name: str, *, job: str, trigger: dict[str, Any] | None = None, **fields: Any) -> str:
        body = {"name": name, "title": name, "job": job, "trigger": trigger or {"type": "manual"}} | fields
        created = await self.post("/routines?allow_unknown_job=true", body)
        return str(created["id"])

    async def scalar(self, query: str, *args: Any) -> Any:
        rows = await self.stack.fetch(query, *args)
        return rows[0][0] if rows else None

    async def start_ai(self, *, python: Path | None = None, **env: str) -> "AiProcess":
        """ai-svc, migrated and ready; by another environment's interpreter when `python` is one."""
        await self.stack.migrate("ai_svc")
        port = free_port()
        command = [
            *(str(python or sys.executable), "-m", "uvicorn", "ai_svc.main:create_app", "--factory"),
            *("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "2"),
        ]
        process = ManagedProcess("ai-svc", command, self.stack.env(**env), self.folder / "ai-svc.log")
        self.stack.processes.append(process)
        process.start()
        await self.stack.ready(process, f"http://127.0.0.1:{port}/health/ready")
        return AiProcess(process, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def bench_stack(name: str, *, keep: bool = False) -> AsyncIterator[BenchStack]:
    """Servers with durable settings and core-api; schedulers and workers are the measurement's choice."""
    parent = REPO / ".rotina" / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
    with OidcIssuer() as issuer:
        stack = EphemeralStack(folder, issuer=issuer.issuer, durable=True, extra_env=_environment())
        try:
            await stack.start_servers()
            await stack.start_core_api()
            headers = {"Authorization": f"Bearer {issuer.token(sub='bench', roles=['admin'], expires_in=7200)}"}
            async with httpx.AsyncClient(base_url=stack.core_url, headers=headers, timeout=120) as http:
                yield BenchStack(stack, http)
        finally:
            await stack.stop()
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(BENCH), os.environ.get("PYTHONPATH", "")])
    levels = {f"{prefix}LOG_LEVEL": LOG_LEVEL for prefix in ("CORE_API_", "WORKER_SVC_", "AI_SVC_")}
    limits = {"CORE_API_WRITE_RATE_LIMIT": "100000/minute"}
    return levels | limits | {"WORKER_SVC_EXTRA_JOBS": json.dumps(["bench.jobs:registry"]), "PYTHONPATH": path}


def read_starts(folder: Path) -> dict[str, int]:
    """Execution id -> the first instant (nanoseconds since 1970) at which its job's code ran."""
    return {execution: at[0] for execution, at in read_marks(folder, "starts.log").items()}


def read_marks(folder: Path, file: str) -> dict[str, list[int]]:
    """Execution id -> the instants (nanoseconds since 1970) that its job noted in a file, in order."""
    log = folder / file
    marks: dict[str, list[int]] = {}
    for line in log.read_text().splitlines() if log.exists() else []:
        execution, _, at = line.partition(" ")
        marks.setdefault(execution, []).append(int(at))
    return marks


async def wait_for_starts(bench: BenchStack, wanted: Sequence[str], *, timeout: float) -> dict[str, int]:
    """Waits until all `wanted` executions have begun; fails with how many had."""
    await wait_for_marks(bench, "starts.log", wanted, timeout=timeout)
    return read_starts(bench.folder)


async def wait_for_marks(
    bench: BenchStack, file: str, wanted: Sequence[str], *, timeout: float
) -> dict[str, list[int]]:
    """Waits until all `wanted` executions have noted something in a file."""
    names = set(wanted)

    async def all_there() -> bool:
        return names <= read_marks(bench.folder, file).keys()

    await bench.stack.until(all_there, timeout=timeout, what=f"{len(names)} executions are in {file}")
    return read_marks(bench.folder, file)
