"""Whether what dashboards and alerts ask for is really exposed: names of metrics and of their labels, against a running stack."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from local_stack.tools import REPO
from monitor.configuration import jobs
from monitor.files import DASHBOARDS, FOLDER, read_yaml, rules
from monitor.promql import Selector, selectors
from monitor.running import Monitoring, Stack

CATALOGUE = REPO / ".docs" / "metrics.md"
KNOWN = FOLDER / "known_metrics.yml"
_ROW = re.compile(r"^\| `(?P<name>[a-z0-9_]+)` \| (?P<type>\w+) \|(?P<labels>[^|]*)\|", re.MULTILINE)
_TYPE = re.compile(r"^# TYPE (\w+) (\w+)", re.MULTILINE)
_SAMPLE = re.compile(r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})? ", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
# Prometheus puts these on every series.
_ADDED = frozenset({"job", "instance"})

Exposed = Mapping[str, frozenset[str]]
"""The label names of each metric."""


@dataclass(frozen=True)
class Use:
    """A place that asks for a metric."""

    place: str
    selector: Selector


def uses() -> Iterator[Use]:
    """Every selector of every alert, recorded series, panel and annotation."""
    for rule in rules():
        for selector in selectors(rule.expr):
            yield Use(f"rules/{rule.file.name}: {rule.name}", selector)
    for path in sorted(DASHBOARDS.glob("*.json")):
        board = json.loads(path.read_text(encoding="utf-8"))
        expressions = [(one["name"], one["expr"]) for one in board["annotations"]["list"]]
        expressions += [
            (panel["title"], target["expr"])
            for panel in board["panels"]
            for target in panel.get("targets", ())
            if target["datasource"]["type"] == "prometheus"
        ]
        for title, expression in expressions:
            for selector in selectors(expression):
                yield Use(f"dashboards/{path.name}: {title}", selector)


def recorded() -> dict[str, frozenset[str]]:
    """Series that rules write; their labels are those of their `by`."""
    found: dict[str, frozenset[str]] = {}
    for rule in rules():
        if not rule.is_alert:
            by = re.findall(r"\bby \(([^)]*)\)", rule.expr)
            found[rule.name] = frozenset(name.strip() for names in by for name in names.split(","))
    return found


def exposed_by(text: str, promised: Exposed) -> dict[str, frozenset[str]]:
    """Names and labels of an exposition. A metric without a series yet has the labels that the catalogue promises."""
    found: dict[str, frozenset[str]] = {}
    for name, kind in _TYPE.findall(text):
        for suffix in ("_bucket", "_sum", "_count") if kind == "histogram" else ("",):
            found[name + suffix] = promised.get(name + suffix, frozenset())
    for sample in _SAMPLE.finditer(text):
        labels = frozenset(_LABEL.findall(sample["labels"] or ""))
        found[sample["name"]] = found.get(sample["name"], frozenset()) | labels
    return found


def catalogue() -> dict[str, frozenset[str]]:
    """Labels by metric, from .docs/metrics.md."""
    text = CATALOGUE.read_text(encoding="utf-8")
    found = {}
    for row in _ROW.finditer(text):
        labels = frozenset(name.strip() for name in row["labels"].split(",") if name.strip())
        found[row["name"]] = labels
        if row["type"] == "histogram":
            found |= {
                f"{row['name']}_bucket": labels | {"le"},
                f"{row['name']}_sum": labels,
                f"{row['name']}_count": labels,
            }
    return found


def elsewhere() -> dict[str, frozenset[str]]:
    """What a local stack has no process for, from the committed list with its sources."""
    groups = read_yaml(KNOWN)
    return {name: frozenset(labels) for group in groups.values() for name, labels in group["metrics"].items()}


def problems(asked: Iterable[Use], known: Exposed) -> Iterator[str]:
    """What nobody exposes."""
    for use in asked:
        labels = known.get(use.selector.metric)
        if labels is None:
            yield f"{use.place}: nobody exposes {use.selector.metric}"
            continue
        missing = sorted(use.selector.labels - labels - _ADDED)
        if missing:
            yield f"{use.place}: {use.selector.metric} has no label {', '.join(missing)}; it has {sorted(labels)}"


async def exposed_by_stack(monitoring: Monitoring) -> tuple[dict[str, frozenset[str]], list[str]]:
    """What all targets of a started monitoring expose, and which did not answer."""
    known: dict[str, frozenset[str]] = {}
    silent: list[str] = []
    promised = catalogue()
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        for job, addresses in monitoring.targets().items():
            for address in addresses:
                try:
                    answer = await http.get(f"http://{address}/metrics")
                    answer.raise_for_status()
                except httpx.HTTPError as error:
                    silent.append(f"{job} at {address} does not answer /metrics: {error!r}")
                    continue
                for name, labels in exposed_by(answer.text, promised).items():
                    known[name] = known.get(name, frozenset()) | labels
    return known, silent


def verdict(exposed: Exposed, silent: Iterable[str]) -> list[str]:
    """Every problem: targets that are away, unknown jobs, unknown metrics and labels."""
    wrong = list(silent)
    known = {**exposed, **recorded(), **elsewhere()}
    asked = list(uses())
    wrong += problems(asked, known)
    return list(dict.fromkeys(wrong))


async def compare_with_stack(stack: Stack, folder: Path) -> int:
    """Starts the exporters beside the running stack, compares, prints, stops. 0 when everything is there."""
    monitoring = Monitoring(stack, folder)
    try:
        await monitoring.start()
        exposed, silent = await exposed_by_stack(monitoring)
    finally:
        await monitoring.stop()
    missing_jobs = sorted({"core-api", "core-scheduler", "ai-svc", "worker-svc"} - set(stack.targets))
    wrong = [f"the stack has no address of {job}" for job in missing_jobs] + verdict(exposed, silent)
    for problem in wrong:
        print(problem)
    asked = {use.selector.metric for use in uses()}
    print(f"{len(asked)} metrics asked for, {len(exposed)} exposed by {len(jobs())} jobs: {len(wrong)} problems")
    return 1 if wrong else 0
