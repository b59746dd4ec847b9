"""The `rotina` command: tokens, runs, the day's queue, logs, daily loads, backfills."""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import typer

from rotina import cli_backfill, cli_definitions
from rotina.cli_api import Api
from rotina.cli_login import fetch_access_token
from rotina.cli_options import (
    DAY,
    DateOption,
    JsonOption,
    ParamOption,
    StackOption,
    UserOption,
    iso,
    open_api,
    params_of,
    routine_ids,
)
from rotina.cli_output import clock, counts, execution_line, note, print_json, print_line, print_table
from rotina.cli_stack import CliError, load_stack

POLL_SECONDS = 0.5
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"})

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Rotina: daily routines, on time, every business day."
)
app.add_typer(cli_backfill.app, name="backfill")
app.add_typer(cli_definitions.app, name="definitions")

ExecutionArgument = Annotated[UUID, typer.Argument(help="Id of the execution.")]


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
    param: ParamOption = None,
    downstream: Annotated[bool, typer.Option("--downstream", help="Also run what depends on it, in order.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")] = False,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Run a routine now."""
    with open_api(stack, user) as api:
        body = {"business_date": iso(date), "params": params_of(param), "with_downstream": downstream}
        body |= {"dry_run": True} if dry_run else {}
        body = {key: value for key, value in body.items() if value is not None}
        path = f"/routines/{routine_ids(api, [routine])[0]}/run"
        answer = api.send("POST", path, body, idempotency_key=None if dry_run else str(uuid4()))
        if as_json:
            print_json(answer.data)
        elif dry_run:
            _print_dry_run(answer.data, answer.meta)
        else:
            print(execution_line(answer.data))
        if wait and not dry_run and not _wait(api, answer.data["id"], seconds=timeout):
            raise typer.Exit(1)


@app.command()
def retry(
    execution: ExecutionArgument,
    *,
    downstream: Annotated[
        bool, typer.Option("--downstream/--no-downstream", help="With what failed or was skipped because of it.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --downstream: what had succeeded after it runs again, too.")
    ] = False,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Run again what failed, was cancelled or was skipped."""
    with open_api(stack, user) as api:
        body = {"with_downstream": downstream or everything, "mode": "all" if everything else "failed"}
        answer = api.send("POST", f"/executions/{execution}/retry", body)
    if as_json:
        print_json(answer.data)
        return
    print(execution_line(answer.data))
    for one in answer.meta["downstream"]:
        print(f"{one['execution_id']}  {one['routine_name']}  {one['business_date']}  {one['outcome']}")


