"""What commands print: tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def print_json(value: Any) -> None:
    """The API's answer as it came."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; nothing at all without rows."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_line(line: Mapping[str, Any]) -> None:
    """One line of an execution's log."""
    fields = " ".join(f"{key}={value}" for key, value in (line.get("fields") or {}).items())
    print(f"{line['at']} {line['level']:<7} {line['message']} {fields}".rstrip(), flush=True)


def execution_line(row: Mapping[str, Any]) -> str:
    """An execution in one line: id, routine, business date, status, and why it is not running."""
    reason = (row["reason"] or {}).get("code", "")
    return "  ".join((row["id"], row["routine_name"], row["business_date"], row["status"], reason)).rstrip()


def note(row: Mapping[str, Any]) -> str:
    """What there is to say about an execution: its error, its first warning, or why it is not running."""
    if row["error"]:
        return f"{row['error']['code']}: {row['error']['message']}"[:80]
    if row["warnings"]:
        return f"{len(row['warnings'])} warning(s): {row['warnings'][0]['message']}"[:80]
    return str((row["reason"] or {}).get("code", ""))


def counts(by_status: Mapping[str, int]) -> str:
    """`FAILED 1  SUCCEEDED 5`: what is not zero, by name."""
    return "  ".join(f"{name} {count}" for name, count in sorted(by_status.items()) if count)


def clock(instant: str) -> str:
    """An instant as hours and minutes on this machine's clock."""
    return datetime.fromisoformat(instant).astimezone().strftime("%H:%M")
