"""What a Dockerfile copies is enough to start the service, and nothing else is needed from the repository."""

import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PACKAGES = {"core-api": "core_api", "ai-svc": "ai_svc", "worker-svc": "worker_svc"}
IN_IMAGE = "/opt/rotina/"
OURS = frozenset({"core_api", "ai_svc", "worker_svc", "shared_utils", "shared_schemas", "rotina"})
IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)


def dockerfile(service: str) -> str:
    return (REPO / "services" / service / "Dockerfile").read_text()


@pytest.mark.parametrize("service", PACKAGES)
def test_an_image_holds_what_the_service_imports(service: str) -> None:
    """The build itself tries the imports; this says it without Docker."""
    text = dockerfile(service)
    copied = dict(re.findall(rf"^COPY (\S+) ({IN_IMAGE}\S+)$", text, re.MULTILINE))
    sources = [REPO / source for source in copied if source.endswith("/src")]
    files = [file for source in sources for file in source.rglob("*.py")]
    imported = {name for file in files for name in IMPORT.findall(file.read_text())} & OURS
    assert imported <= {package.name for source in sources for package in source.iterdir()}
    path = re.search(r"PYTHONPATH=(\S+)", text)
    assert path is not None
    assert set(path[1].split(":")) == {copied[str(source.relative_to(REPO))] for source in sources}
    # Migrations and the code look for each other by their places.
    assert {f"services/{service}/migrations", f"services/{service}/alembic.ini"} <= copied.keys()
    assert all(target == IN_IMAGE + source for source, target in copied.items() if source != ".docs")


@pytest.mark.parametrize("service", PACKAGES)
def test_what_is_copied_is_let_into_the_context(service: str) -> None:
    """The .dockerignore starts with `*`: a new COPY needs a line there, or the build says "not found"."""
    ignored = (REPO / "services" / service / "Dockerfile.dockerignore").read_text().splitlines()
    sources = set(re.findall(r"^COPY (?!--from)(\S+) \S+$", dockerfile(service), re.MULTILINE))
    assert ignored[1] == "*"
    assert {f"!{source}" for source in sources} == {line for line in ignored if line.startswith("!")}


@pytest.mark.parametrize("service", PACKAGES)
def test_an_image_is_what_production_asks_for(service: str) -> None:
    final = dockerfile(service).split("AS final")[1]
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert 'CMD ["python", "-c"' in final, "the health check needs no tool but Python"
    assert f'RUN ["python", "-c", "import {PACKAGES[service]}.main' in final, "the build tries the imports as that user"
    assert "apt-get" not in dockerfile(service)
    assert "--require-hashes" in dockerfile(service)
    assert not re.search(r"--workers|pip install|uv ", final), "one process, and nothing that installs"
