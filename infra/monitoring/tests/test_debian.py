from pathlib import Path

import pytest

from monitor import debian


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with only what is in this folder."""
    monkeypatch.setattr(debian, "FOLDER", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def put(folder: Path, name: str, script: str = "") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_apt_the_programs_of_the_path_are_taken(machine: Path) -> None:
    for name in ("prometheus", "promtool", "alertmanager", "amtool"):
        put(machine, name)
    found = debian.programs(debian.CHECKERS)
    assert found["prometheus-alertmanager"].path == machine / "alertmanager"
    assert found["promtool"].path == machine / "promtool"


def test_without_apt_and_without_programs_the_message_says_what_to_do(machine: Path) -> None:
    with pytest.raises(debian.PackagesMissing, match=r"no apt.*brew install prometheus alertmanager"):
        debian.programs(debian.CHECKERS)


def test_when_apt_cannot_fetch_its_own_words_are_told(machine: Path) -> None:
    put(machine, "dpkg-deb")
    put(machine, "apt-get", "echo 'E: Unable to locate package prometheus' >&2; exit 100")
    with pytest.raises(debian.PackagesMissing, match=r"(?s)cannot fetch prometheus.*Unable to locate package"):
        debian.programs(["prometheus"])
    assert [path.name for path in debian.FOLDER.iterdir()] == ["lock"], "nothing half is left behind"
