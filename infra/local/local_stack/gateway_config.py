"""Reads Traefik's dynamic configuration (services/gateway/dynamic/*.yml) and refuses what it does not understand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local_stack.gateway_rules import Predicate, RuleError, parse_rule

ENTRY_POINT = "web"
_TEMPLATE = re.compile(r'\{\{\s*env\s+"(?P<name>\w+)"\s*(?:\|\s*default\s+"(?P<default>[^"]*)"\s*)?\}\}')
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}

_SECTIONS = {"routers", "middlewares", "services"}
_ROUTER_KEYS = {"entryPoints", "rule", "priority", "middlewares", "service"}
_BALANCER_KEYS = {"servers", "healthCheck", "passHostHeader"}
_HEADER_OPTIONS: dict[str, type | tuple[type, ...]] = {
    "customRequestHeaders": dict,
    "customResponseHeaders": dict,
    "contentTypeNosniff": bool,
    "frameDeny": bool,
    "referrerPolicy": str,
    "permissionsPolicy": str,
    "contentSecurityPolicy": str,
    "stsSeconds": int,
    "stsIncludeSubdomains": bool,
    "stsPreload": bool,
}
# Options of each middleware, and their types. What is not here is refused.
_MIDDLEWARES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "headers": _HEADER_OPTIONS,
    "rateLimit": {"average": int, "period": (str, int), "burst": int, "sourceCriterion": dict},
    "buffering": {"maxRequestBodyBytes": int},
    "compress": {"excludedContentTypes": list, "minResponseBodyBytes": int},
    "chain": {"middlewares": list},
    "circuitBreaker": {"expression": str, "checkPeriod": str, "fallbackDuration": str, "recoveryDuration": str},
    "retry": {"attempts": int, "initialInterval": str, "retryNonIdempotentMethod": bool},
}
# Read and checked, but without effect here: there is one process behind each address, whose failures should show at once.
PASSED_OVER = frozenset({"circuitBreaker", "retry"})


class GatewayConfigError(ValueError):
    """The configuration names something unknown, or leaves something out."""


@dataclass(frozen=True)
class Middleware:
    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Router:
    name: str
    matches: Predicate
    priority: int
    service: str
    middlewares: tuple[str, ...]


@dataclass(frozen=True)
class HealthCheck:
    """How the load balancer asks its servers whether they are ready; times in seconds."""

    path: str
    interval: float
    timeout: float


@dataclass
class GatewayConfig:
    """Routers in the order in which they are asked: highest priority first."""

    routers: list[Router] = field(default_factory=list)
    middlewares: dict[str, Middleware] = field(default_factory=dict)
    services: dict[str, list[str]] = field(default_factory=dict)
    health_checks: dict[str, HealthCheck] = field(default_factory=dict)

    def flat_middlewares(self, names: Iterable[str]) -> list[tuple[str, Middleware]]:
        """The named middlewares in order, chains opened, without those that have no effect here."""
        flat: list[tuple[str, Middleware]] = []
        for name in names:
            middleware = self.middlewares[name]
            if middleware.kind == "chain":
                flat += self.flat_middlewares(middleware.options["middlewares"])
            elif middleware.kind not in PASSED_OVER:
                flat.append((name, middleware))
        return flat


def parse_duration(value: str | int) -> float:
    """Go's short form ("1m", "500ms"); a bare number is seconds. Returns seconds."""
    match = _DURATION.fullmatch(str(value))
    if match is None:
        raise GatewayConfigError(f"{value!r} is not a duration like 500ms, 1s or 1m")
    return float(match["number"]) * _SECONDS[match["unit"]]


def substitute(text: str, environment: Mapping[str, str], *, source: str) -> str:
    """The one form of Go template that the files use: {{ env "NAME" | default "value" }}."""

    def value(match: re.Match[str]) -> str:
        found = environment.get(match["name"]) or match["default"]
        if found is None:
            raise GatewayConfigError(f"{source}: the environment variable {match['name']} is not set")
        return found

    replaced = _TEMPLATE.sub(value, text)
    if "{{" in replaced:
        raise GatewayConfigError(
            f"{source}: a template that is not understood: {replaced[replaced.index('{{') :][:60]}"
        )
    return replaced


def load_gateway_config(folder: Path, environment: Mapping[str, str]) -> GatewayConfig:
    """Every *.yml of `folder`, merged as Traefik merges them. Raises GatewayConfigError."""
    config = GatewayConfig()
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    if not files:
        raise GatewayConfigError(f"no *.yml in {folder}")
    for file in files:
        try:
            data = yaml.safe_load(substitute(file.read_text(encoding="utf-8"), environment, source=file.name))
        except yaml.YAMLError as error:
            raise GatewayConfigError(f"{file.name}: {error}") from error
        _merge_file(config, _mapping(data, file.name), file.name)
    _check_references(config)
    config.routers.sort(key=lambda router: -router.priority)
    return config


