"""What every service has: the checklist of .docs/new-service.md, as far as a program can look.

    infra/scripts/check-service NAME...     for example core-api; without a name every service that has code

Prints what is missing, one line each, and ends with 1 when anything is.
"""

import argparse
import ast
import importlib.util
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MAX_MAIN_LINES = 60
FILES = (
    *("pyproject.toml", "requirements.txt", "Dockerfile", "Dockerfile.dockerignore", ".env.example", "README.md"),
    *("alembic.ini", "migrations/env.py", "tests/conftest.py"),
)
MODULES = ("main.py", "settings.py", "database.py", "metadata.py", "migrate.py", "lifespan.py", "py.typed")
README_SECTIONS = ("Run", "Addresses", "Settings", "Inside", "Operations")


@dataclass(frozen=True)
class Service:
    """One service's folder, and what others say about it."""

    root: Path
    name: str

    @property
    def folder(self) -> Path:
        return self.root / "services" / self.name

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.package

    def text(self, path: str) -> str:
        """A file of the repository; nothing when it is not there, which another check says."""
        file = self.root / path
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def own(self, path: str) -> str:
        """A file of the service."""
        return self.text(f"services/{self.name}/{path}")

    @cached_property
    def constants(self) -> dict[str, str]:
        """Strings that database.py assigns by name: SCHEMA, SERVICE."""
        found = {}
        for node in ast.parse(self.own(f"src/{self.package}/database.py")).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[target.id] = value.value
        return found

    @cached_property
    def document(self) -> dict[str, Any] | None:
        """Its OpenAPI document, built by infra/scripts/export_openapi.py."""
        spec = importlib.util.spec_from_file_location("export_openapi", ROOT / "infra/scripts/export_openapi.py")
        assert spec is not None
        assert spec.loader is not None
        exporter = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(exporter)
        build = exporter.DOCUMENTS.get(self.name)
        return build() if build is not None and self.root == ROOT else None


def the_files_are_there(service: Service) -> Iterator[str]:
    for name in FILES:
        if not (service.folder / name).is_file():
            yield f"services/{service.name}/{name}"
    for name in MODULES:
        if not (service.source / name).is_file():
            yield f"services/{service.name}/src/{service.package}/{name}"


def the_image_is_small_and_harmless(service: Service) -> Iterator[str]:
    text = service.own("Dockerfile")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    if len(bases) < 2:
        yield "the Dockerfile has one stage: tools that build stay in the image"
    for base in bases:
        if ":" in base and "@sha256:" not in base:
            yield f"the Dockerfile's {base} has no digest"
    user = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    if not user or not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", user[-1]):
        yield "the Dockerfile does not end as a numeric user other than root"
    if not re.search(r"^HEALTHCHECK .*\n?.*/health/ready", text, re.MULTILINE):
        yield "the Dockerfile has no HEALTHCHECK of /health/ready"
    if "--require-hashes" not in text:
        yield "the Dockerfile installs without --require-hashes"


def the_dependencies_are_locked(service: Service) -> Iterator[str]:
    lock = service.own("requirements.txt")
    if "--hash=sha256:" not in lock:
        yield "requirements.txt has no hashes: make lock"
    for place in ("infra/scripts/lock", "infra/local/bootstrap.py"):
        if service.name not in service.text(place):
            yield f"{place} does not know it"


def the_tools_look_at_it(service: Service) -> Iterator[str]:
    tools = tomllib.loads(service.text("pyproject.toml") or "").get("tool", {})
    if f"services/{service.name}/src" not in tools.get("mypy", {}).get("mypy_path", ""):
        yield "pyproject.toml: mypy_path"
    if service.package not in tools.get("importlinter", {}).get("root_packages", []):
        yield "pyproject.toml: importlinter.root_packages (and its layers)"
    if service.package not in tools.get("coverage", {}).get("run", {}).get("source_pkgs", []):
        yield "pyproject.toml: coverage.run.source_pkgs"


