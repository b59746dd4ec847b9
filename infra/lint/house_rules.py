"""House rules that need more than a syntax pattern: names, sizes, and what may be in the repository at all.

    python infra/lint/house_rules.py [--root FOLDER]

Prints one line per violation, `path:line: rule: what to do`, and ends with 1 when there is any. A line of text may carry
`house-rules: allow <rule>` beside the reason; a long function needs a line in `long_functions.txt`.
"""

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_SERVICE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_FILE_BYTES = 1024 * 1024
ALLOW_LIST = Path("infra/lint/long_functions.txt")

# The top level of the design card, and what makes a checkout build itself (.ci, Makefile, pyproject, LICENSE).
ROOT_ENTRIES = frozenset(
    {
        *("services", "libs", "infra", "frontend", ".github", ".docs", ".ci"),
        *(".pre-commit-config.yaml", ".gitignore", "README.md", "LICENSE", "Makefile", "pyproject.toml"),
    }
)
DUMPING_GROUNDS = frozenset({"utils", "helpers", "common", "misc", "util", "helper"})
NAMED_BY_HISTORY = frozenset({"shared-utils", "shared_utils"})

TEXT_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "registry-host",
        re.compile(
            r"(?:\bfiles\.p[y]thonhosted\.org|(?<![\w.-])(?:test\.)?p[y]pi\.org"
            r"|\bregistry\.(?:n[p]mjs|yarnpkg|npmmirror)\.(?:org|com)|\bproxy\.golang\.org|\bindex\.crates\.io)"
        ),
        "lock files and settings name no package registry: which one is used is the machine's business",
    ),
    (
        "machine-path",
        re.compile(r"(?<![\w./:~-])/(?:root|work|home/[a-z][\w-]*|Users/[A-Za-z][\w-]*)/"),
        "a path of one machine does not exist on the next one",
    ),
    (
        "secret",
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\S"
            r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{40,}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
            r"|\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}|\bAIza[0-9A-Za-z_-]{35}"
            r"|\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
        ),
        "this looks like a real secret; tests generate theirs",
    ),
)
UNPINNED_ACTION = re.compile(r"^[ \t]*(?:-[ \t]*)?uses:[ \t]*(?!\./)(?!\S+@[0-9a-f]{40}\b)\S+", re.MULTILINE)
MARK = "house-rules: allow "


@dataclass(frozen=True)
class Violation:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def repository_files(root: Path) -> list[Path]:
    """Files that are, or would be, committed: tracked ones and new ones that .gitignore does not name."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [Path(name) for name in sorted(listing.split("\0")) if name and (root / name).is_file()]


def check_root(files: Iterable[Path]) -> Iterator[Violation]:
    for name in sorted({path.parts[0] for path in files} - ROOT_ENTRIES):
        yield Violation(name, 1, "root-entry", "nothing joins the root folder without an ADR")


def check_name(path: Path) -> Iterator[Violation]:
    """Parts below a `src` folder, or of infra: no dumping ground as file or package."""
    if path.suffix != ".py" or "tests" in path.parts:
        return
    for part in (path.stem, *path.parts[:-1]):
        if part in DUMPING_GROUNDS and part not in NAMED_BY_HISTORY:
            yield Violation(str(path), 1, "dumping-ground", f"`{part}` says nothing: name the file after its job")


def check_size(root: Path, path: Path) -> Iterator[Violation]:
    size = (root / path).stat().st_size
    if size > MAX_FILE_BYTES:
        yield Violation(str(path), 1, "file-size", f"{size / MAX_FILE_BYTES:.1f} MB: large files do not belong in git")


def check_text(root: Path, path: Path) -> Iterator[Violation]:
    try:
        text = (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    rules = TEXT_RULES
    if path.parts[0] == ".github":
        rules += (("unpinned-action", UNPINNED_ACTION, "tags can be moved: pin the action by its 40 digit commit"),)
    for rule, pattern, message in rules:
        for match in pattern.finditer(text):
            start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.start())
            if MARK + rule not in text[start : end if end >= 0 else None]:
                yield Violation(str(path), text.count("\n", 0, match.start()) + 1, rule, message)


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        else:
            yield from functions(node, prefix)


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring not counted: words about a contract are not code."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def allowed_long_functions(root: Path) -> dict[str, str]:
    """`path::qualified.name  why` per line; a reason is not optional."""
    allowed = {}
    if (root / ALLOW_LIST).exists():
        for line in (root / ALLOW_LIST).read_text(encoding="utf-8").splitlines():
            key, _, reason = line.strip().partition(" ")
            if key and not key.startswith("#"):
                allowed[key] = reason.strip()
    return allowed


def check_python_sizes(root: Path, path: Path, allowed: dict[str, str], used: set[str]) -> Iterator[Violation]:
    source = (root / path).read_text(encoding="utf-8")
    lines = source.count("\n")
    if path.name == "service.py" and lines > MAX_SERVICE_LINES:
        yield Violation(
            str(path), 1, "service-size", f"{lines} lines: a service past {MAX_SERVICE_LINES} is two modules"
        )
    for name, function in functions(ast.parse(source, str(path))):
        length = code_lines(function)
        key = f"{path.as_posix()}::{name}"
        if length <= MAX_FUNCTION_LINES:
            continue
        if allowed.get(key):
            used.add(key)
            continue
        yield Violation(
            str(path),
            function.lineno,
            "function-size",
            f"`{name}` has {length} lines; cut it, or give the reason in {ALLOW_LIST}",
        )


def is_product_code(path: Path) -> bool:
    if path.suffix != ".py" or path.parts[0] not in {"libs", "services", "infra"}:
        return False
    return not {"tests", "migrations", "versions"} & set(path.parts)


def check_repository(root: Path) -> list[Violation]:
    files = repository_files(root)
    allowed, used = allowed_long_functions(root), set[str]()
    found = list(check_root(files))
    for path in files:
        found += check_name(path)
        found += check_size(root, path)
        found += check_text(root, path)
        if is_product_code(path):
            found += check_python_sizes(root, path, allowed, used)
    for stale in sorted(allowed.keys() - used):
        found.append(Violation(str(ALLOW_LIST), 1, "function-size", f"`{stale}` is no longer long, or has no reason"))
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="House rules about names, sizes and the contents of the repository.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    found = check_repository(parser.parse_args(arguments).root)
    for violation in found:
        print(violation)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