def _merge_file(config: GatewayConfig, data: Mapping[str, Any], source: str) -> None:
    _known(data, {"http"}, source)
    http = _mapping(data.get("http") or {}, f"{source}: http")
    _known(http, _SECTIONS, f"{source}: http")
    names = {*(router.name for router in config.routers)}
    for name, entry in (http.get("routers") or {}).items():
        if name in names:
            raise GatewayConfigError(f"{source}: router {name} is defined twice")
        router = _router(name, _mapping(entry, f"router {name}"))
        if router is not None:
            config.routers.append(router)
    for name, entry in (http.get("middlewares") or {}).items():
        config.middlewares[name] = _middleware(name, _mapping(entry, f"middleware {name}"))
    for name, entry in (http.get("services") or {}).items():
        config.services[name] = _service(name, _mapping(entry, f"service {name}"))
        check = _health_check(name, entry["loadBalancer"].get("healthCheck"))
        if check is not None:
            config.health_checks[name] = check


def _router(name: str, entry: Mapping[str, Any]) -> Router | None:
    """None for a router of another entry point."""
    where = f"router {name}"
    _known(entry, _ROUTER_KEYS, where)
    if not isinstance(entry.get("rule"), str) or not isinstance(entry.get("service"), str):
        raise GatewayConfigError(f"{where}: rule and service are required")
    if ENTRY_POINT not in entry.get("entryPoints", [ENTRY_POINT]):
        return None
    rule = entry["rule"].strip()
    try:
        predicate = parse_rule(rule)
    except RuleError as error:
        raise GatewayConfigError(f"{where}: {error}") from error
    priority = int(entry.get("priority") or len(rule))  # Traefik's own default is the length of the rule
    return Router(name, predicate, priority, entry["service"], tuple(entry.get("middlewares") or ()))


def _middleware(name: str, entry: Mapping[str, Any]) -> Middleware:
    where = f"middleware {name}"
    _known(entry, set(_MIDDLEWARES), where)
    if len(entry) != 1:
        raise GatewayConfigError(f"{where}: exactly one kind of middleware")
    kind, options = next(iter(entry.items()))
    options = _mapping(options or {}, where)
    allowed = _MIDDLEWARES[kind]
    _known(options, set(allowed), f"{where} ({kind})")
    for key, value in options.items():
        if not isinstance(value, allowed[key]):
            raise GatewayConfigError(f"{where}: {key} has the wrong type: {value!r}")
    for key in sorted(
        {"period", "checkPeriod", "fallbackDuration", "recoveryDuration", "initialInterval"} & set(options)
    ):
        parse_duration(options[key])
    return Middleware(kind, options)


def _service(name: str, entry: Mapping[str, Any]) -> list[str]:
    where = f"service {name}"
    _known(entry, {"loadBalancer"}, where)
    balancer = _mapping(entry.get("loadBalancer") or {}, where)
    _known(balancer, _BALANCER_KEYS, where)
    if balancer.get("passHostHeader", True) is not True:
        raise GatewayConfigError(f"{where}: passHostHeader: false is not supported")
    urls = []
    for server in balancer.get("servers") or []:
        _known(_mapping(server, where), {"url"}, where)
        urls.append(str(server["url"]))
    if not urls:
        raise GatewayConfigError(f"{where}: no servers")
    return urls


def _health_check(name: str, entry: Any) -> HealthCheck | None:
    """Traefik asks every 30 s and waits 5 s when nothing else is said."""
    if entry is None:
        return None
    where = f"health check of {name}"
    check = _mapping(entry, where)
    _known(check, {"path", "interval", "timeout"}, where)
    if not str(check.get("path", "")).startswith("/"):
        raise GatewayConfigError(f"{where}: path must begin with a slash")
    interval, timeout = parse_duration(check.get("interval", "30s")), parse_duration(check.get("timeout", "5s"))
    return HealthCheck(str(check["path"]), interval, timeout)


def _check_references(config: GatewayConfig) -> None:
    chains = {name: one.options["middlewares"] for name, one in config.middlewares.items() if one.kind == "chain"}
    for router in config.routers:
        if router.service not in config.services:
            raise GatewayConfigError(f"router {router.name}: there is no service {router.service}")
        for name in router.middlewares:
            if name not in config.middlewares:
                raise GatewayConfigError(f"router {router.name}: there is no middleware {name}")
    for chain, members in chains.items():
        for name in members:
            if name not in config.middlewares or name in chains:
                raise GatewayConfigError(f"middleware {chain}: {name} is not there, or is itself a chain")


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise GatewayConfigError(f"{where}: expected a mapping, found {value!r}")
    return value


def _known(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(entry) - allowed)
    if unknown:
        raise GatewayConfigError(
            f"{where}: not supported by the front door: {', '.join(unknown)} (known: {', '.join(sorted(allowed))})"
        )
