"""`rotina backfill`: run a range of business dates again, as one object."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from rotina.cli_api import Api
from rotina.cli_options import (
    DAY,
    JsonOption,
    ParamOption,
    StackOption,
    UserOption,
    iso,
    open_api,
    params_of,
    routine_ids,
)
from rotina.cli_output import counts, print_json, print_table

LONG_SECONDS = 120
"""Writing and cancelling a hundred thousand executions takes its time."""

app = typer.Typer(no_args_is_help=True, help="Run a range of business dates again, as one object.")

RoutinesOption = Annotated[
    list[str] | None, typer.Option("--routine", "-r", help="Name or id of a routine; may be given several times.")
]
TagsOption = Annotated[
    list[str] | None, typer.Option("--tag", "-t", help="Every routine with this tag; may be given several times.")
]
FromOption = Annotated[datetime, typer.Option("--from", formats=[DAY], help="First business date, YYYY-MM-DD.")]
ToOption = Annotated[datetime, typer.Option("--to", formats=[DAY], help="Last business date, YYYY-MM-DD.")]
ModeOption = Annotated[
    str, typer.Option("--mode", help="all: every date again; missing: what never ran; failed: what failed last.")
]
IdArgument = Annotated[UUID, typer.Argument(help="Id of the backfill.")]


@app.command()
def preview(
    *,
    start: FromOption,
    end: ToOption,
    routine: RoutinesOption = None,
    tag: TagsOption = None,
    mode: ModeOption = "all",
    param: ParamOption = None,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Show which business dates would run. Writes nothing."""
    with open_api(stack, user, timeout=LONG_SECONDS) as api:
        found = api.post("/backfills/preview", _range(api, routine, tag, start, end, mode, param))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["name"],
            str(one["business_dates"]),
            str(len(one["dates"])),
            _span(one["dates"]),
            one["problem"]["message"] if one["problem"] else counts(one["existing"]),
        )
        for one in found["routines"]
    ]
    print_table(("ROUTINE", "BUSINESS DATES", "RUNS", "FROM - TO", "THERE ALREADY"), rows)
    print(f"{found['executions']} executions on {found['dates']} dates")
    if found["same_request"]:
        print(f"the same request made backfill {found['same_request']} before; --name makes it another one")


@app.command()
def create(
    *,
    start: FromOption,
    end: ToOption,
    routine: RoutinesOption = None,
    tag: TagsOption = None,
    mode: ModeOption = "all",
    param: ParamOption = None,
    name: Annotated[str, typer.Option("--name", help="Another name makes the same request another backfill.")] = "",
    max_active: Annotated[int, typer.Option("--max-active", help="How many of its runs at once.")] = 4,
    priority: Annotated[int, typer.Option("--priority", help="1 first to 1000 last.")] = 900,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Create a backfill. The same request again creates nothing and shows the one that is there."""
    with open_api(stack, user, timeout=LONG_SECONDS) as api:
        body = _range(api, routine, tag, start, end, mode, param)
        body |= {"name": name, "max_active": max_active, "priority": priority}
        answer = api.send("POST", "/backfills", body)
    if as_json:
        print_json(answer.data)
        return
    print(_line(answer.data))
    if answer.status == 200:
        print("it was there already: nothing was created")


@app.command("list")
def list_all(
    *,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, the newest first.", min=1, max=200)] = 20,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """List backfills, the newest first."""
    with open_api(stack, user, timeout=LONG_SECONDS) as api:
        found = api.get("/backfills", limit=limit)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["id"],
            one["status"],
            f"{one['ended']}/{one['total']}",
            f"{one['start']} - {one['end']}",
            one["mode"],
            one["name"] or _names(one["routines"]),
        )
        for one in found
    ]
    print_table(("ID", "STATUS", "ENDED", "FROM - TO", "MODE", "NAME"), rows)


@app.command()
def show(
    backfill: IdArgument, *, as_json: JsonOption = False, user: UserOption = "operator", stack: StackOption = None
) -> None:
    """Show a backfill's progress, by status and by business date."""
    with open_api(stack, user, timeout=LONG_SECONDS) as api:
        found = api.get(f"/backfills/{backfill}")
    if as_json:
        print_json(found)
        return
    print(_line(found))
    print_table(("DATE", "EXECUTIONS"), [(one["business_date"], counts(one["counts"])) for one in found["dates"]])


@app.command()
def pause(
    backfill: IdArgument, *, as_json: JsonOption = False, user: UserOption = "operator", stack: StackOption = None
) -> None:
    """Start nothing more of it until it is resumed."""
    _move(backfill, "pause", {}, as_json=as_json, user=user, stack=stack)


@app.command()
def resume(
    backfill: IdArgument, *, as_json: JsonOption = False, user: UserOption = "operator", stack: StackOption = None
) -> None:
    """Go on where it was paused."""
    _move(backfill, "resume", {}, as_json=as_json, user=user, stack=stack)


@app.command()
def cancel(
    backfill: IdArgument,
    *,
    keep_running: Annotated[bool, typer.Option("--keep-running", help="Let what runs already end by itself.")] = False,
    as_json: JsonOption = False,
    user: UserOption = "operator",
    stack: StackOption = None,
) -> None:
    """Cancel all of it that has not ended. It cannot be resumed."""
    _move(backfill, "cancel", {"keep_running": keep_running}, as_json=as_json, user=user, stack=stack)


def _move(backfill: UUID, move: str, body: dict[str, Any], *, as_json: bool, user: str, stack: Path | None) -> None:
    with open_api(stack, user, timeout=LONG_SECONDS) as api:
        found = api.post(f"/backfills/{backfill}/{move}", body)
    if as_json:
        print_json(found)
    else:
        print(_line(found))


def _range(
    api: Api,
    routines: list[str] | None,
    tags: list[str] | None,
    start: datetime,
    end: datetime,
    mode: str,
    params: list[str] | None,
) -> dict[str, Any]:
    return {
        "routine_ids": routine_ids(api, routines or []),
        "tags": tags or [],
        "start": iso(start),
        "end": iso(end),
        "mode": mode,
        "params": params_of(params) or {},
    }


def _line(backfill: dict[str, Any]) -> str:
    parts = (
        backfill["id"],
        backfill["status"],
        f"{backfill['start']} - {backfill['end']}",
        f"{backfill['ended']} of {backfill['total']} ended",
        counts(backfill["counts"]),
    )
    return "  ".join(parts).rstrip()


def _span(dates: list[str]) -> str:
    return f"{dates[0]} - {dates[-1]}" if dates else "-"


def _names(routines: list[dict[str, Any]]) -> str:
    shown = ", ".join(one["name"] for one in routines[:3])
    return shown if len(routines) <= 3 else f"{shown} and {len(routines) - 3} more"
