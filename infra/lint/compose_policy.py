"""What the compose files must hold beyond their schema: the reasons are in .docs/deployment.md.

    python infra/lint/compose_policy.py [--root FOLDER]

Prints one line per violation and ends with 1 when there is any. Exceptions stand in `compose_exceptions.txt` with their reasons.
"""

import argparse
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic_settings import BaseSettings

EXCEPTIONS = Path("infra/lint/compose_exceptions.txt")
BASE = "docker-compose.yml"
DEVELOPING = "docker-compose.dev.yml"
PUBLISHER = "gateway"
# A service of ours by the prefix of its variables.
SETTINGS = {"CORE_API_": "core_api", "AI_SVC_": "ai_svc", "WORKER_SVC_": "worker_svc"}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)")
DOCUMENTED = re.compile(r"^#? ?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
PINNED = re.compile(r"^[^\s:@]+(?:/[^\s:@]+)*:(?=[^\s@]*\d+\.\d+)[\w.-]+(?:@sha256:[0-9a-f]{64})?$")
OURS = re.compile(r"^\$\{[A-Z_]+_IMAGE:-rotina/([a-z-]+):local\}$")
FLOATING = re.compile(r":(?:latest|stable|main|edge|\d+|v\d+|\d+\.\d+|v\d+\.\d+)(?:@|$)")
SECRET_NAME = re.compile(r"(?:PASSWORD|PASS|SECRET|TOKEN|_KEY|_KEYS|DATABASE_URL|STREAMS_URL|CACHE_URL)$")


@dataclass(frozen=True)
class Rule:
    name: str
    message: str


@dataclass
class Compose:
    """One file with the base below it, merged as far as the rules look."""

    file: Path
    own: Mapping[str, Any]
    services: dict[str, dict[str, Any]]
    secrets: set[str]
    networks: set[str]
    volumes: set[str]


def load(folder: Path) -> list[Compose]:
    """Every compose file; overlays with the services of the base under them."""
    base = _read(folder / BASE)
    found = []
    for file in sorted(folder.glob("docker-compose*.yml")):
        own = _read(file)
        below = {} if file.name == BASE else base
        services = {
            name: _merged((below.get("services") or {}).get(name) or {}, part or {})
            for name, part in (own.get("services") or {}).items()
        }
        names = {
            part: {*(below.get(part) or {}), *(own.get(part) or {})} for part in ("secrets", "networks", "volumes")
        }
        found.append(Compose(file, own, services, names["secrets"], names["networks"], names["volumes"]))
    return found


def _read(file: Path) -> Any:
    # The loader written in C is ten times as fast, where the wheel has it.
    return yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe


def _merged(below: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    environment = _mapping(below.get("environment")) | _mapping(part.get("environment"))
    lists = {key: [*(below.get(key) or []), *(part.get(key) or [])] for key in ("secrets", "networks")}
    return {**below, **part, **lists, "environment": environment}


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return dict(item.partition("=")[::2] for item in value)
    return dict(value or {})


def hardening(service: Mapping[str, Any]) -> Iterator[Rule]:
    """Every container: no root, nothing to write, no rights, limits, an end in good order, logs that end."""
    user = str(service.get("user", "")).split(":")[0]
    if not user.isdigit() or user == "0":
        yield Rule("user", "name a numeric user that is not root")
    if service.get("read_only") is not True:
        yield Rule("read-only", "read_only: true, with tmpfs for what is written")
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add") or service.get("privileged"):
        yield Rule("capabilities", "cap_drop: [ALL] and nothing added")
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield Rule("no-new-privileges", "security_opt: [no-new-privileges:true]")
    for key in ("mem_limit", "cpus", "pids_limit"):
        if key not in service:
            yield Rule("limits", f"{key} is missing")
    if service.get("init") is not True:
        yield Rule("init", "init: true, so that signals and orphans are handled")
    if "max-size" not in ((service.get("logging") or {}).get("options") or {}):
        yield Rule("logging", "logs without max-size fill the disk")
    if "restart" not in service:
        yield Rule("restart", "say what happens after a crash")
    if service.get("restart") != "no" and "stop_grace_period" not in service:
        yield Rule("stop-grace", "stop_grace_period: longer than the process takes to end in good order")


def images(service: Mapping[str, Any]) -> Iterator[Rule]:
    image = str(service.get("image", ""))
    if not OURS.match(image) and (not PINNED.match(image) or FLOATING.search(image)):
        yield Rule("image", f"{image or 'no image'}: pin the exact version, and the digest where one is established")


def ports(name: str, service: Mapping[str, Any], file: str) -> Iterator[Rule]:
    published = [str(port) for port in service.get("ports", [])]
    if name == PUBLISHER or not published:
        return
    if file != DEVELOPING or not all(port.startswith("127.0.0.1:") for port in published):
        yield Rule("ports", "only the gateway publishes ports")


def references(compose: Compose, service: Mapping[str, Any]) -> Iterator[Rule]:
    """Secrets, networks, volumes and mounted files that are named are there."""
    for secret in service.get("secrets", []):
        if secret not in compose.secrets:
            yield Rule("secret", f"{secret} is not declared")
    for value in service["environment"].values():
        used = re.match(r"/run/secrets/(\w+)$", str(value))
        if used and used[1] not in service.get("secrets", []):
            yield Rule("secret", f"{used[1]} is read but not among the service's secrets")
    for network in service.get("networks") or []:
        if network not in compose.networks:
            yield Rule("network", f"{network} is not declared")
    for volume in service.get("volumes", []):
        source = str(volume).partition(":")[0]
        if source.startswith("."):
            if not (compose.file.parent / source).exists():
                yield Rule("mount", f"{source} is not there")
        elif re.match(r"\w", source) and source not in compose.volumes:
            yield Rule("volume", f"{source} is not declared")


def environment(service: Mapping[str, Any]) -> Iterator[Rule]:
    """Our services' variables are settings that they know, and secrets are files."""
    known = known_settings()
    for name in service["environment"]:
        prefix = next((prefix for prefix in SETTINGS if name.startswith(prefix)), None)
        setting = name.removesuffix("_FILE")
        if prefix and name not in known[prefix] and setting not in known[prefix]:
            yield Rule("setting", f"{SETTINGS[prefix]} has no setting {name}")
        if SECRET_NAME.search(name):
            yield Rule("secret-variable", f"{name} is a secret: hand it over as {name}_FILE")


_KNOWN: dict[str, set[str]] = {}


def known_settings() -> dict[str, set[str]]:
    if not _KNOWN:
        for prefix, package in SETTINGS.items():
            module = importlib.import_module(f"{package}.settings")
            classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseSettings)]
            _KNOWN[prefix] = {f"{prefix}{field}".upper() for one in classes for field in one.model_fields}
    return _KNOWN