@app.command()
def cancel(
    execution: ExecutionArgument,
    *,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Cancel an execution; what runs is asked to stop."""
    with open_api(stack, user) as api:
        found = api.post(f"/executions/{execution}/cancel", {})
    if as_json:
        print_json(found)
        return
    asked = "  asked to stop" if found["cancel_requested"] and found["status"] == "RUNNING" else ""
    print(execution_line(found) + asked)


@app.command()
def queue(date: DateOption = None, user: UserOption = "operator", stack: StackOption = None) -> None:
    """Show the day's queue, one line per execution."""
    with open_api(stack, user) as api:
        state = api.get("/scheduler/queue/status", business_date=iso(date))
        day = state["business_date"]
        rows = [_queue_row(row) for row in api.pages("/executions", business_date=day, limit=200)]
    print(f"{day}  {counts(state['counts']) or 'nothing is planned'}")
    print_table(("SLOT", "STATUS", "PRIO", "ROUTINE", "SECONDS", "NOTE", "ID"), rows)


@app.command()
def preview(
    date: Annotated[datetime, typer.Argument(formats=[DAY], help="Business date, YYYY-MM-DD.")],
    *,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Show what runs on a date, and why the other routines do not."""
    with open_api(stack, user) as api:
        day = api.get("/scheduler/preview", date=iso(date))
    if as_json:
        print_json(day)
        return
    notes = [f"{one['calendar_code']}: {one['note']}" for one in day["calendars"] if one["note"]]
    print("  ".join([day["business_date"], f"{day['runs_total']} runs", *notes]))
    runs = [(clock(one["slot"]), str(one["priority"]), one["routine_name"], one["job"]) for one in day["runs"]]
    print_table(("SLOT", "PRIO", "ROUTINE", "JOB"), runs)
    if len(runs) < day["runs_total"]:
        print(f"and {day['runs_total'] - len(runs)} more")
    absent = [(one["routine_name"], one["reason"]["code"], one["reason"]["text"]) for one in day["not_running"]]
    if absent:
        print()
        print_table(("NOT RUNNING", "REASON", "IN WORDS"), absent)


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
                    print_line(data)
                elif kind == "end":
                    return
            return
        for line in api.pages(f"/executions/{execution}/logs", limit=200):
            print_line(line)


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
    print_table(("NAME", "BYTES", "TYPE", "ATTEMPT"), rows)


@app.command()
def load(date: DateOption = None, user: UserOption = "operator", stack: StackOption = None) -> None:
    """Write a day's executions into the queue. Doing it twice writes nothing twice."""
    with open_api(stack, user) as api:
        body = {"business_date": iso(date)} if date else {}
        done = api.post("/scheduler/daily-load", body)
    print(f"{done['business_date']}  {done['created']} created, {done['already_there']} already there")


@app.command()
def clean(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    user: UserOption = "admin",
    stack: StackOption = None,
) -> None:
    """Remove history that is past its time, as the schedulers do every hour."""
    with open_api(stack, user) as api:
        more = True
        while more:
            done = api.post("/scheduler/maintenance", {"dry_run": dry_run})
            rows = [
                (one["table"], f"{one['keep_days']} days", str(one["rows"])) for one in done["tables"] if one["rows"]
            ]
            months = [(one["month"][:7], one["kept_because"] or "", str(one["executions"])) for one in done["months"]]
            print_table(("HISTORY", "KEPT", "ROWS"), rows + months)
            more = done["more"]


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


def _print_dry_run(row: dict[str, Any], meta: dict[str, Any]) -> None:
    """What would be written, and what it would wait for right now."""
    print(f"{row['routine_name']}  {row['business_date']}  priority {row['priority']}  queue {row['queue']}")
    print(f"job      {row['job']}")
    for name, value in row["params"].items():
        print(f"param    {name} = {value}")
    reason = row["reason"]
    print(f"now      {'would start at once' if reason is None else _waiting_for(reason)}")
    for one in meta["downstream"]:
        print(f"then     {one['routine_name']}  {one['business_date']}")
    print("dry run: nothing was written")


def _waiting_for(reason: dict[str, Any]) -> str:
    if reason.get("text"):
        return f"waits: {reason['code']}  {reason['text']}"
    details = ", ".join(f"{name} {value}" for name, value in reason["context"].items() if not isinstance(value, list))
    names = ", ".join(one["name"] for one in reason["context"].get("upstream", []))
    return f"waits: {reason['code']}  {names or details}".rstrip()


def _wait(api: Api, execution_id: str, *, seconds: float) -> bool:
    """Until the execution is over; whether it succeeded. What it waits for is told on standard error."""
    deadline = time.monotonic() + seconds
    shown = ""
    while True:
        row = api.get(f"/executions/{execution_id}")
        if row["status"] in FINAL:
            print(f"{row['routine_name']}  {row['status']}  {note(row)}".rstrip())
            return bool(row["status"] == "SUCCEEDED")
        state = f"{row['routine_name']}  {row['status']}  {note(row)}".rstrip()
        if state != shown:
            print(state, file=sys.stderr)
            shown = state
        if time.monotonic() > deadline:
            raise CliError(f"it is still {row['status']} after {seconds:.0f} s; see `rotina logs {execution_id}`")
        time.sleep(POLL_SECONDS)


def _queue_row(row: dict[str, Any]) -> tuple[str, ...]:
    seconds = row["duration_seconds"]
    return (
        clock(row["slot"]),
        row["status"],
        str(row["priority"]),
        row["routine_name"],
        "" if seconds is None else f"{seconds:.1f}",
        note(row),
        row["id"],
    )


def _artifact_row(one: dict[str, Any]) -> tuple[str, ...]:
    return str(one["name"]), f"{one['size_bytes']:,}", str(one["content_type"]), str(one["attempt"])
