"""Two replicas of everything, told to end one after the other under load: nobody notices (issue 5, line 7).

Two API replicas are rolled, and one of two workers and schedulers; `ROTINA_LONG_TESTS=1` rolls both of everything, the
AI service too. What an AI stream does at its end is tested beside its code.
"""

import asyncio
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
import yaml

from ephemeral import EphemeralStack, ManagedProcess
from shared_utils.testing.servers import free_port

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

LOCAL = Path(__file__).resolve().parents[1] / "local"
GATEWAY = Path(__file__).resolve().parents[2] / "services" / "gateway" / "dynamic"
DRAIN_SECONDS = 1.5
GRACE_SECONDS = 30
"""`stop_grace_period` of the containers."""
LEASE = {"CORE_API_LEASE_SECONDS": "30"}
"""Each worker here speaks with one API replica only: its lease has to outlast that one's restart on a slow machine. In
an installation workers speak with whichever replica is ready."""
LONG = os.environ.get("ROTINA_LONG_TESTS") == "1"
ROLLED = ("core-api-a", "core-api-b", "worker-svc-a", "scheduler-a")
PAUSE_SECONDS = 0.1
READERS = 3


class Replicas:
    """Two of each service behind a front door that reads the gateway's own files."""

    def __init__(self, stack: EphemeralStack) -> None:
        self.stack = stack
        self.ports = {
            name: (free_port(), free_port()) for name in ("core-api", "worker-svc", *(["ai-svc"] if LONG else []))
        }
        self.running: dict[str, ManagedProcess] = {}
        self.door_port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door_port}"

    async def start(self) -> None:
        for package in ["ai_svc"] if LONG else []:
            await self.stack.migrate(package)
        await asyncio.gather(*(self.begin(name) for name in self.names("core-api", "ai-svc")))
        await asyncio.gather(*(self.begin(name) for name in self.names("worker-svc", "scheduler")))
        door = self.stack._spawn(  # noqa: SLF001  the stack's own way to start a process
            "front-door",
            *("-m", "local_stack.front_door", "--port", str(self.door_port), "--config", str(self._config())),
            PYTHONPATH=str(LOCAL),
            OIDC_ORIGIN=self.stack.issuer,
            FRONTEND_URL=self._empty_site().as_uri(),
        )
        await self.stack.ready(door, f"{self.url}/health")

    def names(self, *services: str) -> list[str]:
        return [
            f"{service}-{letter}" for service in services if service in {*self.ports, "scheduler"} for letter in "ab"
        ]

    async def begin(self, name: str) -> None:
        """Starts a replica on its port and waits until it is ready."""
        service, _, letter = name.rpartition("-")
        if service == "scheduler":
            self.running[name] = self.stack.start_scheduler(name, **LEASE)
            return
        port = self.ports[service]["ab".index(letter)]
        if service == "worker-svc":
            core = f"http://127.0.0.1:{self.ports['core-api']['ab'.index(letter)]}"
            settings = {"WORKER_SVC_HTTP_PORT": str(port), "WORKER_SVC_CORE_API_URL": core}
            drain = {"WORKER_SVC_DRAIN_SECONDS": str(DRAIN_SECONDS)}
            self.running[name] = await self.stack.start_worker(name, slots=4, wait=False, **settings, **drain)
        else:
            target = f"{service.replace('-', '_')}.main:create_app"
            self.running[name] = self.stack._spawn(  # noqa: SLF001
                name,
                *("-m", "uvicorn", target, "--factory", "--host", "127.0.0.1", "--port", str(port)),
                *("--no-access-log", "--timeout-graceful-shutdown", "15"),
                **{f"{service.upper().replace('-', '_')}_DRAIN_SECONDS": str(DRAIN_SECONDS)},
                **LEASE,
            )
        await self.stack.ready(self.running[name], f"http://127.0.0.1:{port}/health/ready")

    async def roll(self, name: str) -> float:
        """Ends a replica as a deployment does, starts the next one; the seconds that the end took."""
        old = self.running[name]
        told = time.monotonic()
        status = await asyncio.to_thread(old.stop, GRACE_SECONDS)
        assert status is not None, f"{name} had to be killed after {GRACE_SECONDS} s:\n{old.tail()}"
        seconds = time.monotonic() - told
        await self.begin(name)
        if not name.startswith("scheduler"):
            await self.stack.until(lambda: self._seen(name), timeout=30, what=f"the front door knows {name} again")
        return seconds

    async def _seen(self, name: str) -> bool:
        """The front door said last that this replica is ready."""
        service, _, letter = name.rpartition("-")
        wanted = f"{service} on {self.ports[service]['ab'.index(letter)]} is "
        lines = [line for line in (self.stack.folder / "front-door.log").read_text().splitlines() if wanted in line]
        return bool(lines) and lines[-1].endswith("is ready")

    def _config(self) -> Path:
        """The gateway's own files, with two servers per service, asked for their health more often."""
        folder = self.stack.folder / "gateway"
        shutil.copytree(GATEWAY, folder, dirs_exist_ok=True)
        services = yaml.safe_load((folder / "services.yml").read_text())
        for name, ports in self.ports.items():
            balancer = services["http"]["services"][name]["loadBalancer"]
            balancer["servers"] = [{"url": f"http://127.0.0.1:{port}"} for port in ports]
            balancer["healthCheck"] |= {"interval": "250ms", "timeout": "1s"}
        services["http"]["services"]["frontend"]["loadBalancer"]["servers"] = [{"url": self._empty_site().as_uri()}]
        if not LONG:
            services["http"]["services"]["ai-svc"]["loadBalancer"]["servers"] = [{"url": "http://127.0.0.1:9"}]
        (folder / "services.yml").write_text(yaml.safe_dump(services))
        return folder

    def _empty_site(self) -> Path:
        folder = self.stack.folder / "site"
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text("<!doctype html><title>Rotina</title>")
        return folder