def waits_for_migration(compose: Compose) -> Iterator[tuple[str, Rule]]:
    """Whoever uses a schema starts when its migration is through."""
    for name, service in compose.services.items():
        uses = {key for key in service["environment"] if key.endswith("_DATABASE_URL_FILE") and "MIGRATION" not in key}
        for key in uses:
            wanted = "migrate-" + key.removesuffix("_DATABASE_URL_FILE").lower().replace("_", "-")
            condition = _mapping(service.get("depends_on")).get(wanted) or {}
            if condition.get("condition") != "service_completed_successfully":
                yield name, Rule("migration", f"wait for {wanted}: service_completed_successfully")


def check(root: Path) -> list[str]:
    """Every violation as `file: service: rule: what to do`, without those that have a reason."""
    folder = root / "infra"
    allowed, used = exceptions(root), set[str]()
    documented = set(DOCUMENTED.findall((folder / ".env.example").read_text(encoding="utf-8")))
    found, interpolated = [], set[str]()
    for compose in load(folder):
        text = "\n".join(
            line for line in compose.file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
        )
        interpolated |= set(VARIABLE.findall(text)) | _handed_through(compose)
        rules = [
            (name, rule) for name, service in compose.services.items() for rule in of_service(compose, name, service)
        ]
        for name, rule in [*rules, *waits_for_migration(compose)]:
            key = f"{name}::{rule.name}"
            if key in allowed:
                used.add(key)
            else:
                found.append(f"{compose.file.name}: {name}: {rule.name}: {rule.message}")
    found += [f".env.example: {name} is used but not explained" for name in sorted(interpolated - documented)]
    found += [f".env.example: {name} is explained but not used" for name in sorted(documented - interpolated)]
    found += [f"{EXCEPTIONS.name}: {key} is no exception any more" for key in sorted(allowed.keys() - used)]
    return found


def of_service(compose: Compose, name: str, service: Mapping[str, Any]) -> Iterator[Rule]:
    """All rules that look at one service."""
    yield from hardening(service)
    yield from images(service)
    yield from ports(name, service, compose.file.name)
    yield from references(compose, service)
    yield from environment(service)


def _handed_through(compose: Compose) -> set[str]:
    """Variables without a value: compose takes them from .env when they are there."""
    return {
        name for service in compose.services.values() for name, value in service["environment"].items() if value is None
    }


def exceptions(root: Path) -> dict[str, str]:
    """`service::rule  reason` per line; a reason is not optional."""
    found = {}
    for line in (root / EXCEPTIONS).read_text(encoding="utf-8").splitlines():
        key, _, reason = line.strip().partition(" ")
        if key and not key.startswith("#") and reason.strip():
            found[key] = reason.strip()
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the compose files must hold beyond their schema.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    found = check(parser.parse_args(arguments).root)
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
