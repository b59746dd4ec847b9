"""Where the product runs: the local stack's `.rotina/stack.json`, found upwards from the working directory."""

import json
import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

STACK_FILE = Path(".rotina") / "stack.json"
STACK_VARIABLE = "ROTINA_STACK"


class CliError(Exception):
    """A problem that the person at the terminal can solve; the message says how."""


class StackUser(BaseModel):
    username: str
    password: str


class StackOidc(BaseModel):
    issuer: str
    cli_client_id: str
    cli_redirect_uri: str


class Stack(BaseModel):
    """What the command line needs to know of a running stack."""

    model_config = ConfigDict(extra="ignore")

    url: str
    oidc: StackOidc
    users: Annotated[list[StackUser], Field(min_length=1)]

    def user(self, username: str) -> StackUser:
        """The demo user of that name. Raises `CliError` naming those that exist."""
        for user in self.users:
            if user.username == username:
                return user
        known = ", ".join(sorted(user.username for user in self.users))
        raise CliError(f"there is no demo user {username!r}; the stack has: {known}")


def find_stack_file(explicit: Path | None, *, start: Path) -> Path:
    """`--stack`, else $ROTINA_STACK, else the nearest `.rotina/stack.json` at or above `start`."""
    named = explicit or (Path(os.environ[STACK_VARIABLE]) if os.environ.get(STACK_VARIABLE) else None)
    if named is not None:
        path = named / STACK_FILE if named.is_dir() else named
        if not path.is_file():
            raise CliError(f"there is no stack file at {path}; is the stack running? Start it with `make up`")
        return path
    for folder in (start, *start.parents):
        if (folder / STACK_FILE).is_file():
            return folder / STACK_FILE
    raise CliError(
        f"no running stack found: there is no {STACK_FILE} in {start} or above it. "
        f"Start it with `make up`, or name its file with --stack or ${STACK_VARIABLE}"
    )


def load_stack(explicit: Path | None = None) -> Stack:
    """Read the stack's file. Raises `CliError` when there is none or it is damaged."""
    path = find_stack_file(explicit, start=Path.cwd())
    try:
        return Stack.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        detail = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise CliError(
            f"{path} cannot be read as a stack file ({detail}); start the stack again with `make up`"
        ) from None
