"""The commands that documents show: found, read and compared with what is there.

    python infra/lint/documented_commands.py [FILE...]

Every ```bash, ```sh and ```console block of every Markdown file counts. A block is executed by
infra/tests/test_documented_commands.py on a running local stack, unless a line before it says why not:

    <!-- not run: it needs Docker -->

This program reads all of them: shellcheck has nothing to say, every command is one that is known, scripts, make targets, modules
and their options exist, compose files and their services exist. One line per problem; 1 when there is any.
"""

import argparse
import importlib.util
import json
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from rotina.cli import app as rotina_app

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
FENCE = re.compile(
    r"^(?P<indent>[ \t]*)```(?P<language>bash|sh|console)[ \t]*\n(?P<text>.*?)^[ \t]*```", re.MULTILINE | re.DOTALL
)
MARK = re.compile(r"<!-- not run: (?P<reason>\S[^>]*?) -->\s*\Z")
COMMAND_NODES = "id: command\nlanguage: bash\nrule: {kind: command}"
# Programs of the system, of GitHub and of the servers that a document may use; everything else has to be in the repository.
TOOLS = frozenset(
    {
        *("[", "alembic", "amtool", "apt-get", "awk", "base64", "cat", "cd", "chmod", "cp", "curl", "cut", "date", "df", "diff", "dig", "du", "echo"),
        *("exit", "export", "false", "find", "free", "gh", "git", "grep", "gzip", "head", "install", "jq", "kill", "ls", "mapfile", "mkdir", "mv"),
        *("nproc", "npx", "openssl", "pg_dump", "pg_restore", "pgbackrest", "printf", "promtool", "psql", "read", "redis-cli", "rm", "rsync"),
        *("scp", "sed", "set", "sha256sum", "sleep", "sort", "source", "ssh", "sudo", "systemctl", "tail", "tar", "tee", "test", "touch"),
        *("tr", "true", "umask", "uniq", "unset", "uvicorn", "wc", "xargs"),
    }
)  # fmt: skip
DOCKER = frozenset(
    {"build", "buildx", "exec", "image", "inspect", "login", "logs", "ps", "pull", "run", "stats", "system", "volume"}
)
# What a test has not: a block with one of these has to say that it is not executed.
ELSEWHERE = frozenset({"apt-get", "docker", "gh", "scp", "ssh", "sudo", "systemctl"})
COMPOSE_WITH_VALUE = frozenset({"-f", "--file", "-p", "--project-name", "--profile", "--env-file"})
COMPOSE_ON_SERVICES = frozenset(
    {"build", "exec", "kill", "logs", "ps", "pull", "restart", "run", "start", "stop", "up"}
)
ONE_SERVICE = frozenset({"exec", "run"})
# Options of subcommands that take a value, so that it is not read as a service's name.
VALUE_OPTIONS = frozenset(
    {"--tail", "--since", "-u", "--user", "-e", "--env", "-w", "-t", "--timeout", "--scale", "-n", "--format"}
)
MODULE_FOLDERS = ("infra/local", "infra/bench", "infra/chaos", "infra/scripts", "infra/monitoring")


@dataclass(frozen=True)
class Block:
    """One code block: where, the commands in it, and why it is not executed when it is not."""

    path: Path
    line: int
    text: str
    reason: str | None

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


