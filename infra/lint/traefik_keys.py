"""Compares the keys of the gateway's files with those that Traefik knows: a misspelt key is silently without effect there.

    python infra/lint/traefik_keys.py [--root FOLDER]

Prints one line per unknown key or old rule syntax and ends with 1 when there is any. The list is `traefik_keys.txt`, which says
where it comes from.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

KEYS = Path(__file__).with_name("traefik_keys.txt")
GATEWAY = Path("services/gateway")
TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
# Version 2 took several values per matcher, named placeholders, and matchers that are gone.
OLD_RULE = re.compile(
    r"\b(?:Headers|HeadersRegexp|HostHeader|HostSNIHeader)\(|\b(?:Path|PathPrefix|Host|Method)\([^()]*`\s*,|\{[a-z]+[:}]"
)

type Keys = Mapping[str, frozenset[str]]


def known_keys(text: str) -> dict[str, Keys]:
    """Section (static or dynamic) -> path -> the keys that may stand there; `*` for a name that is ours."""
    sections: dict[str, dict[str, frozenset[str]]] = {}
    current: dict[str, frozenset[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            current = sections[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            path, _, keys = line.partition(": ")
            current[path.lower()] = frozenset(key.lower() for key in keys.split())
    return dict(sections)


def unknown_keys(value: Any, keys: Keys, path: str = ".") -> Iterator[str]:
    """Dotted paths in `value` that the reference does not have. Lists are looked into; names of ours become `*`."""
    if isinstance(value, list):
        for item in value:
            yield from unknown_keys(item, keys, path)
        return
    if not isinstance(value, dict):
        return
    allowed = keys.get(path, frozenset())
    for key, inner in value.items():
        name = "*" if "*" in allowed else str(key).lower()
        below = name if path == "." else f"{path}.{name}"
        if name not in allowed:
            yield str(key) if path == "." else f"{path}.{key}"
        else:
            yield from unknown_keys(inner, keys, below)


def old_rules(data: Any) -> Iterator[str]:
    """Rules in the syntax of version 2, by the name of their router; and routers without a priority."""
    for name, router in ((data.get("http") or {}).get("routers") or {}).items():
        if OLD_RULE.search(router.get("rule", "")):
            yield f"router {name}: the rule is written for version 2"
        if "priority" not in router:
            yield f"router {name}: name a priority; Traefik's own is the length of the rule"


def check(root: Path) -> list[str]:
    """Every finding as `file: what`."""
    sections = known_keys(KEYS.read_text(encoding="utf-8"))
    gateway = root / GATEWAY
    files = [(path, "static") for path in sorted(gateway.glob("traefik*.yml"))]
    files += [(path, "dynamic") for path in sorted((gateway / "dynamic").rglob("*.yml"))]
    found = [] if files else [f"{GATEWAY}: no files"]
    for path, section in files:
        data = yaml.safe_load(TEMPLATE.sub("filled-in", path.read_text(encoding="utf-8"))) or {}
        name = path.relative_to(root)
        found += [f"{name}: Traefik knows no {key}" for key in unknown_keys(data, sections[section])]
        if section == "dynamic":
            found += [f"{name}: {problem}" for problem in old_rules(data)]
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Keys of the gateway's files that Traefik does not know.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    found = check(parser.parse_args(arguments).root)
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
