"""shellcheck over every shell script of the repository: files found by their shebang, and the `run:` steps of workflows.

    python infra/lint/shell_scripts.py [--root FOLDER]

Ends with 1 when shellcheck has anything to say. A finding is switched off where it stands, with the reason beside it.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SHEBANG = re.compile(rb"#!\s*/(?:usr/)?bin/(?:env\s+)?(?:ba|da)?sh\b")
SHELLCHECK = Path(sys.executable).parent / "shellcheck"
EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
COMMAND = [str(SHELLCHECK), "--external-sources", "--format=gcc", "--color=never"]


def repository_files(root: Path) -> list[Path]:
    """Files that are, or would be, committed."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [Path(name) for name in sorted(listing.split("\0")) if name and (root / name).is_file()]


def shell_scripts(root: Path) -> list[Path]:
    """Scripts that a shell runs: by the first line, whatever the name."""
    return [path for path in repository_files(root) if SHEBANG.match((root / path).read_bytes()[:64])]


def run_steps(root: Path) -> Iterator[tuple[str, str]]:
    """(place, script) of every step that a shell runs; GitHub fills expressions in before that, so they are words here."""
    for path in sorted((root / ".github").rglob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        jobs: dict[str, Any] = (document or {}).get("jobs") or {}
        for name, job in jobs.items():
            for number, step in enumerate(job.get("steps", []), start=1):
                if "run" in step and step.get("shell", "bash") in {"bash", "sh"}:
                    label = step.get("name", f"step {number}")
                    yield f"{path.relative_to(root)}: {name}: {label}", EXPRESSION.sub("expression", step["run"])


def main(arguments: list[str] | None = None) -> int:
    """Check everything; 1 when there is a finding."""
    parser = argparse.ArgumentParser(description="shellcheck over the repository")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    root: Path = parser.parse_args(arguments).root
    failed = False
    scripts = shell_scripts(root)
    if scripts:
        failed = subprocess.run([*COMMAND, *map(str, scripts)], cwd=root, check=False).returncode != 0
    for place, script in run_steps(root):
        result = subprocess.run(
            [*COMMAND, "--shell=bash", "-"], input=script, text=True, capture_output=True, check=False
        )
        if result.returncode:
            failed = True
            print(result.stdout.replace("-:", f"{place}: line ", 1) if result.stdout else f"{place}: {result.stderr}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
