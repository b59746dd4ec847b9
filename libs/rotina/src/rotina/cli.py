"""The `rotina` command: tokens, runs, the day's queue, logs, daily loads."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import typer

from rotina.cli_api import Api
from rotina.cli_login import fetch_access_token
from rotina.cli_stack import CliError, load_stack

POLL_SECONDS = 0.5
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"})
TOKEN_VARIABLE = "ROTINA_TOKEN"  # noqa: S105  the variable's name

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Rotina: daily routines, on time, every business day."
)

StackOption = Annotated[
    Path | None, typer.Option("--stack", help="The stack's file (.rotina/stack.json) or its folder.")
]
UserOption = Annotated[str, typer.Option("--user", help="Demo user to sign in as: viewer, operator or admin.")]
DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, YYYY-MM-DD; today when left out."),
]


@app.callback()
def root() -> None:
    """Rotina on the command line."""


@app.command()
def token(user: UserOption = "operator", stack: StackOption = None) -> None:
    """Print a real access token for scripts: `curl -H "Authorization: Bearer $(rotina token)" …`."""
    where = load_stack(stack)
    with httpx.Client(timeout=10) as http:
        print(fetch_access_token(where.oidc, where.user(user), http=http))


@app.command()
def run(
    routine: Annotated[str, typer.Argument(help="Name or id of the routine.")],
    *,
    date: DateOption = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it ends; exit 1 unless it succeeds.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", help="With --wait: how long at most, in seconds.")] = 3600,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="A param for this run only: name=value (JSON or text).")
    ] = None,
    downstream: Annotated[bool, typer.Option("--downstream", help="Also run what depends on it.")] = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Run a routine now."""
    with open_api(stack, user) as api:
        body = {"business_date": _iso(date), "params": _params(param), "with_downstream": downstream}
        body = {key: value for key, value in body.items() if value is not None}
        execution = api.post(f"/routines/{_routine_id(api, routine)}/run", body, idempotency_key=str(uuid4()))
        row = (execution["id"], execution["routine_name"], execution["business_date"], execution["status"])
        print("  ".join(row))
        if wait and not _wait(api, execution["id"], seconds=timeout):
            raise typer.Exit(1)


@app.command()
def queue(date: DateOption = None, user: UserOption = "operator", stack: StackOption = None) -> None:
    """Show the day's queue, one line per execution."""
    with open_api(stack, user) as api:
        state = api.get("/scheduler/queue/status", business_date=_iso(date))
        day = state["business_date"]
        rows = [_queue_row(row) for row in api.pages("/executions", business_date=day, limit=200)]
    counts = "  ".join(f"{name} {count}" for name, count in sorted(state["counts"].items()) if count)
    print(f"{day}  {counts or 'nothing is planned'}")
    _print_table(("SLOT", "STATUS", "PRIO", "ROUTINE", "SECONDS", "NOTE", "ID"), rows)


