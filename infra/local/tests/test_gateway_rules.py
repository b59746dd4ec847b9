"""The rule language: what matches, and what is refused instead of being half understood."""

import pytest

from local_stack.gateway_rules import RequestView, RuleError, parse_rule


def request(path: str = "/", method: str = "GET", host: str = "localhost", **headers: str) -> RequestView:
    pairs = tuple((name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items())
    return RequestView(method, host, path, pairs)


@pytest.mark.parametrize(
    ("rule", "matching", "other"),
    [
        ("Path(`/a`)", request("/a"), request("/a/")),
        ("PathPrefix(`/a/`)", request("/a/b"), request("/ab")),
        ("PathRegexp(`^/a/[0-9]+$`)", request("/a/12"), request("/a/x")),
        ("Method(`POST`)", request(method="POST"), request(method="GET")),
        ("Host(`App.Example`)", request(host="app.example"), request(host="other.example")),
        ("Header(`X-Kind`, `a`)", request(X_Kind="a"), request(X_Kind="b")),
        ('Path("/a")', request("/a"), request("/b")),
        ("!Path(`/a`)", request("/b"), request("/a")),
        ("PathPrefix(`/`) && !PathRegexp(`(?i)^/x(/|$)`)", request("/xy"), request("/X/y")),
        ("( Path(`/a`) || Path(`/b`) ) && Method(`GET`)", request("/b"), request("/b", method="PUT")),
    ],
)
def test_a_rule_takes_what_it_says(rule: str, matching: RequestView, other: RequestView) -> None:
    matches = parse_rule(rule)

    assert matches(matching)
    assert not matches(other)


def test_and_binds_tighter_than_or() -> None:
    matches = parse_rule("Path(`/a`) || Path(`/b`) && Method(`PUT`)")

    assert matches(request("/a", method="GET"))
    assert not matches(request("/b", method="GET"))
    assert matches(request("/b", method="PUT"))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("PathPrefix(`/a`, `/b`)", "takes 1 value"),
        ("Headers(`X-A`, `b`)", "not supported"),
        ("HostRegexp(`{x:.+}`)", "not supported"),
        ("Path(`/a`) Path(`/b`)", "expected the end"),
        ("Path(`/a`) ||", "expected a matcher"),
        ("(Path(`/a`)", "expected `)`"),
        ("Path('/a')", "cannot read the rule"),
        ("Path(/a)", "cannot read the rule"),
        ("PathRegexp(`(`)", "not a regular expression"),
        ("", "expected a matcher"),
    ],
)
def test_what_is_not_understood_is_refused(rule: str, said: str) -> None:
    with pytest.raises(RuleError, match=r".*") as refusal:
        parse_rule(rule)

    assert said in str(refusal.value)
