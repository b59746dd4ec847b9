"""What the bootstrap decides; the installation itself is run on clean clones, not here."""

import os
import subprocess
from pathlib import Path

import pytest

import bootstrap
from local_stack.tools import REPO

WANTED = {"home": "h", "tools": "t", "packages": "p", "dev": "d", "own": "o", "redis": "r", "model": "m"}
FIND_PYTHON = REPO / "infra" / "scripts" / "find-python"


@pytest.mark.parametrize(
    ("changes", "dev", "current"),
    [
        ({}, False, True),
        ({}, True, True),
        ({"packages": "old"}, False, True),  # the development set holds the plain one
        ({"packages": "old", "dev": "old"}, False, False),
        ({"dev": "old"}, True, False),
        ({"home": "another folder or Python"}, False, False),
        ({"own": "old"}, False, False),
        ({"redis": "old"}, False, False),
        ({"model": "old"}, True, False),
    ],
)
def test_an_environment_is_current_when_all_that_is_needed_is(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], dev: bool, current: bool
) -> None:
    monkeypatch.setattr(bootstrap, "system_redis", lambda: None)

    assert bootstrap.python_is_current(WANTED | changes, WANTED, dev=dev) is current


def test_a_system_redis_is_used_when_it_is_new_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    binary = tmp_path / "redis-server"
    binary.write_text("#!/bin/sh\necho 'Redis server v=6.0.16 sha=0:0'\n")
    binary.chmod(0o755)
    assert bootstrap.system_redis() is None

    binary.write_text("#!/bin/sh\necho 'Redis server v=7.0.15 sha=0:0'\n")
    assert bootstrap.system_redis() == str(binary)


def test_a_missing_compiler_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "aarch64")

    with pytest.raises(bootstrap.SetupError, match="cc and make"):
        bootstrap.install_redis(["uv"])


def test_the_web_app_is_built_again_for_a_source_and_not_for_what_a_build_makes(tmp_path: Path) -> None:
    for name in (
        "src/app.ts",
        "index.html",
        "node_modules/x/y.js",
        "dist/index.html",
        "e2e/today.spec.ts",
        "a.tsbuildinfo",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    assert sorted(str(file.relative_to(tmp_path)) for file in bootstrap.frontend_sources(tmp_path)) == [
        "index.html",
        "src/app.ts",
    ]


def find_python(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(FIND_PYTHON)], env={"HOME": "/nonexistent"} | environment, capture_output=True, text=True, check=False
    )


def fake_python(folder: Path, name: str, version: str) -> Path:
    """Answers the questions of find-python as a Python of that version would."""
    folder.mkdir(parents=True, exist_ok=True)
    binary = folder / name
    new = "0" if tuple(map(int, version.split("."))) >= (3, 12) else "1"
    binary.write_text(f'#!/bin/sh\ncase "$2" in *sys.exit*) exit {new};; *) echo "{binary}";; esac\n')
    binary.chmod(0o755)
    return binary


def test_find_python_skips_old_ones_and_looks_into_pyenv(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    fake_python(tools, "python3", "3.11")
    fake_python(tools, "python3.13", "3.11")  # a shim of pyenv whose version is not switched on
    wanted = fake_python(tmp_path / "py env" / "versions" / "3.12.1" / "bin", "python3", "3.12")

    answer = find_python(PATH=f"{tools}:/usr/bin:/bin", PYENV_ROOT=str(tmp_path / "py env"))

    assert answer.stdout.strip() == str(wanted)


def test_find_python_prefers_what_it_is_told(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.12", "3.12")
    mine = fake_python(tmp_path, "mine", "3.13")

    assert find_python(PATH=f"{tmp_path}:/usr/bin:/bin", PYTHON=str(mine)).stdout.strip() == str(mine)


def test_find_python_explains_a_wrong_choice(tmp_path: Path) -> None:
    old = fake_python(tmp_path, "old", "3.11")

    answer = find_python(PATH=os.defpath, PYTHON=str(old))

    assert answer.returncode == 1
    assert "is not a Python >= 3.12" in answer.stderr
