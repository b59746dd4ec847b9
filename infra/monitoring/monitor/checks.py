"""What `make check` says about the monitoring: Prometheus' and Alertmanager's own checkers, and what they do not look at."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from local_stack.tools import REPO
from monitor.boards import rendered
from monitor.configuration import checkable_alertmanager_config, dump
from monitor.debian import CHECKERS, PackagesMissing, Program, programs
from monitor.files import (
    DASHBOARDS,
    DATASOURCES,
    FOLDER,
    PROMETHEUS,
    RULE_TESTS,
    RULES,
    RUNBOOKS,
    Rule,
    read_yaml,
    rules,
)
from monitor.promql import selectors

SEVERITIES = frozenset({"page", "ticket", "none"})
SECTIONS = ("## What it means", "## What users see", "## First three commands", "## When to wake somebody")
# Which receiver an alert with these labels has to reach.
ROUTES = (
    ("pages", ("alertname=SchedulerSilent", "severity=page", "area=engine")),
    ("tickets", ("alertname=DeadLetters", "severity=ticket", "area=engine")),
    ("heartbeat", ("alertname=Watchdog", "severity=none", "area=monitoring")),
)
_FIRES = re.compile(r'ALERTS\{alertname="(\w+)"')


def check() -> int:
    """Prints what is wrong; 0 when nothing is. Where the checkers cannot be had it says so, and fails in CI only."""
    problems = [*check_rules(), *check_tests_of_rules(), *check_runbooks(), *check_dashboards(), *check_yaml()]
    try:
        tools = programs(CHECKERS)
    except PackagesMissing as error:
        print(f"promtool and amtool: NOT RUN. {error}")
        problems += ["promtool and amtool have to run in CI"] if os.environ.get("CI") else []
    else:
        problems += check_with_promtool(tools["promtool"])
        problems += check_with_amtool(tools["amtool"])
    for problem in problems:
        print(problem)
    return 1 if problems else 0


# --- with the checkers of Prometheus and Alertmanager -----------------------------------------------------------------


def check_with_promtool(promtool: Program) -> Iterator[str]:
    yield from _run(promtool, "check", "config", str(PROMETHEUS))
    yield from _run(promtool, "check", "rules", *(str(path) for path in sorted(RULES.glob("*.yml"))))
    yield from _run(promtool, "test", "rules", *(str(path) for path in sorted(RULE_TESTS.glob("*.yml"))))


def check_with_amtool(amtool: Program) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        config = Path(folder) / "alertmanager.yml"
        config.write_text(dump(checkable_alertmanager_config()), encoding="utf-8")
        yield from _run(amtool, "check-config", str(config))
        for receiver, labels in ROUTES:
            arguments = ("config", "routes", "test", f"--config.file={config}", f"--verify.receivers={receiver}")
            yield from _run(amtool, *arguments, *labels)


def _run(program: Program, *arguments: str) -> Iterator[str]:
    result = subprocess.run(
        program.command(*arguments), cwd=program.folder, capture_output=True, text=True, check=False, timeout=600
    )
    if result.returncode:
        yield f"{program.path.name} {' '.join(arguments[:3])}:\n{result.stdout}{result.stderr}"


# --- rules and runbooks -----------------------------------------------------------------------------------------------


def check_rules() -> Iterator[str]:
    """Each alert says how urgent it is, in both languages what it is, and where its runbook is; each expression parses."""
    every = list(rules())
    for rule in every:
        try:
            selectors(rule.expr)
        except ValueError as error:
            yield f"{rule.file.name}: {rule.name}: {error}"
        if rule.is_alert:
            yield from (f"{rule.file.name}: {rule.name}: {problem}" for problem in _problems_of_alert(rule))
    for name, count in Counter(rule.name for rule in every).items():
        if count > 1:
            yield f"{name} is defined {count} times"


def _problems_of_alert(rule: Rule) -> Iterator[str]:
    labels, annotations = rule.content.get("labels", {}), rule.content.get("annotations", {})
    if labels.get("severity") not in SEVERITIES:
        yield f"its severity is none of {sorted(SEVERITIES)}"
    if not labels.get("area"):
        yield "it has no area, by which pages silence tickets"
    if " · " not in annotations.get("summary", "") or not annotations.get("description"):
        yield "its summary and description have to say it in Portuguese and English"
    if annotations.get("runbook_url") != f".docs/runbooks/alerts/{rule.name}.md":
        yield f"its runbook_url has to be .docs/runbooks/alerts/{rule.name}.md"


def check_tests_of_rules() -> Iterator[str]:
    """Each alert is shown firing and silent in a test (the dead man's switch is never silent)."""
    firing, silent = set[str](), set[str]()
    for path in RULE_TESTS.glob("*.yml"):
        for case in read_yaml(path)["tests"]:
            for expected in case.get("promql_expr_test", ()):
                names = _FIRES.findall(expected["expr"])
                (firing if expected.get("exp_samples") else silent).update(names)
    alerts = {rule.name for rule in rules() if rule.is_alert}
    yield from (f"{name}: no test shows it firing" for name in sorted(alerts - firing))
    yield from (f"{name}: no test shows it silent" for name in sorted(alerts - silent - {"Watchdog"}))
    yield from (f"{name}: tested, but no alert" for name in sorted((firing | silent) - alerts))


def check_runbooks() -> Iterator[str]:
    alerts = {rule.name for rule in rules() if rule.is_alert}
    pages = {path.stem: path.read_text(encoding="utf-8") for path in RUNBOOKS.glob("*.md") if path.stem != "README"}
    yield from (f"{name}: it has no runbook" for name in sorted(alerts - pages.keys()))
    yield from (f".docs/runbooks/alerts/{name}.md: there is no such alert" for name in sorted(pages.keys() - alerts))
    for name, text in sorted(pages.items()):
        for section in SECTIONS:
            if section not in text:
                yield f".docs/runbooks/alerts/{name}.md: the section {section!r} is missing"


# --- dashboards -------------------------------------------------------------------------------------------------------


def check_dashboards() -> Iterator[str]:
    """The files are what the code writes; uids, data sources, units, descriptions and queries are as they should be."""
    sources = {source["uid"]: source["type"] for source in read_yaml(DATASOURCES)["datasources"]}
    written = rendered()
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in DASHBOARDS.glob("*.json")}
    if on_disk != written:
        changed = sorted(name for name in {*on_disk, *written} if on_disk.get(name) != written.get(name))
        yield f"dashboards {changed} are not what the code writes: run `make dashboards`"
    boards = [json.loads(text) for text in on_disk.values()]
    for uid, count in Counter(board["uid"] for board in boards).items():
        if count > 1:
            yield f"the uid {uid} belongs to {count} dashboards"
    for board in boards:
        yield from (f"dashboard {board['uid']}: {problem}" for problem in _problems_of_board(board, sources))


