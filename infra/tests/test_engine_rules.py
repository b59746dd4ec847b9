"""Every rule of the engine has tests named after it and a section of five lines in `.docs/engine.md`."""

import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
RULES = range(1, 19)
FOLDERS = ("services", "libs", "infra")
LINES = ["Promise", "How", "When it fails", "Seen as", "Where"]


def _named_tests() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {rule: [] for rule in RULES}
    for folder in FOLDERS:
        for path in (REPO / folder).rglob("test_*.py"):
            for name in re.findall(r"def (test_e\d\d_\w+)", path.read_text(encoding="utf-8")):
                found.setdefault(int(name[6:8]), []).append(name)
    return found


def _sections() -> dict[int, str]:
    text = (REPO / ".docs" / "engine.md").read_text(encoding="utf-8")
    parts = re.split(r"^## E(\d+) .*$", text, flags=re.MULTILINE)[1:]
    return {int(number): body for number, body in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_tests_named_after_it(rule: int) -> None:
    assert _named_tests()[rule], f"no test is named test_e{rule:02}_..."


def test_no_test_names_a_rule_that_there_is_not() -> None:
    assert set(_named_tests()) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_explained_in_five_lines(rule: int) -> None:
    assert re.findall(r"^- \*\*([\w ]+)\*\*: \S", _sections()[rule], flags=re.MULTILINE) == LINES