class Load:
    """A bounded number of people who read, start runs and watch, until told to stop. Everything that fails is kept."""

    def __init__(self, http: httpx.AsyncClient, routine: str) -> None:
        self.http = http
        self.routine = routine
        self.over = asyncio.Event()
        self.answers: Counter[str] = Counter()
        self.failures: list[str] = []
        self.executions: list[str] = []
        self.streams = 0
        self.events = 0

    async def __aenter__(self) -> Self:
        paths = ["/api/v1/routines", "/api/v1/executions", "/api/v1/market/sessions", "/api/v1/scheduler/queue/status"]
        paths += ["/api/v1/rag/documents"] if LONG else []
        people: list[Awaitable[None]] = [
            self._reader(paths[number % 3 :] + paths[: number % 3]) for number in range(READERS)
        ]
        self._people = [asyncio.ensure_future(one) for one in [*people, self._starter(), self._watcher()]]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.over.set()
        results = await asyncio.gather(*self._people, return_exceptions=True)
        self.failures += [repr(result) for result in results if isinstance(result, BaseException)]

    async def _reader(self, paths: list[str]) -> None:
        while not self.over.is_set():
            for path in paths:
                await self._ask("GET", path)
            await self._rest()

    async def _starter(self) -> None:
        while not self.over.is_set():
            answer = await self._ask("POST", f"/api/v1/routines/{self.routine}/run")
            if answer is not None and answer.is_success:
                data = answer.json()["data"]
                self.executions.append(data["executions"][0]["id"] if "executions" in data else data["id"])
            await self._rest()

    async def _watcher(self) -> None:
        """Follows what happens, and comes back when a stream ends; it has to end in order."""
        while not self.over.is_set():
            self.streams += 1
            try:
                async with self.http.stream("GET", "/api/v1/events/stream") as answer:
                    self.answers[str(answer.status_code)] += 1
                    if answer.status_code != httpx.codes.OK:
                        self.failures.append(f"GET /api/v1/events/stream: {answer.status_code}")
                    async for line in answer.aiter_lines():
                        self.events += line.startswith("event:")
                        if self.over.is_set():
                            return
            except httpx.TransportError as error:
                self.failures.append(f"the stream broke off: {error!r}")

    async def _ask(self, method: str, path: str) -> httpx.Response | None:
        try:
            answer = await self.http.request(method, path, json={} if method == "POST" else None)
        except httpx.TransportError as error:
            self.failures.append(f"{method} {path}: {error!r}")
            return None
        self.answers[str(answer.status_code)] += 1
        if not answer.is_success:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    async def _rest(self) -> None:
        """Bounds the load: two cores are shared with others."""
        try:
            await asyncio.wait_for(self.over.wait(), PAUSE_SECONDS)
        except TimeoutError:
            return


@pytest.fixture
def replicas(journey: Any) -> Replicas:
    return Replicas(journey.stack)


async def test_a_rolling_restart_under_load_fails_no_request_and_loses_no_run(
    journey: Any, replicas: Replicas, oidc_issuer: Any
) -> None:
    await replicas.start()
    routine = await journey.routine("rolling", max_instances=1000, params={"seconds": 0.3})
    token = oidc_issuer.token(sub="journey", roles=["admin"])
    ends: dict[str, float] = {}
    async with (
        httpx.AsyncClient(base_url=replicas.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as http,
        Load(http, routine) as load,
    ):
        await _busy(journey, load)
        for name in ROLLED if not LONG else replicas.names("core-api", "worker-svc", "scheduler", "ai-svc"):
            ends[name] = await replicas.roll(name)
    print(f"ends {ends}; {dict(load.answers)}; {load.streams} streams, {load.events} events", file=sys.stderr)

    assert load.failures == []
    assert set(load.answers) <= {"200", "201", "202"}
    assert load.streams >= 2, "a stream was handed over at least once"
    assert load.events > 0
    assert len(load.executions) > 10
    await journey.stack.until(lambda: _all_succeeded(journey), timeout=90, what="every run that was started succeeded")
    assert set(journey.effects("end")) == set(load.executions)
    twice = [one for one, times in journey.effects("end").items() if times > 1]
    assert twice == [], await _attempts(journey, twice)
    rows = await journey.stack.fetch("SELECT count(*) AS n FROM core.executions WHERE failures > 0 OR recoveries > 0")
    assert rows[0]["n"] == 0, "a worker that ends in order hands nothing back as lost"


async def _busy(journey: Any, load: Load) -> None:
    async def begun() -> bool:
        return len(load.executions) > 3 and load.answers["200"] > 20 and load.events > 0

    await journey.stack.until(begun, timeout=60, what="requests, runs and events flow")


async def _all_succeeded(journey: Any) -> bool:
    statuses = await journey.statuses()
    return bool(statuses.total() and statuses["SUCCEEDED"] == statuses.total())


async def _attempts(journey: Any, executions: list[str]) -> list[str]:
    """What became of them, for whoever reads the failure."""
    query = """SELECT execution_id, attempt, worker_id, outcome, started_at, finished_at FROM core.attempts
               WHERE execution_id = ANY ($1::text[]::uuid[]) ORDER BY execution_id, attempt"""
    return [str(dict(row)) for row in await journey.stack.fetch(query, executions)]
