"""The checks find what is wrong: each is shown one mistake."""

import json
from pathlib import Path

import pytest
import yaml

from monitor import checks, files
from monitor.boards import BOARDS

ALERT = {
    "alert": "Broken",
    "expr": "up == 0",
    "labels": {"severity": "page", "area": "api"},
    "annotations": {"summary": "a · b", "description": "c", "runbook_url": ".docs/runbooks/alerts/Broken.md"},
}
CASE = {
    "promql_expr_test": [
        {"expr": 'ALERTS{alertname="Broken"}', "exp_samples": [{"labels": "", "value": 1}]},
        {"expr": 'ALERTS{alertname="Broken"}', "exp_samples": []},
    ]
}
PAGE = "\n".join(checks.SECTIONS)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One alert, with its test and its runbook."""
    for name, module_name in (("rules", "RULES"), ("tests", "RULE_TESTS"), ("books", "RUNBOOKS")):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(checks, module_name, tmp_path / name)
    monkeypatch.setattr(files, "RULES", tmp_path / "rules")
    write(tmp_path, ALERT)
    (tmp_path / "tests" / "a_test.yml").write_text(yaml.safe_dump({"tests": [CASE]}))
    (tmp_path / "books" / "Broken.md").write_text(PAGE)
    return tmp_path


def write(folder: Path, *alerts: dict) -> None:
    content = {"groups": [{"name": "g", "rules": list(alerts)}]}
    (folder / "rules" / "a.yml").write_text(yaml.safe_dump(content))


def found() -> list[str]:
    return [*checks.check_rules(), *checks.check_tests_of_rules(), *checks.check_runbooks()]


def test_a_whole_alert_is_fine(folders: Path) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"expr": "up =="}, "a.yml: Broken: "),
        ({"labels": {"severity": "urgent", "area": "api"}}, "its severity is none of"),
        ({"labels": {"severity": "page"}}, "it has no area"),
        ({"annotations": ALERT["annotations"] | {"summary": "only English"}}, "Portuguese and English"),
        ({"annotations": ALERT["annotations"] | {"runbook_url": "elsewhere"}}, "its runbook_url has to be"),
    ],
)
def test_each_mistake_of_an_alert_is_found(folders: Path, change: dict, problem: str) -> None:
    write(folders, ALERT | change)
    (line,) = found()
    assert problem in line


def test_an_alert_that_no_test_shows_silent_or_firing_is_found(folders: Path) -> None:
    only_firing = {"promql_expr_test": CASE["promql_expr_test"][:1]}
    (folders / "tests" / "a_test.yml").write_text(yaml.safe_dump({"tests": [only_firing]}))
    assert found() == ["Broken: no test shows it silent"]
    (folders / "tests" / "a_test.yml").unlink()
    assert found() == ["Broken: no test shows it firing", "Broken: no test shows it silent"]


def test_runbooks_and_alerts_belong_together(folders: Path) -> None:
    (folders / "books" / "Gone.md").write_text(PAGE)
    (folders / "books" / "Broken.md").write_text("## What it means\n")
    assert len([line for line in found() if "the section" in line]) == 3
    assert ".docs/runbooks/alerts/Gone.md: there is no such alert" in found()


def test_the_repositorys_own_files_are_fine() -> None:
    assert [*checks.check_rules(), *checks.check_tests_of_rules(), *checks.check_runbooks(), *checks.check_yaml()] == []
    assert list(checks.check_dashboards()) == []


def test_a_board_with_an_id_a_panel_without_words_and_an_unknown_source_is_found() -> None:
    board = json.loads(json.dumps(BOARDS[0].render()))
    board["id"] = 7
    panel = board["panels"][1]
    panel["description"] = ""
    panel["fieldConfig"]["defaults"].pop("unit")
    panel["targets"][0]["datasource"]["uid"] = "elsewhere"
    problems = list(checks._problems_of_board(board, {"prometheus": "prometheus", "loki": "loki"}))
    assert len(problems) == 4
