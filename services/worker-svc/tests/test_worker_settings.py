"""Settings, their example file, and what the processes import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from worker_svc.jobs.catalog import CATALOG
from worker_svc.settings import ENV_PREFIX, MigrationSettings, Settings, as_environment

EXAMPLE = Path(__file__).resolve().parents[1] / ".env.example"


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?(WORKER_SVC_[A-Z0-9_]+)=", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    read = {*Settings.model_fields, *MigrationSettings.model_fields}
    assert sorted(named) == sorted(f"{ENV_PREFIX}{name.upper()}" for name in read)


def test_children_read_the_same_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize("field", [{"b3_base_url": "ftp://b3"}, {"queues": []}, {"slots": 0}, {"queues": ["No Queue"]}])
def test_nonsense_is_refused(settings: Settings, field: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(settings.model_dump() | field)


def test_production_refuses_weak_keys(settings: Settings) -> None:
    with pytest.raises(ValidationError, match=r"internal_key|database_url|streams_url"):
        Settings.model_validate(settings.model_dump() | {"environment": "production", "internal_key": "short"})


def _imports(module: str) -> set[str]:
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_the_worker_does_not_carry_what_only_jobs_need() -> None:
    assert "polars" not in _imports("worker_svc.main")


def test_the_fork_server_is_light() -> None:
    loaded = _imports("worker_svc.runtime.forkserver, worker_svc.jobs.catalog")
    assert not loaded & {"polars", "fastapi", "sqlalchemy", "redis", "httpx", "uvicorn"}


def test_every_built_in_job_resolves_and_describes_itself() -> None:
    assert len(CATALOG) >= 7
    for spec in CATALOG:
        assert callable(spec.resolve())
        descriptor = spec.descriptor()
        assert descriptor.title
        assert descriptor.description
        assert descriptor.params_schema["type"] == "object"
        assert descriptor.params_schema["additionalProperties"] is False
