import pytest

from monitor.promql import Selector, selectors


def names(expression: str) -> dict[str, set[str]]:
    return {one.metric: set(one.labels) for one in selectors(expression)}


def test_metrics_and_labels_of_matchers_groups_and_matching_are_found() -> None:
    query = 'sum by (job, le) (rate(slow_bucket{route!~"/x"}[5m])) / on (job) group_left () max(size{a="b"}) > 1'
    assert names(query) == {"slow_bucket": {"route", "job", "le"}, "size": {"a", "job"}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("vector(1)", {}),
        ('absent(up{job="a"}) or -(time() - (seen > 0))', {"up": {"job"}, "seen": set()}),
        ("max_over_time(rate(x{a='1'}[1m])[1h:5m])", {"x": {"a"}}),
        ("topk(10, sum without (instance) (y))", {"y": set()}),
        ("histogram_quantile(0.5, rate(z_bucket[$__rate_interval]))", {"z_bucket": set()}),
        ("a / ignoring (b) c", {"a": set(), "c": set()}),
    ],
)
def test_every_kind_of_expression_is_walked(query: str, expected: dict[str, set[str]]) -> None:
    assert names(query) == expected


def test_what_is_no_promql_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        selectors("sum(rate(x[5m])")


def test_the_same_metric_twice_is_two_selectors() -> None:
    assert selectors('x{a="1"} - x{b="1"}') == [
        Selector("x", frozenset({"a"})),
        Selector("x", frozenset({"b"})),
    ]
