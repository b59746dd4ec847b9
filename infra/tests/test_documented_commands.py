"""What README and runbooks tell people to type is typed here, on a local stack that `make up` started.

Which blocks are executed and which are only read, and why, stands in the documents (infra/lint/documented_commands.py).
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import documented_commands as documented

REPO = Path(__file__).resolve().parents[2]
ALL = [block for path in documented.documents() for block in documented.blocks(path)]
EXECUTED = [block for block in ALL if block.reason is None]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a person in front of a running stack; its state and ports are the test's own."""
    folder = tmp_path_factory.mktemp("stack")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
    environment |= {"ROTINA_STATE_DIR": str(folder), "ROTINA_STACK": str(folder / "stack.json")}
    with (folder / "up.log").open("wb") as log:
        up = subprocess.Popen(
            ["make", "up"], cwd=REPO, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(folder, up)
        yield environment | {"ROTINA_URL": described(folder)["url"]}
    finally:
        subprocess.run(["make", "down"], cwd=REPO, env=environment, check=False, capture_output=True, timeout=60)
        try:
            up.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(up.pid, signal.SIGKILL)


def described(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "stack.json").read_text())
    return content


def wait_for(folder: Path, up: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 240
    while not (folder / "stack.json").exists():
        assert up.poll() is None, f"make up ended:\n{(folder / 'up.log').read_text()}"
        assert time.monotonic() < deadline, f"make up is not ready:\n{(folder / 'up.log').read_text()}"
        try:
            up.wait(0.1)
        except subprocess.TimeoutExpired:
            continue


def typed(text: str, stack: dict[str, str]) -> str:
    """A block as it is typed, but for the address: another stack of this machine may have port 8080."""
    return re.sub(r"(?:http://)?(?:localhost|127\.0\.0\.1):8080\b", stack["ROTINA_URL"], text)


@pytest.mark.journey
@pytest.mark.timeout(300)
@pytest.mark.parametrize("block", EXECUTED, ids=[block.place for block in EXECUTED])
def test_the_commands_of_a_document_work(block: documented.Block, stack: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed(block.text, stack)],
        cwd=REPO, env=stack, capture_output=True, text=True, check=False, timeout=240, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{block.place}\n{block.text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.mark.journey
@pytest.mark.timeout(300)
async def test_the_queries_of_the_runbooks_fit_the_tables(stack: dict[str, str]) -> None:
    """Each is planned, not run: whoever types one at night learns then that a column has another name, otherwise."""
    shown = [(block.place, query) for block in ALL for query in documented.queries(block)]
    wrong = []
    connection = await asyncpg.connect(json.loads(Path(stack["ROTINA_STACK"]).read_text())["postgres"]["admin_url"])
    try:
        for place, query in shown:
            try:
                await connection.prepare(query)
            except asyncpg.PostgresError as error:
                wrong.append(f"{place}: {error}: {query}")
    finally:
        await connection.close()
    assert shown
    assert wrong == []


def test_the_readme_and_the_runbooks_are_executed() -> None:
    paths = {str(block.path) for block in EXECUTED}
    assert "README.md" in paths
    assert {path for path in paths if path.startswith(".docs/runbooks/")}


@pytest.mark.parametrize("block", ALL, ids=[block.place for block in ALL])
def test_the_commands_of_a_document_exist(block: documented.Block) -> None:
    assert list(documented.problems(block)) == []


def test_every_alert_and_document_that_is_linked_is_there() -> None:
    missing = []
    for path in documented.documents():
        text = re.sub(r"```.*?```", "", (REPO / path).read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)\s]*)?\)", text):
            if not (REPO / path.parent / target).exists():
                missing.append(f"{path}: {target}")
    assert missing == []


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("frobnicate --all\n", "unknown command 'frobnicate'"),
        ('token="$(frobnicate)"\n', "unknown command 'frobnicate'"),
        ("make coffee\n", "make coffee: no such target"),
        (".venv/bin/rotina fly\n", "rotina fly: no such command"),
        (".venv/bin/rotina backfill list --colour\n", "rotina backfill list --colour: no such option"),
        ("infra/scripts/deploy staging --sideways core-api@sha256:1\n", "--sideways: no such option"),
        ("infra/scripts/repair\n", "infra/scripts/repair: no such file"),
        ("python -m core_api.cleaning\n", "no such module"),
        ("docker compose -f infra/other.yml up -d\n", "infra/other.yml: no such file"),
        ("npm run shine\n", "no such script"),
        ("docker ps\n", "put `<!-- not run: why -->` before it"),
        ("if true; then\n", "SC1"),
        ("cp $source there\n", "SC2086"),
    ],
)
def test_a_wrong_command_is_found(script: str, says: str) -> None:
    block = documented.Block(Path("some.md"), 1, script, None)
    assert any(says in problem for problem in documented.problems(block))


def test_a_service_that_no_compose_file_has_is_found(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text("services:\n  core-api: {image: one}\n")
    block = documented.Block(
        Path("some.md"), 1, "docker compose -f compose.yml logs --tail 50 core-api worker\n", "only read"
    )
    assert list(documented.problems(block, tmp_path)) == ["docker compose logs worker: no such service in compose.yml"]


def test_blocks_are_read_with_their_marks(tmp_path: Path) -> None:
    (tmp_path / "some.md").write_text(
        "```bash\nmake up\n```\n\n<!-- not run: it never ends -->\n\n```sh\nmake test\n```\n\n"
        "- a list\n\n  ```console\n  $ ls\n  README.md\n  ```\n\n```python\nprint(1)\n```\n"
    )
    found = [(block.line, block.text.strip(), block.reason) for block in documented.blocks(Path("some.md"), tmp_path)]
    assert found == [(1, "make up", None), (7, "make test", "it never ends"), (13, "ls", None)]
