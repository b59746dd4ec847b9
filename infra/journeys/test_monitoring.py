"""Debian's Prometheus and Alertmanager on a running stack: every query finds its metric, and what is stopped is told."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from ephemeral import EphemeralStack, ManagedProcess
from local_stack.ports import Ports
from monitor.compare import exposed_by_stack, verdict
from monitor.debian import PackagesMissing, programs
from monitor.running import PREFERRED, Monitoring, Stack
from shared_utils.testing.ports import free_port
from shared_utils.testing.receivers import Receiver, receiver

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


@dataclass
class Watched:
    """A whole stack, what watches it, and what it is told."""

    stack: EphemeralStack
    monitoring: Monitoring
    told: Receiver
    worker: ManagedProcess
    scheduler: ManagedProcess

    def alerts(self, receiver_name: str, status: str = "firing") -> set[str]:
        """Names of the alerts that a receiver got."""
        messages = [item.json for item in self.told.received if item.path.endswith(f"/{receiver_name}")]
        every = [alert for message in messages for alert in message["alerts"]]
        return {alert["labels"]["alertname"] for alert in every if alert["status"] == status}


@pytest.fixture(scope="module")
async def watched(shared_stack: EphemeralStack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    try:
        programs()
    except PackagesMissing as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Prometheus and Alertmanager cannot be had here: {error}")
    stack, port = shared_stack, free_port()
    await stack.start_ai_svc()
    scheduler = stack.start_scheduler(CORE_API_SCHEDULER_HTTP_PORT=str(port))
    worker_port = free_port()
    worker = await stack.start_worker(port=worker_port)
    targets = {
        "core-api": [f"127.0.0.1:{stack.core_port}"],
        "core-scheduler": [f"127.0.0.1:{port}"],
        "ai-svc": [f"127.0.0.1:{stack.ai_port}"],
        "worker-svc": [f"127.0.0.1:{worker_port}"],
    }
    redis = {"streams": stack.redis_url(stack.streams), "cache": stack.redis_url(stack.cache)}
    folder = tmp_path_factory.mktemp("monitoring")
    seen = Stack(targets, stack.postgres.admin_dsn("rotina"), redis, folder / "textfiles")
    ports = Ports({name: free_port() for name in PREFERRED}, {})
    monitoring = Monitoring(seen, folder, quick=True, ports=ports)
    async with receiver(port=monitoring.ports["sink"]) as told:
        try:
            await monitoring.start()
            yield Watched(stack, monitoring, told, worker, scheduler)
        finally:
            await monitoring.stop()
            await stack.clear()


async def test_every_query_finds_its_metric_and_a_stopped_worker_scheduler_and_redis_are_told(watched: Watched) -> None:
    """One test, so that no second worker of the test run starts all of this again."""
    await every_query_of_dashboards_and_alerts_names_what_the_stack_exposes(watched)
    await what_is_stopped_is_told_and_the_dead_mans_switch_never_rests(watched)


async def every_query_of_dashboards_and_alerts_names_what_the_stack_exposes(watched: Watched) -> None:
    exposed, silent = await exposed_by_stack(watched.monitoring)
    assert "\n".join(verdict(exposed, silent)) == ""


async def what_is_stopped_is_told_and_the_dead_mans_switch_never_rests(watched: Watched) -> None:
    async def heartbeat() -> Any:
        return "Watchdog" in watched.alerts("heartbeat")

    await watched.stack.until(heartbeat, timeout=60, what="the dead man's switch reaches the outside")
    stopped = {"WorkersGone", "SchedulerSilent", "StreamsRedisDown"}

    async def calm() -> Any:
        return not stopped & (watched.alerts("pages") - watched.alerts("pages", "resolved"))

    await watched.stack.until(calm, timeout=60, what="nothing is told of what runs")
    watched.worker.stop()
    watched.scheduler.kill()
    watched.stack.streams.kill()

    async def told() -> Any:
        return stopped <= watched.alerts("pages")

    await watched.stack.until(told, timeout=120, what=f"{sorted(stopped)} reach the webhook")
    first = next(item.json for item in watched.told.received if item.path.endswith("/pages"))
    (alert, *_) = first["alerts"]
    assert alert["annotations"]["runbook_url"] == f".docs/runbooks/alerts/{alert['labels']['alertname']}.md"