@app.command()
def logs(
    execution: Annotated[UUID, typer.Argument(help="Id of the execution.")],
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing until it ends.")] = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Print an execution's log lines."""
    with open_api(stack, user) as api:
        if follow:
            for kind, _, data in api.events(f"/executions/{execution}/logs/stream"):
                if kind == "line":
                    _print_line(data)
                elif kind == "end":
                    return
            return
        for line in api.pages(f"/executions/{execution}/logs", limit=200):
            _print_line(line)


@app.command()
def artifacts(
    execution: Annotated[UUID, typer.Argument(help="Id of the execution.")],
    *,
    get: Annotated[str | None, typer.Option("--get", help="Download this one; `--output -` prints it.")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="Where to; its own name here otherwise.")] = None,
    attempt: Annotated[int | None, typer.Option("--attempt", help="Of this attempt; else the newest.")] = None,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """List the files that an execution left, or download one."""
    with open_api(stack, user) as api:
        if get is not None:
            path = f"/executions/{execution}/artifacts/{quote(get, safe='')}"
            target = Path(get).name if output is None else output
            size = api.download(path, target, attempt=attempt)
            print(f"{target}  {size:,} bytes", file=sys.stderr)
            return
        found = api.get(f"/executions/{execution}/artifacts")
    rows = [_artifact_row(one) for one in found]
    _print_table(("NAME", "BYTES", "TYPE", "ATTEMPT"), rows)


@app.command()
def load(date: DateOption = None, user: UserOption = "operator", stack: StackOption = None) -> None:
    """Write a day's executions into the queue. Doing it twice writes nothing twice."""
    with open_api(stack, user) as api:
        body = {"business_date": _iso(date)} if date else {}
        done = api.post("/scheduler/daily-load", body)
    print(f"{done['business_date']}  {done['created']} created, {done['already_there']} already there")


@contextmanager
def open_api(stack: Path | None, user: str) -> Iterator[Api]:
    """The API of the stack, signed in; $ROTINA_TOKEN is used instead of signing in when it is set."""
    where = load_stack(stack)
    with httpx.Client(timeout=15) as http:
        bearer = os.environ.get(TOKEN_VARIABLE) or fetch_access_token(where.oidc, where.user(user), http=http)
        yield Api(http, url=where.url, token=bearer)


def main() -> None:
    """Entry of the console script: problems are one line on standard error and exit code 1."""
    try:
        app(prog_name="rotina")
    except CliError as error:
        print(f"rotina: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader (`head`) has seen enough
        sys.stderr.close()
        raise SystemExit(0) from None


def _params(pairs: list[str] | None) -> dict[str, Any] | None:
    """`name=value` pairs: a value that is JSON is taken as such, anything else as text."""
    params: dict[str, Any] = {}
    for pair in pairs or []:
        name, separator, value = pair.partition("=")
        if not (name and separator):
            raise CliError(f"--param wants name=value, not {pair!r}")
        try:
            params[name] = json.loads(value)
        except ValueError:
            params[name] = value
    return params or None


def _routine_id(api: Api, routine: str) -> str:
    try:
        return str(UUID(routine))
    except ValueError:
        pass
    names = []
    for one in api.pages("/routines", limit=200):
        if one["name"] == routine:
            return str(one["id"])
        names.append(one["name"])
    raise CliError(f"there is no routine {routine!r}; there are: {', '.join(sorted(names)) or 'none'}")


def _wait(api: Api, execution_id: str, *, seconds: float) -> bool:
    """Until the execution is over; whether it succeeded. What it waits for is told on standard error."""
    deadline = time.monotonic() + seconds
    shown = ""
    while True:
        row = api.get(f"/executions/{execution_id}")
        if row["status"] in FINAL:
            print(f"{row['routine_name']}  {row['status']}  {_note(row)}".rstrip())
            return bool(row["status"] == "SUCCEEDED")
        state = f"{row['routine_name']}  {row['status']}  {_note(row)}".rstrip()
        if state != shown:
            print(state, file=sys.stderr)
            shown = state
        if time.monotonic() > deadline:
            raise CliError(f"it is still {row['status']} after {seconds:.0f} s; see `rotina logs {execution_id}`")
        time.sleep(POLL_SECONDS)


def _queue_row(row: dict[str, Any]) -> tuple[str, ...]:
    seconds = row["duration_seconds"]
    local = datetime.fromisoformat(row["slot"]).astimezone()
    return (
        local.strftime("%H:%M"),
        row["status"],
        str(row["priority"]),
        row["routine_name"],
        "" if seconds is None else f"{seconds:.1f}",
        _note(row),
        row["id"],
    )


def _artifact_row(one: dict[str, Any]) -> tuple[str, ...]:
    return str(one["name"]), f"{one['size_bytes']:,}", str(one["content_type"]), str(one["attempt"])


def _note(row: dict[str, Any]) -> str:
    if row["error"]:
        return f"{row['error']['code']}: {row['error']['message']}"[:80]
    if row["warnings"]:
        return f"{len(row['warnings'])} warning(s): {row['warnings'][0]['message']}"[:80]
    return str((row["reason"] or {}).get("code", ""))


def _print_line(line: dict[str, Any]) -> None:
    fields = " ".join(f"{key}={value}" for key, value in (line.get("fields") or {}).items())
    print(f"{line['at']} {line['level']:<7} {line['message']} {fields}".rstrip(), flush=True)


def _print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _iso(date: datetime | None) -> str | None:
    return date.date().isoformat() if date else None
