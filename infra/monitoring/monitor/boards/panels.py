"""The few kinds of panels that the dashboards are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
LOKI = {"type": "loki", "uid": "loki"}
WIDTH = 24
GREEN, YELLOW, RED, BLUE = "green", "yellow", "red", "blue"

Query = tuple[str, str]
"""An expression and how its series are called."""


@dataclass(frozen=True)
class Panel:
    """One panel. `steps` are thresholds: (from which value on, colour)."""

    kind: Literal["timeseries", "stat", "bargauge", "logs", "state-timeline"]
    title: str
    description: str
    queries: Sequence[Query]
    unit: str = "short"
    width: int = 8
    height: int = 7
    steps: Sequence[tuple[float | None, str]] = ()
    stacked: bool = False
    highest: float | None = None
    mappings: Sequence[dict[str, Any]] = ()

    @property
    def source(self) -> dict[str, str]:
        return LOKI if self.kind == "logs" else PROMETHEUS

    def render(self, number: int, *, x: int, y: int) -> dict[str, Any]:
        """Grafana's JSON of this panel at a place of its grid."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": self.source,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "fieldConfig": {"defaults": self._defaults(), "overrides": []},
            "options": self._options(),
            "targets": [self._target(index, query) for index, query in enumerate(self.queries)],
        }

    def _target(self, index: int, query: Query) -> dict[str, Any]:
        now_only = self.kind in {"stat", "bargauge"}
        target = {"refId": chr(ord("A") + index), "datasource": self.source, "expr": query[0], "legendFormat": query[1]}
        return target | ({"instant": True} if now_only else {} if self.kind == "logs" else {"range": True})

    def _defaults(self) -> dict[str, Any]:
        defaults: dict[str, Any] = {"unit": self.unit, "noValue": "–"}
        if self.steps:
            steps = [{"value": value, "color": colour} for value, colour in self.steps]
            defaults |= {"thresholds": {"mode": "absolute", "steps": steps}, "color": {"mode": "thresholds"}}
        if self.highest is not None:
            defaults |= {"min": 0, "max": self.highest}
        if self.mappings:
            defaults["mappings"] = list(self.mappings)
        if self.kind == "timeseries":
            stacking = {"mode": "normal" if self.stacked else "none", "group": "A"}
            defaults["custom"] = {"lineWidth": 1, "fillOpacity": 25 if self.stacked else 8, "stacking": stacking}
            defaults.setdefault("min", 0)
            defaults["color"] = {"mode": "palette-classic"}
        return defaults

    def _options(self) -> dict[str, Any]:
        if self.kind == "timeseries":
            return {
                "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                "tooltip": {"mode": "multi", "sort": "desc"},
            }
        if self.kind == "logs":
            return {"showTime": True, "wrapLogMessage": True, "sortOrder": "Descending", "enableLogDetails": True}
        if self.kind == "state-timeline":
            return {"mergeValues": True, "showValue": "never", "legend": {"showLegend": False}}
        reduced = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
        return reduced | (
            {"colorMode": "value", "graphMode": "area"} if self.kind == "stat" else {"displayMode": "basic"}
        )


def lines(title: str, description: str, *queries: Query, unit: str = "short", width: int = 8, **more: Any) -> Panel:
    return Panel("timeseries", title, description, queries, unit, width, **more)


def number(
    title: str,
    description: str,
    expression: str,
    *,
    unit: str = "short",
    steps: Sequence[tuple[float | None, str]] = ((None, BLUE),),
    width: int = 4,
    **more: Any,
) -> Panel:
    return Panel("stat", title, description, [(expression, "")], unit, width, height=4, steps=steps, **more)


def bars(title: str, description: str, *queries: Query, unit: str = "short", width: int = 8, **more: Any) -> Panel:
    return Panel("bargauge", title, description, queries, unit, width, steps=((None, BLUE),), **more)


def logs(title: str, description: str, expression: str, *, width: int = WIDTH, height: int = 9) -> Panel:
    return Panel("logs", title, description, [(expression, "")], "none", width, height)


def good_is_zero(limit: float = 1) -> tuple[tuple[float | None, str], ...]:
    return ((None, GREEN), (limit, RED))


def good_from(limit: float = 1) -> tuple[tuple[float | None, str], ...]:
    return ((None, RED), (limit, GREEN))


YES_NO = ({"type": "value", "options": {"0": {"text": "não", "color": RED}, "1": {"text": "sim", "color": GREEN}}},)


@dataclass(frozen=True)
class Row:
    """A heading and the panels below it, from left to right."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Board:
    """A dashboard. `uid` never changes: bookmarks and links hold it."""

    uid: str
    title: str
    description: str
    rows: Sequence[Row]
    since: str = "now-6h"
    tags: Sequence[str] = field(default=("rotina",))

    def render(self) -> dict[str, Any]:
        """Grafana's JSON of the dashboard."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": list(self.tags),
            "schemaVersion": 39,
            "editable": False,
            "graphTooltip": 1,
            "timezone": "America/Sao_Paulo",
            "time": {"from": self.since, "to": "now"},
            "refresh": "30s",
            "templating": {"list": []},
            "annotations": {"list": [_PAGES]},
            "links": [_OTHERS],
            "panels": self._panels(),
        }

    def _panels(self) -> list[dict[str, Any]]:
        placed: list[dict[str, Any]] = []
        y = 0
        for row in self.rows:
            heading = {"id": len(placed) + 1, "type": "row", "title": row.title, "collapsed": False, "panels": []}
            placed.append(heading | {"gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}})
            y += 1
            x = tallest = 0
            for panel in row.panels:
                if x + panel.width > WIDTH:
                    y, x, tallest = y + tallest, 0, 0
                placed.append(panel.render(len(placed) + 1, x=x, y=y))
                x, tallest = x + panel.width, max(tallest, panel.height)
            y += tallest
        return placed


_PAGES = {
    "name": "Alertas que acordam alguém",
    "datasource": PROMETHEUS,
    "enable": True,
    "iconColor": RED,
    "expr": 'ALERTS{alertstate="firing",severity="page"}',
    "titleFormat": "{{alertname}}",
    "step": "60s",
}
_OTHERS = {
    "title": "Rotina",
    "type": "dashboards",
    "tags": ["rotina"],
    "asDropdown": True,
    "includeVars": False,
    "keepTime": True,
}
