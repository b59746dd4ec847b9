"""The stack of a simulation: the product's processes on a simulated clock, and the store of the jobs' effects."""

import json
import os
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from chaos.actors import Actor, Cast, ProcessActor, RedisActor
from chaos.clock import ENVIRONMENT_NAME, SharedClock
from chaos.effects import SCHEMA
from chaos.fleet import POOLS, SimulatedRoutine
from chaos.jobs import DSN_ENVIRONMENT_NAME
from chaos.scenario import Scenario
from core_api.database import WAKE_CHANNEL
from ephemeral import REPO, EphemeralStack, ManagedProcess
from shared_utils.testing.oidc_issuer import OidcIssuer

CHAOS = REPO / "infra" / "chaos"
TIMES_GIVEN = 100  # a run may lose its worker so often; in a storm of kills three times would be too few

# Leases and presences are renewed every second or so of real time. A jump of hours over quiet time would make every
# one of them look years old, so what holds them is moved along: as if hearts had been beating all the while. Rows are
# locked in the order of ids, like the product does.
_SHIFTS = (
    """UPDATE core.executions SET lease_until = lease_until + $1 WHERE id = ANY (ARRAY(
           SELECT id FROM core.executions WHERE status = 'RUNNING' AND lease_until < $2 ORDER BY id FOR UPDATE))""",
    """UPDATE core.workers SET lease_until = lease_until + $1, last_heartbeat_at = last_heartbeat_at + $1
       WHERE lost_at IS NULL AND lease_until < $2""",
    "UPDATE core.scheduler_instances SET last_seen_at = last_seen_at + $1 WHERE last_seen_at < $2",
)


@dataclass(slots=True)
class Stage:
    """The running stack, its clock, and a connection that looks at everything."""

    stack: EphemeralStack
    clock: SharedClock
    http: httpx.AsyncClient
    database: asyncpg.Connection
    lease: timedelta

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self.http.post(f"/api/v1{path}", json=body)
        if not answer.is_success:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()["data"]

    async def create(self, routines: Sequence[SimulatedRoutine]) -> None:
        """Day groups, pools and routines, by the API as a team would."""
        for name, slots in POOLS.items():
            await self.post("/pools", {"name": name, "slots": slots})
        groups = {
            "sessions": await self._group("Pregões", "B3", {}),
            "every_day": await self._group("Todos os dias", "EVERY_DAY", {}),
            "mondays_and_wednesdays": await self._group("Segundas e quartas", "B3", {"weekdays": [1, 3]}),
        }
        ids: dict[str, str] = {}
        for routine in routines:
            body = _body(routine, group=groups[routine.days], upstream=[ids[name] for name in routine.upstream])
            ids[routine.name] = (await self.post("/routines?allow_unknown_job=true", body))["id"]

    async def _group(self, name: str, calendar: str, rule: dict[str, Any]) -> str:
        created = await self.post("/day-groups", {"name": name, "calendar_code": calendar, "rule": rule})
        return str(created["id"])

    async def jump(self, instant: datetime) -> None:
        """Moves the clock forward; whoever is alive stays alive, and sleepers notice as they would at a due time."""
        before = self.clock.now()
        by = instant - before
        if by > timedelta():
            await self._shift(by, older_than=instant)
            self.clock.jump_to(instant)
            # What was renewed between the two has a lease of the old time.
            await self._shift(by, older_than=before + self.lease + timedelta(seconds=2))
        await self.database.execute("SELECT pg_notify($1, '')", WAKE_CHANNEL)

    async def _shift(self, by: timedelta, *, older_than: datetime) -> None:
        for statement in _SHIFTS:
            await self.database.execute(statement, by, older_than)


def _body(routine: SimulatedRoutine, *, group: str, upstream: Sequence[str]) -> dict[str, Any]:
    return {
        "name": routine.name,
        "title": routine.name,
        "job": routine.job,
        "params": {"seconds": routine.seconds, "behaviour": routine.behaviour},
        "trigger": routine.trigger,
        "time_zone": routine.zone,
        "day_group_id": group,
        "priority": routine.priority,
        "pool": routine.pool,
        "concurrency_key": routine.key,
        "retry": {"max_attempts": 3, "backoff_seconds": 2, "backoff_max_seconds": 10},
        "max_recoveries": TIMES_GIVEN,
        "depends_on": [{"routine_id": one, "on_failure": routine.on_failure} for one in upstream],
        "catch_up": routine.catch_up,
        "misfire_grace_seconds": routine.grace,
        "coalesce": routine.coalesce,
    }