def the_application_is_the_houses(service: Service) -> Iterator[str]:
    main = service.own(f"src/{service.package}/main.py")
    if "build_app(" not in main:
        yield "main.py does not call shared_utils.http.app.build_app: no health, metrics, correlation, security headers, Sentry"
    if main.count("\n") > MAX_MAIN_LINES:
        yield f"main.py has more than {MAX_MAIN_LINES} lines: it is a table of contents"
    settings = service.own(f"src/{service.package}/settings.py")
    if "ServiceSettings" not in settings or "frozen=True" not in settings:
        yield "settings.py: Settings is a frozen ServiceSettings"
    if f'"{service.package.upper()}_"' not in settings:
        yield f"settings.py: the prefix is {service.package.upper()}_"


def the_schema_is_its_own(service: Service) -> Iterator[str]:
    schema = service.constants.get("SCHEMA")
    if service.constants.get("SERVICE") != service.name:
        yield f'database.py: SERVICE = "{service.name}"'
    if schema is None:
        yield "database.py: SCHEMA"
        return
    roles = re.search(
        r"^SERVICES: Final = \((.*)\)$",
        service.text("libs/shared-utils/src/shared_utils/db/bootstrap.py"),
        re.MULTILINE,
    )
    if roles is None or f'"{schema}"' not in roles[1]:
        yield f"shared_utils.db.bootstrap.SERVICES has no {schema}: no schema, no roles"
    others = [other.constants.get("SCHEMA") for other in services(service.root) if other.name != service.name]
    if schema in others:
        yield f"the schema {schema} is another service's"


def the_migrations_are_guarded(service: Service) -> Iterator[str]:
    if "run_env(" not in service.own("migrations/env.py"):
        yield "migrations/env.py does not call shared_utils.db.migrations.run_env: no lock between replicas"
    versions = [path.read_text(encoding="utf-8") for path in (service.folder / "migrations/versions").glob("*.py")]
    if sum("down_revision = None" in text for text in versions) != 1:
        yield "migrations/versions: exactly one first migration"
    if any(re.search(r"def downgrade\(\) -> None:\n(?:    \"\"\".*\"\"\"\n)?    pass\n", text) for text in versions):
        yield "migrations/versions: a downgrade does nothing"


def every_route_asks_who_is_there(service: Service) -> Iterator[str]:
    if service.document is None:
        if service.root == ROOT:
            yield "infra/scripts/export_openapi.py does not export it"
        return
    for path, item in service.document["paths"].items():
        for method, operation in item.items():
            if not operation.get("security") and "401" not in operation["responses"]:
                yield f"{method.upper()} {path} asks for no token, no key and no secret"


def it_is_tested(service: Service) -> Iterator[str]:
    tests = "".join(path.read_text(encoding="utf-8") for path in (service.folder / "tests").rglob("*.py"))
    if not re.search(r"/health|readiness|ready", tests):
        yield "no test asks for its health"
    if "migrat" not in tests:
        yield "no test of its migrations"
    paths = (service.document or {"paths": {}})["paths"]
    resources = {
        path.removeprefix("/api/v1/").split("/{")[0].split("/")[-1] for path in paths if path.startswith("/api/v1/")
    }
    for resource in sorted(resources):
        if resource not in tests:
            yield f"no test names {resource}"


def compose_runs_it(service: Service) -> Iterator[str]:
    composed = (yaml.safe_load(service.text("infra/docker-compose.yml")) or {}).get("services", {})
    own = composed.get(service.name)
    if own is None or f"migrate-{service.name}" not in composed:
        yield f"infra/docker-compose.yml has no {service.name} and migrate-{service.name}"
        return
    if "ports" in own:
        yield "infra/docker-compose.yml publishes its port: only the gateway's are"
    if f"migrate-{service.name}" not in own.get("depends_on", {}):
        yield "infra/docker-compose.yml does not wait for its migrations"


def the_gateway_leads_to_it(service: Service) -> Iterator[str]:
    if f"{service.package.upper()}_URL" not in service.text("services/gateway/dynamic/services.yml"):
        yield "services/gateway/dynamic/services.yml has no address for it"
    routers = (
        (yaml.safe_load(service.text("services/gateway/dynamic/routers.yml")) or {}).get("http", {}).get("routers", {})
    )
    leading = {name: router for name, router in routers.items() if router["service"] == service.name}
    if not leading:
        yield "services/gateway/dynamic/routers.yml has no router for it (or say why in its README)"
    for name, router in leading.items():
        if not any(middleware.startswith("rate-") for middleware in router["middlewares"]):
            yield f"services/gateway/dynamic/routers.yml: {name} has no rate limit"


