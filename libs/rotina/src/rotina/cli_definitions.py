"""`rotina definitions`: calendars, pools, day groups and routines as a YAML file that a team keeps in git."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rotina.cli_api import Api
from rotina.cli_options import JsonOption, StackOption, UserOption, open_api
from rotina.cli_output import print_json
from rotina.cli_stack import CliError

SIGNS = {"create": "+", "update": "~", "delete": "-"}
SHOWN = 70

app = typer.Typer(no_args_is_help=True, help="Calendars, pools, day groups and routines as YAML, to be kept in git.")

FileArgument = Annotated[str, typer.Argument(help="The YAML file; `-` is standard input.")]
PruneOption = Annotated[bool, typer.Option("--prune", help="Delete what the file's sections do not describe.")]
UnknownOption = Annotated[
    bool, typer.Option("--allow-unknown-jobs", help="Accept jobs that no worker has offered yet.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Apply without asking.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Exit 3 when there is something to change, for CI.")]


@app.command()
def export(
    file: Annotated[str, typer.Argument(help="Where to write it; `-` is standard output.")] = "-",
    *,
    user: UserOption = "viewer",
    stack: StackOption = None,
) -> None:
    """Write everything as one YAML document."""
    with open_api(stack, user) as api:
        api.download("/definitions", file)


@app.command()
def plan(
    file: FileArgument,
    *,
    prune: PruneOption = False,
    allow_unknown_jobs: UnknownOption = False,
    check: CheckOption = False,
    as_json: JsonOption = False,
    user: UserOption = "admin",
    stack: StackOption = None,
) -> None:
    """Show what applying the file would change. Changes nothing."""
    with open_api(stack, user) as api:
        planned = _send(api, "plan", _read(file), prune=prune, allow_unknown_jobs=allow_unknown_jobs)
    _show(planned, as_json=as_json)
    if check and _differs(planned):
        raise typer.Exit(3)


@app.command()
def apply(
    file: FileArgument,
    *,
    prune: PruneOption = False,
    allow_unknown_jobs: UnknownOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    user: UserOption = "admin",
    stack: StackOption = None,
) -> None:
    """Make everything as the file says: shows the plan, asks, and applies exactly that or nothing."""
    text = _read(file)
    with open_api(stack, user) as api:
        planned = _send(api, "plan", text, prune=prune, allow_unknown_jobs=allow_unknown_jobs)
        if not as_json:
            _show(planned, as_json=False)
        if _differs(planned):
            if not yes:
                typer.confirm("Apply this?", abort=True)
            planned = _send(
                api,
                "apply",
                text,
                prune=prune,
                allow_unknown_jobs=allow_unknown_jobs,
                expected=planned["fingerprint"],
            )
            if not as_json:
                print("applied")
    if as_json:
        print_json(planned)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}") from error


def _send(api: Api, verb: str, text: bytes, *, prune: bool, allow_unknown_jobs: bool, **params: Any) -> Any:
    wanted = {"prune": prune or None, "allow_unknown_job": allow_unknown_jobs or None, **params}
    return api.post_text(f"/definitions/{verb}", text, content_type="application/yaml", **wanted)


def _differs(planned: Any) -> bool:
    return any(change["action"] != "unchanged" for change in planned["changes"])


def _show(planned: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(planned)
        return
    for change in planned["changes"]:
        if change["action"] == "unchanged":
            continue
        where = f"  (line {change['line']})" if change["line"] else ""
        print(f"{SIGNS[change['action']]} {change['kind']} {change['name']}{where}")
        for field in change["fields"] if change["action"] == "update" else ():
            print(f"    {field['field']}: {_brief(field['before'])} -> {_brief(field['after'])}")
    counts = planned["counts"]
    print(", ".join(f"{counts[name]} to {name}" for name in SIGNS) + f", {counts['unchanged']} unchanged")


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
