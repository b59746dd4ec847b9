"""The local variants of the compose configuration: the same jobs, rules, routes and inhibitions with other addresses."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from monitor.files import ALERTMANAGER, PROMETHEUS, RULES, TEMPLATES, read_yaml

# These rules watch what the local stack has no process for.
NOT_LOCAL = frozenset({"gateway.yml"})

Targets = Mapping[str, Sequence[str]]
"""Addresses (host:port) by job."""


def prometheus_config(targets: Targets, *, rules: str, interval: str | None = None) -> dict[str, Any]:
    """prometheus.yml with `targets` in the place of Docker's DNS; jobs without a target are left out."""
    config: dict[str, Any] = read_yaml(PROMETHEUS)
    if interval is not None:
        config["global"] |= {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval}
    config["rule_files"] = [rules]
    config["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": list(targets["alertmanager"])}]}]}
    config["scrape_configs"] = [
        {name: value for name, value in job.items() if name != "dns_sd_configs"}
        | {"static_configs": [{"targets": list(targets[job["job_name"]])}]}
        for job in config["scrape_configs"]
        if job["job_name"] in targets
    ]
    return config


def jobs() -> list[str]:
    """The names of all scrape jobs."""
    return [job["job_name"] for job in read_yaml(PROMETHEUS)["scrape_configs"]]


def alertmanager_config(sink_url: str, *, quick: bool = False) -> dict[str, Any]:
    """alertmanager.yml with every receiver replaced by the webhook at `sink_url`/<receiver>."""
    config: dict[str, Any] = read_yaml(ALERTMANAGER)
    config["global"] = {"resolve_timeout": "5m"}
    config["templates"] = [str(TEMPLATES / "*.tmpl")]
    config["receivers"] = [
        {
            "name": receiver["name"],
            "webhook_configs": [
                {"url": f"{sink_url}/{receiver['name']}", "send_resolved": receiver["name"] != "heartbeat"}
            ],
        }
        for receiver in config["receivers"]
    ]
    if quick:
        for route in (config["route"], *config["route"]["routes"]):
            route |= {"group_wait": "0s", "group_interval": "1s"}
    return config


def checkable_alertmanager_config() -> dict[str, Any]:
    """alertmanager.yml as Debian's 0.25 can check it: that one knows no `url_file` of webhooks, and reads secret files."""
    config: dict[str, Any] = read_yaml(ALERTMANAGER)
    config["templates"] = [str(TEMPLATES / "*.tmpl")]
    for receiver in config["receivers"]:
        for webhook in receiver.get("webhook_configs", ()):
            if webhook.pop("url_file", None):
                webhook["url"] = "http://127.0.0.1:9/"
    return config


def write_rules(folder: Path, *, at_once: bool = False) -> str:
    """Copies the rules that make sense here; returns their glob. `at_once` takes the waiting (`for`) out of them, for tests."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yml"):
        old.unlink()
    for path in RULES.glob("*.yml"):
        if path.name in NOT_LOCAL:
            continue
        content = read_yaml(path)
        for group in content["groups"]:
            for rule in group["rules"]:
                if at_once:
                    rule.pop("for", None)
        (folder / path.name).write_text(dump(content), encoding="utf-8")
    return str(folder / "*.yml")


def dump(content: Any) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=200))
