"""Options that several commands share, and what their values stand for."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer

from rotina.cli_api import Api
from rotina.cli_login import fetch_access_token
from rotina.cli_stack import CliError, load_stack

TOKEN_VARIABLE = "ROTINA_TOKEN"  # noqa: S105  the variable's name
DAY = "%Y-%m-%d"

StackOption = Annotated[
    Path | None, typer.Option("--stack", help="The stack's file (.rotina/stack.json) or its folder.")
]
UserOption = Annotated[str, typer.Option("--user", help="Demo user to sign in as: viewer, operator or admin.")]
DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=[DAY], help="Business date, YYYY-MM-DD; today when left out."),
]
ParamOption = Annotated[
    list[str] | None, typer.Option("--param", "-p", help="A param for this run only: name=value (JSON or text).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the API's answer as JSON, for programs.")]


@contextmanager
def open_api(stack: Path | None, user: str, *, timeout: float = 15) -> Iterator[Api]:
    """The API of the stack, signed in; $ROTINA_TOKEN is used instead of signing in when it is set.

    `timeout` is how long an answer may take, in seconds.
    """
    where = load_stack(stack)
    with httpx.Client(timeout=timeout) as http:
        bearer = os.environ.get(TOKEN_VARIABLE) or fetch_access_token(where.oidc, where.user(user), http=http)
        yield Api(http, url=where.url, token=bearer)


def iso(date: datetime | None) -> str | None:
    """A date as the API takes it."""
    return date.date().isoformat() if date else None


def params_of(pairs: list[str] | None) -> dict[str, Any] | None:
    """`name=value` pairs: a value that is JSON is taken as such, anything else as text. None when there are none."""
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


def routine_ids(api: Api, routines: list[str]) -> list[str]:
    """Ids of routines that are given by name or by id; the list of all is read at most once."""
    wanted = [_uuid(routine) or routine for routine in routines]
    if all(isinstance(one, UUID) for one in wanted):
        return [str(one) for one in wanted]
    known = {one["name"]: str(one["id"]) for one in api.pages("/routines", limit=200)}
    for one in wanted:
        if isinstance(one, str) and one not in known:
            raise CliError(f"there is no routine {one!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return [str(one) if isinstance(one, UUID) else known[one] for one in wanted]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