def _problems_of_board(board: dict[str, Any], sources: dict[str, str]) -> Iterator[str]:
    if "id" in board:
        yield "`id` is Grafana's own and differs everywhere"
    ids = [panel["id"] for panel in board["panels"]]
    if len(ids) != len(set(ids)):
        yield "two panels have the same id"
    for panel in board["panels"]:
        if panel["type"] == "row":
            continue
        yield from (f"{panel['title']}: {problem}" for problem in _problems_of_panel(panel, sources))


def _problems_of_panel(panel: dict[str, Any], sources: dict[str, str]) -> Iterator[str]:
    if not panel.get("description"):
        yield "it has no description"
    if panel["type"] not in {"logs", "text"} and not panel["fieldConfig"]["defaults"].get("unit"):
        yield "it has no unit"
    for target in panel.get("targets", ()):
        source = target.get("datasource", {})
        if sources.get(source.get("uid")) != source.get("type"):
            yield f"its data source {source} is not provisioned"
        if source.get("type") == "prometheus":
            yield from _parses(target["expr"])


def _parses(expression: str) -> Iterator[str]:
    try:
        selectors(expression)
    except ValueError as error:
        yield f"{expression}: {error}"


# --- the rest ---------------------------------------------------------------------------------------------------------


def check_yaml() -> Iterator[str]:
    """Every YAML file below infra/monitoring is one."""
    for path in sorted(FOLDER.rglob("*.yml")):
        try:
            read_yaml(path)
        except yaml.YAMLError as error:
            yield f"{path.relative_to(REPO)}: {error}"
