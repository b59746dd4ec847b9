"""The key comparison finds what Traefik would ignore, and lets through what it knows."""

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
ROUTER = "http:\n  routers:\n    a:\n      rule: {rule}\n      {key}: 10\n      service: x\n"


def check(root: Path) -> tuple[int, str]:
    command = [sys.executable, str(REPO / "infra/lint/traefik_keys.py"), "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_our_files_have_only_keys_that_traefik_knows() -> None:
    assert check(REPO) == (0, "")


@pytest.mark.parametrize(
    ("file", "text", "finding"),
    [
        (
            "traefik.yml",
            "entryPoints:\n  web:\n    adress: ':80'\n",
            "traefik.yml: Traefik knows no entrypoints.*.adress",
        ),
        ("traefik.yml", "pilot: {token: x}\n", "traefik.yml: Traefik knows no pilot"),
        (
            "traefik.yml",
            "entryPoints: {web: {http: {underscoreHeadersStrategy: delete}}}\n",
            "underscoreHeadersStrategy",
        ),
        (
            "dynamic/a.yml",
            "http: {middlewares: {a: {ipWhiteList: {sourceRange: []}}}}\n",
            "http.middlewares.*.ipWhiteList",
        ),
        (
            "dynamic/a.yml",
            ROUTER.format(rule="PathPrefix(`/a`, `/b`)", key="priority"),
            "router a: the rule is written for",
        ),
        ("dynamic/a.yml", ROUTER.format(rule="Headers(`X`, `b`)", key="priority"), "router a: the rule is written for"),
        ("dynamic/optional/a.yml", ROUTER.format(rule="Path(`/a`)", key="middlewares"), "router a: name a priority"),
    ],
)
def test_what_traefik_would_ignore_is_found(tmp_path: Path, file: str, text: str, finding: str) -> None:
    path = tmp_path / "services/gateway" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    code, output = check(tmp_path)
    assert code == 1
    assert finding in output
