"""Liveness and readiness. Each check has two seconds; what failed is named, why is only in the log."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from shared_schemas.envelope import ApiResponse
from shared_utils.db.revisions import current_is_head
from shared_utils.http.draining import Drain
from shared_utils.http.envelope import error_body, ok
from shared_utils.http.errors import render
from shared_utils.logging import get_logger

logger = get_logger(__name__)

CHECK_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class ReadinessCheck:
    """Something that must work before traffic may come. `run` gets the lifespan's state and raises when it does not."""

    name: str
    run: Callable[[Any], Awaitable[object]]


class HealthRead(BaseModel):
    service: str
    version: str
    status: Literal["ok"]


class ReadinessRead(BaseModel):
    service: str
    version: str
    checks: dict[str, str]


class NotMigratedError(RuntimeError):
    """The database is not at the newest migration of this code."""


def database_check(name: str = "database") -> ReadinessCheck:
    """`SELECT 1` through `state.engine`."""

    async def run(state: Any) -> None:
        async with state.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    return ReadinessCheck(name, run)


def migration_check(migrations_dir: Path, *, schema: str) -> ReadinessCheck:
    """The database is at the newest migration; asked until it was true once, since code only ever moves forward."""
    known_good = False

    async def run(state: Any) -> None:
        nonlocal known_good
        if not known_good and not await current_is_head(state.engine, migrations_dir, schema=schema):
            raise NotMigratedError
        known_good = True

    return ReadinessCheck("migrations", run)


def redis_check(attribute: str = "streams") -> ReadinessCheck:
    """PING through the client at `state.<attribute>`."""

    async def run(state: Any) -> None:
        await getattr(state, attribute).ping()

    return ReadinessCheck(attribute, run)


def health_router(
    *, service: str, version: str, checks: Sequence[ReadinessCheck], drain: Drain | None = None
) -> APIRouter:
    """`/health` says that the process lives, `/health/ready` that it can do its work. Never through the gateway.

    A process that drains is not ready, and asks nobody to know that.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    async def health() -> ApiResponse[HealthRead, None]:
        return ok(HealthRead(service=service, version=version, status="ok"))

    @router.get("/health/ready", response_model=None)
    async def ready(request: Request) -> Response | ApiResponse[ReadinessRead, None]:
        if drain is not None and drain.draining:
            body = error_body(
                code="DRAINING", message="The service is about to end; ask another replica.", details=None
            )
            return render(body, status=503, headers={"Retry-After": "1"})
        names = [check.name for check in checks]
        results = await asyncio.gather(*(_run(check, request.state) for check in checks))
        outcome = dict(zip(names, results, strict=True))
        if all(result == "ok" for result in results):
            return Response(
                ok(ReadinessRead(service=service, version=version, checks=outcome)).model_dump_json(),
                media_type="application/json",
            )
        body = error_body(code="NOT_READY", message="The service is not ready.", details={"checks": outcome})
        return render(body, status=503, headers={"Retry-After": "1"})

    return router


async def _run(check: ReadinessCheck, state: Any) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await check.run(state)
    except TimeoutError:
        return "timeout"
    except Exception as error:  # noqa: BLE001  a check may fail in any way; all of them mean "not ready"
        logger.warning("readiness check failed", extra={"fields": {"check": check.name, "error": repr(error)}})
        return "failed"
    return "ok"