def ci_builds_and_delivers_it(service: Service) -> Iterator[str]:
    for workflow in ("ci.yml", "images.yml"):
        if not re.search(rf"\b{service.name}\b", service.text(f".github/workflows/{workflow}")):
            yield f".github/workflows/{workflow} does not build it"


def the_local_stack_starts_it(service: Service) -> Iterator[str]:
    if f'"{service.name}"' not in service.text("infra/local/local_stack/plan.py"):
        yield "infra/local/local_stack/plan.py does not start it"


def prometheus_asks_it(service: Service) -> Iterator[str]:
    jobs = (yaml.safe_load(service.text("infra/monitoring/prometheus/prometheus.yml")) or {}).get("scrape_configs", [])
    if service.name not in {job["job_name"] for job in jobs}:
        yield "infra/monitoring/prometheus/prometheus.yml does not scrape it"


def its_consumers_have_a_group(service: Service) -> Iterator[str]:
    for path in service.source.rglob("consumers.py"):
        where = path.relative_to(service.root)
        wiring = "".join(
            file.read_text(encoding="utf-8")
            for file in [path, service.source / "lifespan.py", *service.source.glob("*.py")]
        )
        if not re.search(r"group=|consumer=", wiring):
            yield f"{where}: nobody names its consumer group"


def its_contracts_are_shared(service: Service) -> Iterator[str]:
    """What it announces is a contract of shared_schemas: an event class of its own would be nobody else's."""
    for path in service.source.rglob("events.py"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"class \w+\(.*BaseModel", text):
            yield f"{path.relative_to(service.root)} defines an event: it belongs into libs/shared-schemas, with a snapshot"


def the_readme_is_complete(service: Service) -> Iterator[str]:
    headings = re.findall(r"^## (.+)$", service.own("README.md"), re.MULTILINE)
    for section in README_SECTIONS:
        if section not in headings:
            yield f"README.md has no section '{section}'"
    for place in ("README.md", ".docs/architecture.md"):
        if service.name not in service.text(place):
            yield f"{place} does not name it"


type Check = Callable[[Service], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    *(the_files_are_there, the_image_is_small_and_harmless, the_dependencies_are_locked, the_tools_look_at_it),
    *(the_application_is_the_houses, the_schema_is_its_own, the_migrations_are_guarded, every_route_asks_who_is_there),
    *(it_is_tested, compose_runs_it, the_gateway_leads_to_it, ci_builds_and_delivers_it, the_local_stack_starts_it),
    *(prometheus_asks_it, its_consumers_have_a_group, its_contracts_are_shared, the_readme_is_complete),
)


def title(check: Check) -> str:
    """A check's name as a sentence, as the document has it."""
    return check.__name__.replace("_", " ").replace("houses", "house's")


def services(root: Path = ROOT) -> list[Service]:
    """Every service that has code of ours; the gateway has configuration only."""
    return [Service(root, path.parent.name) for path in sorted((root / "services").glob("*/pyproject.toml"))]


def missing(service: Service) -> list[str]:
    """What a service lacks, each with the item of the checklist."""
    return [f"{service.name}: {title(check)}: {problem}" for check in CHECKS for problem in check(service)]


def main(arguments: list[str] | None = None) -> int:
    """Check the named services, or all of them."""
    parser = argparse.ArgumentParser(prog="check-service", description="The checklist of .docs/new-service.md")
    parser.add_argument("names", nargs="*", metavar="NAME", help="for example core-api; default: every service")
    parser.add_argument("--json", action="store_true", help="print a JSON list, for programs")
    options = parser.parse_args(arguments)
    known = {service.name: service for service in services()}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no service {', '.join(unknown)}: services/NAME/pyproject.toml is not there")
    found = [line for name in options.names or known for line in missing(known[name])]
    if options.json:
        print(json.dumps(found, indent=2))
    elif found:
        print("\n".join(found))
    else:
        print(f"{', '.join(options.names or known)}: {len(CHECKS)} items, all there")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
