"""Each house rule is planted as a violation in a temporary tree, and must be caught there; its allowed twin must not be."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

type Plant = Callable[[str, str], Path]


def run(*command: str | Path, cwd: Path) -> tuple[int, str]:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An empty checkout with the repository's own rules in it."""
    lint = tmp_path / "infra" / "lint"
    lint.mkdir(parents=True)
    for source in (REPO / "infra" / "lint").rglob("*.yml"):
        target = lint / source.relative_to(REPO / "infra" / "lint")
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text())
    run("git", "init", "--quiet", cwd=tmp_path)
    return tmp_path


@pytest.fixture
def plant(tree: Path) -> Plant:
    def write(path: str, text: str) -> Path:
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    return write


def syntax(tree: Path) -> tuple[int, str]:
    return run(BIN / "ast-grep", "scan", "--config", "infra/lint/sgconfig.yml", "--color", "never", ".", cwd=tree)


def house(tree: Path) -> tuple[int, str]:
    return run(sys.executable, REPO / "infra/lint/house_rules.py", "--root", tree, cwd=tree)


SERVICE = "services/shop/src/shop/modules/orders/service.py"

SYNTAX_VIOLATIONS = [
    ("commit-only-at-the-edge", SERVICE, "async def close(session):\n    await session.commit()\n"),
    ("commit-only-at-the-edge", SERVICE, "async def close(session):\n    await session.rollback()\n"),
    ("no-http-middleware-class", "services/shop/src/shop/main.py", "class Timing(BaseHTTPMiddleware):\n    pass\n"),
    (
        "no-http-middleware-class",
        "services/shop/src/shop/main.py",
        '@app.middleware("http")\nasync def timing(request, call_next):\n    return await call_next(request)\n',
    ),
    ("no-sql-from-pieces", SERVICE, 'rows = text(f"SELECT * FROM orders WHERE id = {order_id}")\n'),
    ("no-sql-from-pieces", SERVICE, 'rows = session.execute("SELECT 1 FROM " + table)\n'),
    ("no-sql-from-pieces", SERVICE, 'rows = connection.fetch("SELECT %s" % name)\n'),
    ("no-sql-from-pieces", SERVICE, 'rows = sa.text("SELECT {}".format(name))\n'),
    ("no-sql-from-pieces", SERVICE, 'rows = text(f"SELECT 1 FROM {SCHEMA}.{table}")\n'),
    ("no-sql-from-pieces", SERVICE, 'rows = text(f"SELECT 1 FROM {name_of(TABLE)}")\n'),
    ("no-blanket-suppress", SERVICE, "with suppress(Exception):\n    close()\n"),
    ("session-commits-before-the-answer", SERVICE, "Session = Annotated[S, Depends(get_write_session)]\n"),
    ("relationships-load-on-request", SERVICE, 'lines = relationship("Line", back_populates="order")\n'),
    ("business-dates-have-a-zone", SERVICE, "today = self._clock.now().date()\n"),
    ("business-dates-have-a-zone", SERVICE, "since = (clock.now() - timedelta(days=7)).date()\n"),
    ("business-dates-have-a-zone", "infra/journeys/test_days.py", "today = utc_now().date()\n"),
    ("no-sleep-in-tests", "services/shop/tests/test_orders.py", "async def test_it():\n    await asyncio.sleep(0.2)\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), SYNTAX_VIOLATIONS)
def test_syntax_rule_catches(rule: str, path: str, text: str, tree: Path, plant: Plant) -> None:
    plant(path, text)
    code, output = syntax(tree)
    assert code == 1, output
    assert f"error[{rule}]" in output


ALLOWED_SYNTAX = {
    "libs/shared-utils/src/shared_utils/db/session.py": "async def edge(session):\n    await session.commit()\n",
    SERVICE: (
        'query = text("SELECT id FROM orders WHERE id = :id")\n'
        'rows = session.execute(query, {"id": order_id})\n'
        'rows = session.execute(text(f"SELECT 1 FROM {SCHEMA}.orders"))\n'
        'Session = Annotated[S, Depends(get_write_session, scope="function")]\n'
        'lines = relationship("Line", lazy="raise")\n'
        "today, monday = home_date(clock.now()), instant.astimezone(zone).date()\n"
        "with suppress(FileNotFoundError):\n    path.unlink()\n"
        "# The gateway's own clock is read here.\n# ast-grep-ignore: commit-only-at-the-edge\nledger.commit()\n"
    ),
    "services/shop/tests/test_orders.py": "async def test_it():\n    await asyncio.sleep(0)\n",
}


def test_syntax_rules_leave_good_code_alone(tree: Path, plant: Plant) -> None:
    for path, text in ALLOWED_SYNTAX.items():
        plant(path, text)
    code, output = syntax(tree)
    assert code == 0, output


RUFF_VIOLATIONS = [
    ("TID251", "from datetime import UTC, datetime\n\nmoment = datetime.now(UTC)\n"),
    ("TID251", "from starlette.middleware.base import BaseHTTPMiddleware\n\nBASE = BaseHTTPMiddleware\n"),
    ("T201", 'def announce() -> None:\n    print("hello")\n'),
    ("E722", "def load() -> None:\n    try:\n        work()\n    except:\n        log()\n"),
    ("S110", "def load() -> None:\n    try:\n        work()\n    except Exception:\n        pass\n"),
    ("BLE001", "def load() -> None:\n    try:\n        work()\n    except Exception:\n        count()\n"),
    ("PLC0415", "def load() -> object:\n    import json\n\n    return json\n"),
]


@pytest.mark.parametrize(("rule", "text"), RUFF_VIOLATIONS)
def test_ruff_catches(rule: str, text: str, tree: Path, plant: Plant) -> None:
    target = plant("services/shop/src/shop/planted.py", text)
    code, output = run(
        BIN / "ruff", "check", "--config", REPO / "pyproject.toml", "--no-cache", "--output-format", "concise", target,
        cwd=tree,
    )  # fmt: skip
    assert code == 1
    assert f" {rule} " in output


def long_function(lines: int, docstring: str = "") -> str:
    body = [f'    """{docstring}"""'] if docstring else []
    return "\n".join(["def load():", *body, *["    step()"] * (lines - 1), ""])


FALSE_HOST = "pypi" + ".org"  # put together here, so that this file passes its own rule
FALSE_ROOT = "/" + "root/rotina/data"
FALSE_KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
FALSE_TOKEN = ".".join(["eyJ" + "hbGciOiJFUzI1NiIsInR5", "eyJ" + "zdWIiOiIxMjM0NTY3ODkw", "c2lnbmF0dXJlLW9mLXRva2Vu"])

HOUSE_VIOLATIONS = [
    ("root-entry", "notes.md", "hello\n"),
    ("root-entry", "scripts/run.sh", "true\n"),
    ("dumping-ground", "services/shop/src/shop/utils.py", "X = 1\n"),
    ("dumping-ground", "libs/rotina/src/rotina/helpers/dates.py", "X = 1\n"),
    ("dumping-ground", "infra/local/common.py", "X = 1\n"),
    ("service-size", SERVICE, "x = 1\n" * 401),
    ("function-size", SERVICE, long_function(61)),
    ("file-size", "frontend/public/video.bin", "x" * (1024 * 1024 + 1)),
    ("registry-host", "services/shop/requirements.txt", f"--index-url https://{FALSE_HOST}/simple\n"),
    ("registry-host", "frontend/package-lock.json", '"resolved": "https://registry.np' + 'mjs.org/react"\n'),
    ("machine-path", "services/shop/src/shop/settings.py", f'FOLDER = "{FALSE_ROOT}"\n'),
    ("secret", "infra/compose.yml", f"AWS_ACCESS_KEY_ID: {FALSE_KEY}\n"),
    ("secret", "services/shop/tests/test_login.py", f'TOKEN = "{FALSE_TOKEN}"\n'),
    ("unpinned-action", ".github/workflows/ci.yml", "steps:\n  - uses: actions/checkout@v6\n"),
    (
        "unpinned-action",
        ".github/workflows/ci.yml",
        "steps:\n  - name: Read\n    uses: actions/checkout@de0fac2e4500\n",
    ),
    ("function-size", "infra/lint/long_functions.txt", "services/shop/src/shop/gone.py::load  it was long once\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), HOUSE_VIOLATIONS)
def test_house_rule_catches(rule: str, path: str, text: str, tree: Path, plant: Plant) -> None:
    plant(path, text)
    code, output = house(tree)
    assert code == 1, output
    assert f": {rule}: " in output


def test_house_rules_leave_good_code_alone(tree: Path, plant: Plant) -> None:
    plant(SERVICE, "x = 1\n" * 300 + long_function(60, docstring="Words do not count."))
    plant("services/shop/src/shop/parse.py", long_function(80))
    plant("infra/lint/long_functions.txt", "services/shop/src/shop/parse.py::load  one table, read top to bottom\n")
    plant("libs/shared-utils/src/shared_utils/clock.py", "X = 1\n")
    plant(".docs/setup.md", f"Docker mounts {FALSE_ROOT} <!-- house-rules: allow machine-path -->\n")
    plant("services/shop/tests/test_long.py", long_function(200))
    plant(
        ".github/workflows/ci.yml", f"steps:\n  - uses: actions/checkout@{'0a' * 20} # v6\n  - uses: ./.github/setup\n"
    )
    plant(".gitignore", "notes.md\n")
    plant("notes.md", "ignored, hence not our business\n")
    code, output = house(tree)
    assert code == 0, output


def test_a_reason_is_not_optional(tree: Path, plant: Plant) -> None:
    plant("services/shop/src/shop/parse.py", long_function(61))
    plant("infra/lint/long_functions.txt", "services/shop/src/shop/parse.py::load\n")
    code, output = house(tree)
    assert code == 1
    assert "services/shop/src/shop/parse.py:1: function-size" in output


def test_methods_and_inner_functions_are_measured(tree: Path, plant: Plant) -> None:
    inner = "".join(f"    {line}\n" for line in long_function(61).splitlines())
    plant("services/shop/src/shop/parse.py", f"class Reader:\n{inner}")
    code, output = house(tree)
    assert code == 1
    assert "`Reader.load` has 61 lines" in output
