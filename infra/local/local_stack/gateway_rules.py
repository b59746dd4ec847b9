"""Traefik v3's rule language: Host, Path, PathPrefix, PathRegexp, Method, Header; `&&`, `||`, `!` and parentheses.

`&&` binds tighter than `||`. A matcher takes one value (two for Header), in backticks or double quotes. Anything else is
refused: a rule that is only half understood would route to the wrong service.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

type Headers = Sequence[tuple[bytes, bytes]]


class RuleError(ValueError):
    """The rule is not in the supported language; the message says where."""


@dataclass(frozen=True)
class RequestView:
    """What rules may look at. `path` is normalised; header names are lower case."""

    method: str
    host: str
    path: str
    headers: Headers = ()

    def header_values(self, name: str) -> list[str]:
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for key, value in self.headers if key == wanted]


type Predicate = Callable[[RequestView], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<op>&&|\|\||!|\(|\)|,)|(?P<name>[A-Za-z]+)|`(?P<tick>[^`]*)`|"(?P<quote>(?:[^"\\]|\\.)*)")""",
)


def _host(host: str) -> Predicate:
    wanted = host.lower()
    return lambda request: request.host.lower() == wanted


def _path(path: str) -> Predicate:
    return lambda request: request.path == path


def _path_prefix(prefix: str) -> Predicate:
    return lambda request: request.path.startswith(prefix)


def _path_regexp(pattern: str) -> Predicate:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise RuleError(f"PathRegexp(`{pattern}`) is not a regular expression: {error}") from error
    return lambda request: compiled.search(request.path) is not None


def _method(method: str) -> Predicate:
    wanted = method.upper()
    return lambda request: request.method == wanted


def _header(name: str, value: str) -> Predicate:
    return lambda request: value in request.header_values(name)


_MATCHERS: dict[str, tuple[int, Callable[..., Predicate]]] = {
    "Host": (1, _host),
    "Path": (1, _path),
    "PathPrefix": (1, _path_prefix),
    "PathRegexp": (1, _path_regexp),
    "Method": (1, _method),
    "Header": (2, _header),
}


def _tokens(rule: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(rule.rstrip()):
        match = _TOKEN.match(rule, position)
        if match is None:
            raise RuleError(f"cannot read the rule at {rule[position : position + 20]!r}: {rule}")
        kind = match.lastgroup or ""
        text = match[kind]
        found.append(
            ("value", re.sub(r"\\(.)", r"\1", text) if kind == "quote" else text)
            if kind in {"tick", "quote"}
            else (kind, text)
        )
        position = match.end()
    return found


class _Parser:
    """Recursive descent: or := and ('||' and)*; and := not ('&&' not)*; not := '!' not | '(' or ')' | matcher."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.tokens = _tokens(rule)
        self.position = 0

    def parse(self) -> Predicate:
        predicate = self._or()
        if self.position < len(self.tokens):
            raise self._unexpected("the end of the rule")
        return predicate

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "the end")

    def _accept(self, operator: str) -> bool:
        if self._peek() == ("op", operator):
            self.position += 1
            return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            raise self._unexpected(f"`{operator}`")

    def _unexpected(self, wanted: str) -> RuleError:
        return RuleError(f"expected {wanted}, found {self._peek()[1]!r}: {self.rule}")

    def _or(self) -> Predicate:
        parts = [self._and()]
        while self._accept("||"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda request: any(part(request) for part in parts)

    def _and(self) -> Predicate:
        parts = [self._not()]
        while self._accept("&&"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda request: all(part(request) for part in parts)

    def _not(self) -> Predicate:
        if self._accept("!"):
            inner = self._not()
            return lambda request: not inner(request)
        if self._accept("("):
            grouped = self._or()
            self._expect(")")
            return grouped
        return self._matcher()

    def _matcher(self) -> Predicate:
        kind, name = self._peek()
        if kind != "name":
            raise self._unexpected("a matcher")
        if name not in _MATCHERS:
            raise RuleError(f"matcher {name} is not supported (known: {', '.join(_MATCHERS)}): {self.rule}")
        self.position += 1
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        count, build = _MATCHERS[name]
        if len(values) != count:
            raise RuleError(f"{name} takes {count} value(s), got {len(values)}; join alternatives with ||: {self.rule}")
        return build(*values)

    def _value(self) -> str:
        kind, text = self._peek()
        if kind != "value":
            raise self._unexpected("a value in backticks or double quotes")
        self.position += 1
        return text


def parse_rule(rule: str) -> Predicate:
    """Compiles a rule to a function of the request. Raises RuleError."""
    return _Parser(rule).parse()