def documents(root: Path = ROOT) -> list[Path]:
    """Every Markdown file that is, or would be, committed."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [Path(name) for name in sorted(listing.split("\0")) if name and (root / name).is_file()]


def blocks(path: Path, root: Path = ROOT) -> Iterator[Block]:
    """The code blocks of one document."""
    text = (root / path).read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        code = textwrap.dedent(match["text"])
        if match["language"] == "console":  # what follows "$ " was typed, the rest was answered
            code = "\n".join(line[2:] for line in code.splitlines() if line.startswith("$ "))
        mark = MARK.search(text[: match.start()])
        yield Block(path, text.count("\n", 0, match.start()) + 1, code, mark["reason"] if mark else None)


def commands(text: str) -> Iterator[list[str]]:
    """Each simple command of a script as words, those inside of $(…) too; assignments before a command are left out."""
    done = subprocess.run(
        [str(BIN / "ast-grep"), "scan", "--inline-rules", COMMAND_NODES, "--json=compact", "--stdin"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for node in json.loads(done.stdout):
        words = shlex.split(node["text"], comments=True)
        while words and re.match(r"[A-Za-z_][A-Za-z0-9_]*=", words[0]):
            words.pop(0)
        if words:
            yield words


def queries(block: Block) -> Iterator[str]:
    """The SQL that a block hands to psql, wherever that runs."""
    for words in commands(block.text):
        if "psql" in words and "-c" in words:
            query = words[words.index("-c") + 1]
            if not query.startswith("\\"):
                yield query


# --- what a command has to be ------------------------------------------------------------------------------------------


def problems(block: Block, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with a block."""
    linted = subprocess.run(
        # A document shows assignments that are used later, variables that the reader has, and `cd` without an exit.
        [str(BIN / "shellcheck"), "--shell=bash", "--exclude=SC2034,SC2154,SC2164,SC2148", "--format=gcc", "-"],
        input=block.text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    for line in linted.stdout.splitlines():
        yield line.removeprefix("-:")
    if linted.returncode == 0:
        for words in commands(block.text):
            yield from problems_of(words, root)
            if words[0] in ELSEWHERE and block.reason is None:
                yield f"{words[0]} is not there when this block is executed: put `<!-- not run: why -->` before it"


def problems_of(words: list[str], root: Path) -> Iterator[str]:
    """What is wrong with one command."""
    name = words[0]
    if name == "make":
        yield from _make(words[1:], root)
    elif name in {"rotina", ".venv/bin/rotina"}:
        yield from _rotina(words[1:])
    elif re.fullmatch(r"(\.venv/bin/)?python3?", name):
        yield from _python(words[1:], root)
    elif name == "docker":
        yield from _docker(words[1:], root)
    elif name == "npm":
        yield from _npm(words[1:], root)
    elif name.startswith((".venv/bin/", "bin/")):
        if not (BIN / Path(name).name).exists():
            yield f"{name}: not in the development environment"
    elif "/" in name and not name.startswith(("/", "~", "$")):
        yield from _script(name, words[1:], root)
    elif name not in TOOLS:
        yield f"unknown command {name!r}: no program of the repository, and not in TOOLS of infra/lint/documented_commands.py"


def _make(words: list[str], root: Path) -> Iterator[str]:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for word in words:
        if not word.startswith("-") and "=" not in word and word not in targets:
            yield f"make {word}: no such target"


def _rotina(words: list[str]) -> Iterator[str]:
    command: Any = typer.main.get_command(rotina_app)  # a command, or a group with `commands`
    spoken = "rotina"
    rest = list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        spoken = f"{spoken} {rest[0]}"
        command = command.commands.get(rest.pop(0))
        if command is None:
            yield f"{spoken}: no such command"
            return
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    for word in rest:
        option = word.split("=")[0]
        if option.startswith("-") and option != "-" and option not in known:
            yield f"{spoken} {option}: no such option"


def _python(words: list[str], root: Path) -> Iterator[str]:
    if not words or words[0] == "-c":
        return
    if words[0] != "-m":
        yield from _script(words[0], words[1:], root)
        return
    module = words[1]
    in_folder = any(
        (root / folder / f"{module.replace('.', '/')}{ending}").exists()
        for folder in MODULE_FOLDERS
        for ending in (".py", "/__main__.py")
    )
    if not in_folder and importlib.util.find_spec(module) is None:
        yield f"python -m {module}: no such module"


def _script(name: str, words: list[str], root: Path) -> Iterator[str]:
    path = root / name
    if not path.is_file():
        yield f"{name}: no such file"
        return
    text = path.read_text(encoding="utf-8")
    for module in re.findall(r" -m (\w+)", text):  # a script that only starts a program has that program's options
        for folder in MODULE_FOLDERS:
            text += "".join(file.read_text(encoding="utf-8") for file in (root / folder / module).glob("*.py"))
    for word in words:
        option = word.split("=")[0]
        if (
            option.startswith("--")
            and option not in {"--", "--help"}
            and not re.search(rf"{re.escape(option)}\b", text)
        ):
            yield f"{name} {option}: no such option"


def _npm(words: list[str], root: Path) -> Iterator[str]:
    scripts = json.loads((root / "frontend/package.json").read_text(encoding="utf-8"))["scripts"]
    if "run" in words and words[words.index("run") + 1] not in scripts:
        yield f"npm run {words[words.index('run') + 1]}: no such script in frontend/package.json"


def _docker(words: list[str], root: Path) -> Iterator[str]:
    if words and words[0] == "compose":
        yield from _compose(words[1:], root)
    elif not words or words[0] not in DOCKER:
        yield f"docker {' '.join(words[:1])}: not a command that documents use"


def _compose(words: list[str], root: Path) -> Iterator[str]:
    files, rest = [], list(words)
    while rest and rest[0].startswith("-"):
        option, _, value = rest.pop(0).partition("=")
        if option in COMPOSE_WITH_VALUE and not value:
            value = rest.pop(0)
        if option in {"-f", "--file"}:
            files.append(value)
    missing = [name for name in files if not (root / name).is_file()]
    yield from (f"docker compose -f {name}: no such file" for name in missing)
    if missing or not rest or rest[0] not in COMPOSE_ON_SERVICES:
        return
    services: set[str] = set()
    for name in files or ["infra/docker-compose.yml"]:
        services |= (yaml.safe_load((root / name).read_text(encoding="utf-8")) or {}).get("services", {}).keys()
    named, skip = [], False
    for word in rest[1:]:
        if skip or word.startswith("-"):
            skip = not skip and word in VALUE_OPTIONS
            continue
        named.append(word)
    for service in named[:1] if rest[0] in ONE_SERVICE else named:
        if service not in services:
            yield f"docker compose {rest[0]} {service}: no such service in {', '.join(files) or 'infra/docker-compose.yml'}"


def main(arguments: list[str] | None = None) -> int:
    """Read every document, or those that are named."""
    parser = argparse.ArgumentParser(description="Commands that documents show")
    parser.add_argument("files", nargs="*", type=Path)
    found = 0
    for path in parser.parse_args(arguments).files or documents():
        for block in blocks(path):
            for problem in problems(block):
                found += 1
                print(f"{block.place}: {problem}")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
