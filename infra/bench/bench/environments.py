"""Python environments beside ours: what is in them comes from one lock file, and nothing else does."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

from ephemeral import REPO

INSTALL_SECONDS: Final = 240


def installed(name: str, requirements: Path) -> Path:
    """The interpreter of the environment `name`; installed on first use and whenever its lock file changes."""
    environment = REPO / ".rotina" / "bench" / name
    python = environment / "bin" / "python"
    stamp = environment / "requirements.sha256"
    wanted = sha256(requirements.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    uv = str(Path(sys.executable).with_name("uv"))
    # Copied: of files that two environments share, each would be charged with a part only.
    install = [uv, "pip", "install", "--python", str(python), "--link-mode", "copy", "--compile-bytecode"]
    for command in (
        [uv, "venv", "--clear", "--python", sys.executable, str(environment)],
        [*install, "--require-hashes", "-r", str(requirements)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
        if done.returncode:
            raise RuntimeError(f"the environment {name} cannot be installed: {done.stderr.strip()[-500:]}")
    stamp.write_text(wanted)
    return python


def deployed_ai_svc() -> tuple[Path, dict[str, str]]:
    """ai-svc as its image has it: an interpreter with its own lock file's packages, and where its sources are."""
    service = REPO / "services" / "ai-svc"
    python = installed("ai-svc", service / "requirements.txt")
    sources = (service / "src", REPO / "libs" / "shared-schemas" / "src", REPO / "libs" / "shared-utils" / "src")
    return python, {"PYTHONPATH": os.pathsep.join(map(str, sources))}
