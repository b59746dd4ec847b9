"""Prometheus, Alertmanager and exporters as processes beside a running stack, all on loopback."""

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from local_stack.console import StackError
from local_stack.ports import Ports, choose_ports
from local_stack.processes import Child, Command, spawn
from monitor.configuration import Targets, alertmanager_config, dump, prometheus_config, write_rules
from monitor.debian import Program, programs

PREFERRED: Mapping[str, int] = {
    "prometheus": 9090,
    "alertmanager": 9093,
    "sink": 9099,
    "postgres": 9187,
    "redis-streams": 9121,
    "redis-cache": 9122,
    "node": 9100,
}
READY_SECONDS = 60.0
KEPT = "2d"


@dataclass(frozen=True)
class Stack:
    """What is to be watched: addresses of /metrics by job, and what the exporters connect to."""

    targets: Targets
    postgres_url: str
    redis_urls: Mapping[str, str]
    """By role: streams, cache."""
    textfiles: Path
    """Where backup and restore drill leave their results."""

    @classmethod
    def of_stack_file(cls, stack: Mapping[str, Any]) -> "Stack":
        """From the content of .rotina/stack.json."""
        targets = {name: [urlsplit(url).netloc] for name, url in stack["services"].items()}
        if "core_scheduler" in stack["ports"]:
            targets["core-scheduler"] = [f"127.0.0.1:{stack['ports']['core_scheduler']}"]
        return cls(targets, stack["postgres"]["admin_url"], stack["redis"], Path(stack["state_dir"]) / "metrics")


@dataclass
class Monitoring:
    """The processes. `quick` scrapes each second and waits for nothing: for tests."""

    stack: Stack
    folder: Path
    quick: bool = False
    ports: Ports = field(default_factory=lambda: choose_ports(PREFERRED))
    children: list[Child] = field(default_factory=list)

    @property
    def prometheus_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['prometheus']}"

    @property
    def alertmanager_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['alertmanager']}"

    @property
    def sink_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sink']}"

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def targets(self) -> dict[str, list[str]]:
        """Every job's addresses, those of the exporters and of Prometheus itself among them."""
        ours = ("prometheus", "alertmanager", "postgres", "redis-streams", "redis-cache", "node")
        return {job: list(addresses) for job, addresses in self.stack.targets.items()} | {
            name: [self.address(name)] for name in ours
        }

    async def start(self) -> None:
        """Writes the configuration and starts everything; raises StackError with the end of a log when something does not."""
        tools = await asyncio.to_thread(programs)
        self._write()
        commands = [
            self._alertmanager(tools["prometheus-alertmanager"]),
            self._prometheus(tools["prometheus"]),
            *self._exporters(tools),
        ]
        for command in commands:
            self.children.append(await spawn(command))
        await asyncio.gather(*(self._until_ready(child) for child in self.children))

    async def stop(self) -> None:
        await asyncio.gather(*(child.stop() for child in self.children))
        self.children.clear()

    def _write(self) -> None:
        for name in ("logs", "prometheus", "alertmanager"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.stack.textfiles.mkdir(parents=True, exist_ok=True)
        rules = write_rules(self.folder / "prometheus" / "rules", at_once=self.quick)
        interval = "1s" if self.quick else "5s"
        prometheus = prometheus_config(self.targets(), rules=rules, interval=interval)
        _write_private(self.folder / "prometheus" / "prometheus.yml", dump(prometheus))
        alertmanager = alertmanager_config(self.sink_url, quick=self.quick)
        _write_private(self.folder / "alertmanager" / "alertmanager.yml", dump(alertmanager))

    # --- commands ------------------------------------------------------------------------------------------------

    def _prometheus(self, program: Program) -> Command:
        arguments = (
            f"--config.file={self.folder / 'prometheus' / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus' / 'data'}",
            f"--storage.tsdb.retention.time={KEPT}",
            f"--web.listen-address={self.address('prometheus')}",
            # What fires before Alertmanager is known is lost until it is sent again, after a minute by default.
            f"--rules.alert.resend-delay={'1s' if self.quick else '15s'}",
        )
        return self._command("prometheus", program, *arguments, ready=f"{self.prometheus_url}/-/ready")

    def _alertmanager(self, program: Program) -> Command:
        arguments = (
            f"--config.file={self.folder / 'alertmanager' / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager' / 'data'}",
            f"--web.listen-address={self.address('alertmanager')}",
            "--cluster.listen-address=",  # alone, so it gossips with nobody
        )
        return self._command("alertmanager", program, *arguments, ready=f"{self.alertmanager_url}/-/ready")

    def _exporters(self, tools: Mapping[str, Program]) -> list[Command]:
        postgres = {"DATA_SOURCE_NAME": f"{self.stack.postgres_url}?sslmode=disable"}
        node = f"--collector.textfile.directory={self.stack.textfiles}"
        return [
            # Debian's exporter asks pg_stat_bgwriter for columns that PostgreSQL 17 moved.
            self._exporter("postgres", tools["prometheus-postgres-exporter"], postgres, "--no-collector.bgwriter"),
            self._exporter("node", tools["prometheus-node-exporter"], {}, node),
            *(
                self._exporter(f"redis-{role}", tools["prometheus-redis-exporter"], _redis_environment(url))
                for role, url in self.stack.redis_urls.items()
            ),
        ]

    def _exporter(self, name: str, program: Program, env: Mapping[str, str], *arguments: str) -> Command:
        address = self.address(name)
        listen = f"--web.listen-address={address}"
        return self._command(name, program, listen, *arguments, ready=f"http://{address}/metrics", env=env)

    def _command(
        self, name: str, program: Program, *arguments: str, ready: str, env: Mapping[str, str] | None = None
    ) -> Command:
        log = self.folder / "logs" / f"{name}.log"
        log.unlink(missing_ok=True)
        return Command(name, program.command(*arguments), {**os.environ, **(env or {})}, log, program.folder, ready)

    async def _until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            while time.monotonic() < deadline and child.alive():
                try:
                    answer = await http.get(child.command.ready_url or "")
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.is_success:
                    return
                await asyncio.sleep(0.05)
        end = "\n".join(child.command.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise StackError(f"{child.name} did not start; the end of {child.command.log}:\n\n{end}")


def _redis_environment(url: str) -> dict[str, str]:
    """Address and password in the environment, since command lines can be read by everybody."""
    parts = urlsplit(url)
    return {"REDIS_ADDR": f"redis://{parts.hostname}:{parts.port}", "REDIS_PASSWORD": parts.password or ""}


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