@asynccontextmanager
async def open_stage(scenario: Scenario, folder: Path, *, start: datetime) -> AsyncIterator[Stage]:
    """Servers and core-api on the simulated clock, which shows `start`."""
    clock_file = folder / "clock"
    clock = SharedClock.create(clock_file, at=start)
    with OidcIssuer() as issuer:
        stack = EphemeralStack(
            folder,
            issuer=issuer.issuer,
            lease_seconds=scenario.lease_seconds,
            extra_env=_environment(scenario, clock_file),
        )
        try:
            await stack.start_servers()
            database = await stack.connect()
            await database.execute(SCHEMA)
            await _start_core_api(stack)
            headers = {"Authorization": f"Bearer {issuer.token(sub='chaos', roles=['admin'], expires_in=7200)}"}
            async with httpx.AsyncClient(base_url=stack.core_url, headers=headers, timeout=60) as http:
                yield Stage(stack, clock, http, database, timedelta(seconds=scenario.lease_seconds))
            await database.close()
        finally:
            await stack.stop()


def _environment(scenario: Scenario, clock_file: Path) -> dict[str, str]:
    levels = {f"{prefix}LOG_LEVEL": "WARNING" for prefix in ("CORE_API_", "WORKER_SVC_")}
    return levels | {
        ENVIRONMENT_NAME: str(clock_file),
        "PYTHONPATH": os.pathsep.join([str(CHAOS), os.environ.get("PYTHONPATH", "")]),
        "CORE_API_WRITE_RATE_LIMIT": "1000000/minute",
        "CORE_API_REQUEUE_AFTER_SECONDS": str(scenario.requeue_seconds),
        "WORKER_SVC_EXTRA_JOBS": json.dumps(["chaos.jobs:registry"]),
    }


async def _start_core_api(stack: EphemeralStack) -> None:
    process = stack._spawn(  # noqa: SLF001  the stack's own way to start a process
        "core-api", "-m", "uvicorn", "chaos.api:create_app", "--factory", "--host", "127.0.0.1",
        "--port", str(stack.core_port), "--no-access-log", "--timeout-graceful-shutdown", "2",
    )  # fmt: skip
    await stack.ready(process, f"{stack.core_url}/health/ready")


def cast_of(stage: Stage, scenario: Scenario, rng: random.Random) -> Cast:
    """Every process that may die; none is started yet but Redis."""
    stack = stage.stack
    redis = RedisActor(stack.streams, stack.folder / "streams", random.Random(rng.random()))  # noqa: S311
    actors: list[Actor] = [redis]
    for number in range(1, scenario.schedulers + 1):
        actors.append(ProcessActor("scheduler", lambda name=f"scheduler-{number}": _scheduler(stack, name)))  # type: ignore[misc]
    for number in range(1, scenario.workers + 1):
        actors.append(ProcessActor("worker", lambda name=f"worker-{number}": _worker(stack, name, scenario.slots)))  # type: ignore[misc]
    return Cast(actors, rng)


def _scheduler(stack: EphemeralStack, name: str) -> ManagedProcess:
    return _replacing(stack, name, "-m", "chaos.scheduler")


def _worker(stack: EphemeralStack, name: str, slots: int) -> ManagedProcess:
    dsn = stack.url("market").replace("+asyncpg", "")
    return _replacing(
        stack,
        name,
        "-m",
        "worker_svc",
        WORKER_SVC_WORKER_NAME=name,
        WORKER_SVC_SLOTS=str(slots),
        WORKER_SVC_HTTP_PORT="0",
        WORKER_SVC_STORAGE_DIR=str(stack.folder / "storage"),
        **{DSN_ENVIRONMENT_NAME: dsn},
    )


def _replacing(stack: EphemeralStack, name: str, *args: str, **env: str) -> ManagedProcess:
    """A new process in the place of a dead one of the same name: the stack keeps one of each."""
    stack.processes = [process for process in stack.processes if process.name != name]
    return stack._spawn(name, *args, **env)  # noqa: SLF001
