"""Shapes of webhooks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCall:
    """A call of a webhook, before anybody trusted it."""

    body: bytes = field(repr=False)
    content_type: str | None
    secret: str | None = field(repr=False)
    signature: str | None = field(repr=False)
    delivery: str | None


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class HookAnswer(Output):
    """What a call did. `execution_id` is null when the date is not one of the routine's day group, as `reason` says.

    `repeated` means that the same delivery came before, and that this is its execution.
    """

    execution_id: UUID | None
    business_date: date
    repeated: bool
    reason: str | None


class HookSecret(Output):
    """Shown once. Send it as `Authorization: Bearer`, or sign the body with it as GitHub does (X-Hub-Signature-256).

    `signatures` is false where no key is configured to keep secrets with (CORE_API_SECRETS_KEYS): only bearers work.
    """

    routine_id: UUID
    url: str
    secret: str
    signatures: bool
    created_at: datetime


class HookSecretRead(Output):
    routine_id: UUID
    url: str
    signatures: bool
    created_by: str
    created_at: datetime
