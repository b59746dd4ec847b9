"""What was measured, and how it stands against its bar."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg()[0],
        "processor": _processor(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "revision": revision.stdout.strip(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


# What is measured of other queues too; the report lists these side by side.
NO_OPS = "no-op jobs per second"
IMMEDIATE = "from asking to the job's code"
SCHEDULED = "from due to the job's code"


@dataclass(frozen=True)
class Measure:
    """One number. `better` says which side of the bar is good; without a bar it is only told.

    Those of one `group` are compared: ours against the same of other queues.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    better: Literal["less", "more"] = "less"
    note: str = ""
    group: str = ""

    @property
    def meets(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.better == "less" else self.value >= self.bar

    def verdict(self) -> str:
        """Whether it meets its bar, or by how much it does not: as a share of the bar, or as a factor when it is far."""
        if self.bar is None:
            return ""
        if self.meets:
            return "meets"
        if self.better == "more" and self.value <= 0:
            return "MISSES: nothing was done"
        factor = self.value / self.bar if self.better == "less" else self.bar / self.value
        return f"MISSES by {(factor - 1) * 100:.0f} %" if factor < 2 else f"MISSES by a factor of {factor:.1f}"


@dataclass
class Report:
    """All measures of one run; failures are told, never dropped."""

    started_at: datetime
    measures: list[Measure] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=machine)

    def on_what(self) -> str:
        """The machine, and a warning when it had other things to do: then every time below is too long."""
        busy = self.machine["load_average"] > self.machine["cores"] / 4
        warning = "; IT WAS BUSY BEFORE THE START, so these numbers are too bad" if busy else ""
        return "{processor}, {cores} cores, Python {python}, load {load_average:.1f}".format(**self.machine) + warning

    def table(self) -> str:
        head = ("measure", "measured", "bar", "", "note")
        rows = [head, *(_row(measure) for measure in self.measures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.insert(1, "  ".join("-" * width for width in widths))
        lines += [f"{name}: not measured: {reason.splitlines()[0]}" for name, reason in self.failures.items()]
        return "\n".join(lines)

    def side_by_side(self) -> str:
        """The groups that more than one system has a number in, the best first."""
        lines: list[str] = []
        for group in dict.fromkeys(one.group for one in self.measures if one.group):
            members = sorted(
                (one for one in self.measures if one.group == group),
                key=lambda one: one.value if one.better == "less" else -one.value,
            )
            if len(members) > 1:
                lines += [f"{group}, the best first:"]
                lines += [f"  {_number(one.value):>10} {one.unit:<3} {one.name}  ({one.note})" for one in members]
        return "\n".join(lines)

    def write(self, folder: Path) -> Path:
        """One file per run, and `latest.json` for whoever compares."""
        folder.mkdir(parents=True, exist_ok=True)
        document = {
            "started_at": self.started_at.isoformat(),
            "machine": self.machine,
            "measures": [asdict(one) | {"meets": one.meets} for one in self.measures],
            "failures": self.failures,
            "details": self.details,
        }
        text = json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"
        target = folder / f"{self.started_at:%Y%m%dT%H%M%SZ}.json"
        target.write_text(text)
        (folder / "latest.json").write_text(text)
        return target


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `share` of the values do not exceed."""
    if not values:
        raise ValueError("no values were measured")
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


def _row(measure: Measure) -> tuple[str, str, str, str, str]:
    sign = "<=" if measure.better == "less" else ">="
    bar = "" if measure.bar is None else f"{sign} {_number(measure.bar)} {measure.unit}"
    return measure.name, f"{_number(measure.value)} {measure.unit}", bar, measure.verdict(), measure.note


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
