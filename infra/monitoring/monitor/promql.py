"""What a PromQL expression asks for: metric names and the label names that go with each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser

# Grafana fills these in; any value of the right shape parses.
_VARIABLES = re.compile(r"\$__(?:rate_interval|interval|range)|\$\{?\w+(?::\w+)?\}?")


@dataclass(frozen=True)
class Selector:
    """A metric and the labels that an expression uses with it."""

    metric: str
    labels: frozenset[str]


def without_variables(expression: str) -> str:
    """The expression with Grafana's variables replaced: durations by 5m, names by a word."""
    return _VARIABLES.sub(lambda match: "5m" if match[0].startswith("$__") else "variable", expression)


def selectors(expression: str) -> list[Selector]:
    """Raises ValueError when the expression is no PromQL. Labels of `by` and `on` count for every metric below them."""
    return list(_selectors(promql_parser.parse(without_variables(expression)), frozenset()))


def _selectors(node: Any, grouped: frozenset[str]) -> Iterator[Selector]:
    if isinstance(node, promql_parser.VectorSelector):
        matched = {one.name for one in node.matchers.matchers} - {"__name__"}
        yield Selector(str(node.name), frozenset(matched) | grouped)
    elif isinstance(node, promql_parser.AggregateExpr):
        kept = frozenset(node.modifier.labels) if node.modifier and "By" in str(node.modifier.type) else frozenset()
        yield from _selectors(node.expr, grouped | kept)
    elif isinstance(node, promql_parser.BinaryExpr):
        matched_on = _matched_on(node.modifier)
        for side in (node.lhs, node.rhs):
            yield from _selectors(side, grouped | matched_on)
    elif isinstance(node, promql_parser.Call):
        for argument in node.args:
            yield from _selectors(argument, grouped)
    elif isinstance(node, promql_parser.MatrixSelector):
        yield from _selectors(node.vector_selector, grouped)
    elif isinstance(node, promql_parser.ParenExpr | promql_parser.UnaryExpr | promql_parser.SubqueryExpr):
        yield from _selectors(node.expr, grouped)


def _matched_on(modifier: Any) -> frozenset[str]:
    """The labels of `on (...)`; `ignoring` asks for none."""
    matching = modifier.matching if modifier is not None else None
    return frozenset(matching.labels) if matching is not None and "Include" in str(matching.type) else frozenset()
