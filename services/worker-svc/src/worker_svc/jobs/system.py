"""`system.check`: does everything that jobs need answer, and how fast? `system.clean_logs`: old history goes."""

import asyncio
import os
import shutil
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import text

from rotina import JobContext, TransientError
from shared_utils.db.session import read_transaction
from shared_utils.messaging.streams import create_redis, refuse_evicting
from worker_svc.jobs.environment import JobEnvironment, open_environment
from worker_svc.jobs.params import B3_CALENDAR, CleanLogsParams, NoParams
from worker_svc.sources.calendar import calendar_day

CHECK_SECONDS = 10
LOW_SPACE_BYTES = 1024**3
MOST_ROUNDS = 500

type Check = Callable[[JobContext[NoParams], JobEnvironment], Awaitable[dict[str, Any]]]


class CheckResult(BaseModel):
    """One part of the system."""

    ok: bool
    milliseconds: float
    detail: dict[str, Any]


async def check(ctx: JobContext[NoParams]) -> dict[str, Any]:
    """Fails, to be tried again, when a part does not answer; warns when the disk is nearly full."""
    async with open_environment() as env:
        results = {name: await _timed(ctx, env, run) for name, run in CHECKS.items()}
    for name, result in results.items():
        log = ctx.log.info if result.ok else ctx.log.error
        log(f"{name}: {'ok' if result.ok else 'failed'}", milliseconds=result.milliseconds, **result.detail)
    data = {name: result.model_dump() for name, result in results.items()}
    failed = [name for name, result in results.items() if not result.ok]
    if failed:
        raise TransientError(f"not working: {', '.join(failed)}", code="CHECK_FAILED", detail=data)
    return data


async def _timed(ctx: JobContext[NoParams], env: JobEnvironment, run: Check) -> CheckResult:
    started = time.perf_counter()
    ok = True
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            detail = await run(ctx, env)
    except Exception as error:  # noqa: BLE001  any error is what this job is looking for
        ok, detail = False, {"error": f"{type(error).__name__}: {error}"[:500]}
    return CheckResult(ok=ok, milliseconds=round((time.perf_counter() - started) * 1000, 1), detail=detail)


async def _database(_: JobContext[NoParams], env: JobEnvironment) -> dict[str, Any]:
    async with read_transaction(env.sessionmaker) as session:
        version = (await session.execute(text("SHOW server_version"))).scalar_one()
    return {"version": str(version)}


async def _streams(_: JobContext[NoParams], env: JobEnvironment) -> dict[str, Any]:
    client = create_redis(env.settings.streams_url, name="worker-svc-check")
    try:
        await refuse_evicting(client)
        info = await client.info("server")
    finally:
        await client.aclose()
    return {"version": info.get("redis_version")}


async def _core_api(ctx: JobContext[NoParams], env: JobEnvironment) -> dict[str, Any]:
    day = await calendar_day(env.core, code=B3_CALENDAR, day=ctx.business_date)
    return {"is_session": day.is_business_day}


async def _storage(ctx: JobContext[NoParams], env: JobEnvironment) -> dict[str, Any]:
    probe = ctx.temp_dir / "probe"
    await asyncio.to_thread(_write_and_sync, probe)
    env.raw_files.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(env.raw_files.root).free
    if free < LOW_SPACE_BYTES:
        ctx.warn("LOW_DISK_SPACE", f"only {free / 1024**2:,.0f} MB are free in the storage folder", free_bytes=free)
    return {"free_bytes": free}


def _write_and_sync(path: Path) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, b"rotina")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
        path.unlink()


class _MaintenanceRequest(BaseModel):
    dry_run: bool


class _Table(BaseModel):
    table: str
    rows: int


class _Month(BaseModel):
    month: date
    executions: int
    kept_because: str | None


class _Maintenance(BaseModel):
    """What core-api removed, or would remove; `more` when it should be asked again."""

    tables: list[_Table]
    months: list[_Month]
    more: bool


async def clean_logs(ctx: JobContext[CleanLogsParams]) -> dict[str, Any]:
    """Asks core-api to remove what is past its time, until nothing of it is left. The schedulers do so every hour."""
    request = _MaintenanceRequest(dry_run=ctx.params.dry_run)
    rows: Counter[str] = Counter()
    gone: list[str] = []
    async with open_environment() as env:
        for _ in range(MOST_ROUNDS):
            done = await env.core.post(
                "/internal/v1/scheduler/maintenance", request, response=_Maintenance, idempotent=True
            )
            rows.update({one.table: one.rows for one in done.tables})
            gone += [one.month.strftime("%Y-%m") for one in done.months if one.kept_because is None]
            if not done.more:
                break
    ctx.log.info("history is clean", rows=dict(rows), months=gone)
    return {"dry_run": ctx.params.dry_run, "rows": dict(rows), "months": gone}


CHECKS: dict[str, Check] = {
    "database": _database,
    "streams": _streams,
    "core_api": _core_api,
    "storage": _storage,
}
