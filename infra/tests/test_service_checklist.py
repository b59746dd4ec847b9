"""The checklist for services: ours pass it, what it cannot find is found when it is taken away, and the document names it all."""

import re
import shutil
from pathlib import Path

import pytest
import service_checklist as checklist

REPO = Path(__file__).resolve().parents[2]
SHARED = (
    *("pyproject.toml", "README.md", ".docs/architecture.md", "infra/scripts/lock", "infra/docker-compose.yml"),
    *("infra/local/bootstrap.py", "infra/local/local_stack/plan.py", "infra/monitoring/prometheus/prometheus.yml"),
    *("services/gateway/dynamic/services.yml", "services/gateway/dynamic/routers.yml", ".github/workflows/ci.yml"),
    *(".github/workflows/images.yml", "libs/shared-utils/src/shared_utils/db/bootstrap.py"),
)


@pytest.fixture
def copy(tmp_path: Path) -> checklist.Service:
    """worker-svc in a repository of its own, in which things may be taken away."""
    for name in SHARED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, target)
    shutil.copytree(
        REPO / "services/worker-svc",
        tmp_path / "services/worker-svc",
        ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"),
    )
    return checklist.Service(tmp_path, "worker-svc")


@pytest.mark.parametrize("service", checklist.services(), ids=lambda service: service.name)
def test_our_services_have_everything(service: checklist.Service) -> None:
    assert checklist.missing(service) == []


def test_a_copy_has_everything_too(copy: checklist.Service) -> None:
    assert checklist.missing(copy) == []


@pytest.mark.parametrize(
    ("path", "pattern", "replacement", "says", "check"),
    [
        (
            "services/worker-svc/Dockerfile",
            r"^USER .*$",
            "USER root",
            "numeric user",
            checklist.the_image_is_small_and_harmless,
        ),
        (
            "services/worker-svc/Dockerfile",
            r"@sha256:\w+",
            "",
            "has no digest",
            checklist.the_image_is_small_and_harmless,
        ),
        (
            "services/worker-svc/Dockerfile",
            r"^HEALTHCHECK",
            "# HEALTHCHECK",
            "no HEALTHCHECK",
            checklist.the_image_is_small_and_harmless,
        ),
        (
            "services/worker-svc/requirements.txt",
            r"--hash=sha256:",
            "--hash=md5:",
            "has no hashes",
            checklist.the_dependencies_are_locked,
        ),
        (
            "services/worker-svc/src/worker_svc/main.py",
            r"build_app\(",
            "FastAPI(",
            "does not call",
            checklist.the_application_is_the_houses,
        ),
        (
            "services/worker-svc/src/worker_svc/settings.py",
            r'"WORKER_SVC_"',
            '"WORKER_"',
            "the prefix",
            checklist.the_application_is_the_houses,
        ),
        (
            "services/worker-svc/src/worker_svc/database.py",
            r'"market"',
            '"shop"',
            "no schema, no roles",
            checklist.the_schema_is_its_own,
        ),
        (
            "services/worker-svc/migrations/env.py",
            r"run_env\(",
            "run(",
            "no lock between replicas",
            checklist.the_migrations_are_guarded,
        ),
        (
            "services/worker-svc/README.md",
            r"^## Operations$",
            "## Other",
            "no section 'Operations'",
            checklist.the_readme_is_complete,
        ),
        (
            "infra/docker-compose.yml",
            r"^  migrate-worker-svc:",
            "  migrate-other:",
            "migrate-worker-svc",
            checklist.compose_runs_it,
        ),
        (
            "services/gateway/dynamic/routers.yml",
            r"rate-api",
            "plain",
            "has no rate limit",
            checklist.the_gateway_leads_to_it,
        ),
        (
            ".github/workflows/images.yml",
            r"worker-svc",
            "worker",
            "images.yml does not build it",
            checklist.ci_builds_and_delivers_it,
        ),
        (
            "infra/monitoring/prometheus/prometheus.yml",
            r"job_name: worker-svc",
            "job_name: worker",
            "does not scrape",
            checklist.prometheus_asks_it,
        ),
        (
            "infra/local/local_stack/plan.py",
            r'"worker-svc"',
            '"worker"',
            "does not start it",
            checklist.the_local_stack_starts_it,
        ),
        ("pyproject.toml", r"services/worker-svc/src", "", "mypy_path", checklist.the_tools_look_at_it),
    ],
)
def test_what_is_taken_away_is_missed(
    path: str, pattern: str, replacement: str, says: str, check: checklist.Check, copy: checklist.Service
) -> None:
    file = copy.root / path
    text = file.read_text()
    changed = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed)
    assert any(says in problem for problem in check(copy)), list(check(copy))


def test_a_missing_file_is_missed(copy: checklist.Service) -> None:
    (copy.folder / "Dockerfile.dockerignore").unlink()
    assert any("Dockerfile.dockerignore" in problem for problem in checklist.missing(copy))


def test_the_document_names_every_check() -> None:
    words = " ".join((REPO / ".docs/new-service.md").read_text().split())
    assert {checklist.title(check) for check in checklist.CHECKS} == set(re.findall(r"\*\*([a-z' ]+)\*\*", words)) - {
        "bold"
    }
