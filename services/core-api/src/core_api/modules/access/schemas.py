"""Shapes of who is calling and of the audit log."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared_schemas.auth import AuthContext, Role


def display_name(caller: AuthContext) -> str:
    """How a caller is shown to people: the name, else the e-mail address, else the provider's subject."""
    return caller.name or caller.email or caller.subject


class Me(BaseModel):
    """The caller, as their access token says; `may` lists every role whose rights they have."""

    subject: str
    name: str
    email: str | None
    roles: list[Role]
    may: list[Role]


class AuditEntryRead(BaseModel):
    """One change: `before` is null when something was created, `after` when it was deleted."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    entity: str
    entity_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None
