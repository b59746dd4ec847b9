"""The import contracts of the root pyproject.toml, run on a small made-up tree of the same shape with violations planted."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
CONFIG = REPO / "pyproject.toml"

MODULES = tuple(sorted(path.parent.name for path in REPO.glob("services/core-api/src/core_api/modules/*/__init__.py")))
AI_SVC = REPO / "services/ai-svc/src/ai_svc"
AI_PARTS = tuple(
    ".".join(path.relative_to(AI_SVC).with_suffix("").parts)
    for path in sorted(AI_SVC.rglob("*.py"))
    if path.name not in {"__init__.py", "__main__.py"}
)
MODULE_FILES = (
    *("router", "consumers", "public", "dependencies", "service", "repository", "events"),
    *("models", "schemas", "exceptions"),
)
PACKAGES = {
    "core_api": (
        *("main", "api", "lifespan", "metadata", "scheduler", "migrate", "seed", "settings"),
        *(f"modules.{module}.{file}" for module in MODULES for file in MODULE_FILES),
    ),
    "ai_svc": (
        *AI_PARTS,
        *(f"memory.{file}" for file in MODULE_FILES),
        *(f"{part}.{file}" for part in ("tasks", "texts", "budgets", "prompts") for file in MODULE_FILES),
        *(f"rag.{part}.{file}" for part in ("documents", "search", "answers") for file in MODULE_FILES),
        *("live.runs", "rag.lexicon.words", "rag.parsing.files", "rag.chunking.pieces", "rag.sources.addresses"),
    ),
    "worker_svc": (
        *("main", "lifespan", "api", "database", "settings", "runtime.loop", "jobs.registry", "jobs.b3.cotahist"),
        *("sources.b3", "market.service", "storage.files"),
    ),
    "shared_utils": (
        *("settings", "logging", "errors", "clock", "observability.metrics", "db.session", "messaging.streams"),
        *("security.oidc", "http.app", "testing.plugin"),
    ),
    "shared_schemas": ("auth", "jobs"),
    "rotina": ("sdk", "cli"),
}


def write_tree(root: Path) -> None:
    for package, modules in PACKAGES.items():
        for module in modules:
            target = root.joinpath(package, *module.split(".")).with_suffix(".py")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("")
        for folder in [root / package, *(path for path in (root / package).rglob("*") if path.is_dir())]:
            (folder / "__init__.py").write_text("")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path)
    return tmp_path


@pytest.fixture
def contracts(tree: Path) -> Callable[[], tuple[int, str]]:
    def run() -> tuple[int, str]:
        done = subprocess.run(
            [Path(sys.executable).parent / "lint-imports", "--config", CONFIG, "--no-cache"],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "300", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


# importer, imported, the contract that must notice
VIOLATIONS = [
    ("core_api.main", "worker_svc.main", "services > shared_utils > shared_schemas"),
    ("shared_utils.db.session", "core_api.settings", "services > shared_utils > shared_schemas"),
    ("shared_schemas.jobs", "sqlalchemy", "shared_schemas is pydantic and the standard library"),
    ("shared_utils.db.session", "shared_utils.http.app", "shared_utils: every file has a named layer"),
    ("worker_svc.main", "shared_utils.testing.plugin", "no service ships test code"),
    (
        "core_api.modules.routines.repository",
        "core_api.modules.routines.service",
        "inside a module, imports only go down",
    ),
    ("core_api.modules.routines.service", "core_api.modules.calendars.service", "modules meet only through public.py"),
    ("core_api.scheduler", "core_api.modules.executions.repository", "modules meet only through public.py"),
    ("core_api.modules.executions.service", "core_api.modules.routines.public", "who may know whom"),
    ("core_api.modules.routines.service", "core_api.modules.executions.public", "who may know whom"),
    ("core_api.modules.calendars.service", "core_api.modules.pools.public", "who may know whom"),
    ("core_api.modules.access.service", "core_api.modules.workers.public", "who may know whom"),
    ("core_api.modules.executions.service", "core_api.modules.calendars.public", "executions carry a snapshot"),
    ("core_api.modules.dispatch.service", "core_api.modules.routines.public", "the dispatcher knows"),
    ("core_api.modules.pools.service", "core_api.main", "the service around the modules is wiring"),
    ("core_api.modules.workers.service", "fastapi", "business code knows no web framework"),
    ("worker_svc.runtime.loop", "worker_svc.jobs.registry", "worker-svc: the runtime knows jobs"),
    ("worker_svc.market.service", "worker_svc.jobs.registry", "worker-svc: jobs stand on market"),
    ("worker_svc.sources.b3", "worker_svc.storage.files", "worker-svc: jobs stand on market"),
    ("ai_svc.memory.repository", "ai_svc.memory.service", "inside a part of ai-svc"),
    ("ai_svc.brain.providers", "ai_svc.memory.service", "brain knows no other part"),
    ("ai_svc.memory.service", "fastapi", "business code knows no web framework"),
    ("core_api.modules.workers.public", "fastapi", "business code knows no web framework"),
    ("core_api.modules.pools.router", "core_api.modules.pools.repository", "routers and consumers speak to services"),
    ("core_api.modules.pools.consumers", "core_api.modules.pools.models", "routers and consumers speak to services"),
]
NEW_FILES = [
    ("core_api/modules/routines/managers.py", "inside a module, imports only go down"),
    ("ai_svc/memory/tools.py", "inside a part of ai-svc"),
    ("shared_utils/strings.py", "shared_utils: every file has a named layer"),
]


def broken(output: str) -> set[str]:
    return {line.rsplit(" BROKEN", 1)[0].strip() for line in output.splitlines() if line.endswith("BROKEN")}


def test_an_obedient_tree_passes(contracts: Callable[[], tuple[int, str]]) -> None:
    code, output = contracts()
    assert code == 0, output


@pytest.mark.parametrize(("importer", "imported", "contract"), VIOLATIONS)
def test_a_forbidden_import_is_caught(
    importer: str, imported: str, contract: str, tree: Path, contracts: Callable[[], tuple[int, str]]
) -> None:
    source = tree.joinpath(*importer.split(".")).with_suffix(".py")
    source.write_text(f"import {imported}\n")
    code, output = contracts()
    assert code == 1, output
    assert any(name.startswith(contract) for name in broken(output)), output


@pytest.mark.parametrize(("path", "contract"), NEW_FILES)
def test_a_file_without_a_layer_is_caught(
    path: str, contract: str, tree: Path, contracts: Callable[[], tuple[int, str]]
) -> None:
    (tree / path).write_text("")
    code, output = contracts()
    assert code == 1, output
    assert "undeclared" in output.lower() or any(name.startswith(contract) for name in broken(output)), output


def test_cycles_between_parts_are_caught(tree: Path, contracts: Callable[[], tuple[int, str]]) -> None:
    (tree / "worker_svc/runtime/loop.py").write_text("import worker_svc.market.service\n")
    (tree / "worker_svc/market/service.py").write_text("import worker_svc.runtime.loop\n")
    code, output = contracts()
    assert code == 1
    assert any(name.startswith("no cycles") for name in broken(output)), output


def test_a_new_module_fails_closed(tree: Path, contracts: Callable[[], tuple[int, str]]) -> None:
    module = tree / "core_api/modules/billing"
    module.mkdir()
    for name in ("__init__", "service", "router"):
        (module / f"{name}.py").write_text("")
    (module / "router.py").write_text("import core_api.modules.billing.service\n")
    code, output = contracts()
    assert code == 1
    assert any(name.startswith("modules meet only") for name in broken(output)), output


def test_every_module_has_its_line() -> None:
    """The contract knows every module there is, and no other."""
    settings = tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]
    protected = next(contract for contract in settings if contract["type"] == "protected")
    lines = {line.split(".")[2] for line in protected["ignore_imports"] if line.startswith("core_api.modules.")}
    assert lines == set(MODULES)
