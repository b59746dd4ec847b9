"""`.docs/dependencies.md` names every direct dependency, and no other."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
OURS = {"shared-schemas", "shared-utils", "rotina"}


def names(requirements: list[str]) -> Iterator[str]:
    for line in requirements:
        match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line.strip())
        if match:
            yield match.group().lower().replace("_", "-")


def direct_dependencies() -> set[str]:
    found: set[str] = set()
    for path in [*REPO.glob("libs/*/pyproject.toml"), *REPO.glob("services/*/pyproject.toml")]:
        project = tomllib.loads(path.read_text())["project"]
        found.update(names(project["dependencies"]))
        for group in project.get("optional-dependencies", {}).values():
            found.update(names(group))
    for path in REPO.glob("infra/local/*.in"):
        found.update(names(path.read_text().splitlines()))
    for name in ("frontend", "infra/local/oidc", "infra/lint"):
        path = REPO / name / "package.json"
        package = json.loads(path.read_text())
        found.update(package.get("dependencies", {}), package.get("devDependencies", {}))
    return found - OURS


def documented() -> set[str]:
    rows = [line for line in (REPO / ".docs/dependencies.md").read_text().splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_direct_dependency_has_a_reason() -> None:
    assert direct_dependencies() - documented() == set()


def test_no_reason_outlives_its_dependency() -> None:
    assert documented() - direct_dependencies() == set()
