"""Each service's .env.example names every setting of the service, and no other."""

import importlib
import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

REPO = Path(__file__).resolve().parents[2]
SERVICES = {"core-api": "core_api", "ai-svc": "ai_svc", "worker-svc": "worker_svc"}


def variables(package: str) -> set[str]:
    module = importlib.import_module(f"{package}.settings")
    classes = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BaseSettings) and one.__module__ == module.__name__
    ]
    return {f"{one.model_config['env_prefix']}{field}".upper() for one in classes for field in one.model_fields}


@pytest.mark.parametrize(("folder", "package"), SERVICES.items())
def test_example_and_settings_agree(folder: str, package: str) -> None:
    text = (REPO / "services" / folder / ".env.example").read_text()
    documented = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    assert documented == variables(package)
