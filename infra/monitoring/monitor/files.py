"""Where the configuration is, and what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local_stack.tools import REPO

FOLDER = REPO / "infra" / "monitoring"
PROMETHEUS = FOLDER / "prometheus" / "prometheus.yml"
RULES = FOLDER / "prometheus" / "rules"
RULE_TESTS = FOLDER / "prometheus" / "tests"
ALERTMANAGER = FOLDER / "alertmanager" / "alertmanager.yml"
TEMPLATES = FOLDER / "alertmanager" / "templates"
DASHBOARDS = FOLDER / "grafana" / "dashboards"
DATASOURCES = FOLDER / "grafana" / "provisioning" / "datasources" / "datasources.yml"
RUNBOOKS = REPO / ".docs" / "runbooks" / "alerts"


@dataclass(frozen=True)
class Rule:
    """One rule of a rules file: an alert, or a recorded series."""

    file: Path
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.content.get("alert") or self.content["record"])

    @property
    def is_alert(self) -> bool:
        return "alert" in self.content

    @property
    def expr(self) -> str:
        return str(self.content["expr"])


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def rules() -> Iterator[Rule]:
    """Every rule of every file, in order."""
    for path in sorted(RULES.glob("*.yml")):
        for group in read_yaml(path)["groups"]:
            for content in group["rules"]:
                yield Rule(path, content)
