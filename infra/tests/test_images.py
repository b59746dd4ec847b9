"""What a Dockerfile copies is enough to start the service, and nothing else is needed from the repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PACKAGES = {"core-api": "core_api", "ai-svc": "ai_svc", "worker-svc": "worker_svc"}
IN_IMAGE = "/opt/rotina/"
STARTS = """
import importlib, pathlib, sys
package, root = sys.argv[1:]
for module in ("main", "migrate", "metadata"):
    importlib.import_module(f"{package}.{module}")
ours = ("core_api", "ai_svc", "worker_svc", "shared_utils", "shared_schemas", "rotina")
loaded = {name: module.__file__ for name, module in sys.modules.items() if name.split(".")[0] in ours and module.__file__}
outside = sorted(name for name, file in loaded.items() if not pathlib.Path(file).is_relative_to(root))
assert not outside, f"not copied into the image: {outside}"
from alembic.config import Config
from alembic.script import ScriptDirectory
assert ScriptDirectory.from_config(Config(f"{root}/services/" + package.replace("_", "-") + "/alembic.ini")).get_current_head()
"""


def dockerfile(service: str) -> str:
    return (REPO / "services" / service / "Dockerfile").read_text()


@pytest.mark.parametrize("service", PACKAGES)
def test_an_image_holds_what_the_service_imports(service: str, tmp_path: Path) -> None:
    text = dockerfile(service)
    for source, target in re.findall(rf"^COPY (\S+) {IN_IMAGE}(\S+)$", text, re.MULTILINE):
        place = tmp_path / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (REPO / source).is_dir():
            shutil.copytree(REPO / source, place)
        else:
            shutil.copy(REPO / source, place)
    paths = re.search(r"PYTHONPATH=(\S+)", text)
    assert paths is not None
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": paths[1].replace(IN_IMAGE, f"{tmp_path}/")}
    command = [sys.executable, "-c", STARTS, PACKAGES[service], str(tmp_path)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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
