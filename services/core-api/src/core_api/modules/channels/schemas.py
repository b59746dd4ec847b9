"""Shapes of channels. Secrets come in and never go out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from core_api.inputs import Input, StorableText, Title
from core_api.modules.incidents.public import IncidentRead, Kind
from core_api.texts import Language

MAX_RECIPIENTS: Final = 50
_MIN_SECRET: Final = 16

Url = Annotated[StorableText, StringConstraints(min_length=8, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")]
SecretText = Annotated[SecretStr, Field(min_length=1, max_length=1000)]
Email = Annotated[
    StorableText, StringConstraints(max_length=254, pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$")]


class ChannelInput(Input):
    """What every channel has. `everything` puts a new channel into the rule for all incidents, made if need be."""

    name: Title = Field(examples=["Plantão"])
    language: Language = "pt-BR"
    send_resolved: bool = Field(default=True, description="Say also when an incident is over.")
    enabled: bool = True
    everything: bool = Field(default=True, description="Only when it is created: tell it of every incident.")


class WebhookWrite(ChannelInput):
    """POSTs JSON. `X-Rotina-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` under `secret`.

    `X-Rotina-Delivery` is the same however often one message is sent. Any 2xx answer within 10 s counts as received.
    """

    kind: Literal["webhook"]
    url: Url = Field(examples=["https://hooks.example.com/rotina"])
    secret: Annotated[SecretStr, Field(min_length=_MIN_SECRET, max_length=1000)] | None = Field(
        default=None, description="Left out in a change, the stored one stays."
    )

    def secrets(self) -> dict[str, SecretStr | None]:
        return {"secret": self.secret}


class SlackWrite(ChannelInput):
    """An incoming webhook as Slack has it (Mattermost too, Discord at `/slack`). The address is secret."""

    kind: Literal["slack"]
    url: Annotated[SecretStr, Field(min_length=8, max_length=2000)] | None = Field(
        default=None, description="Left out in a change, the stored one stays."
    )

    def secrets(self) -> dict[str, SecretStr | None]:
        return {"url": self.url}


class EmailWrite(ChannelInput):
    """E-mail over SMTP. `starttls` is usual on port 587, `tls` on 465, `none` only for a relay inside the house."""

    kind: Literal["email"]
    host: HostName = Field(examples=["smtp.example.com"])
    port: int = Field(default=587, ge=1, le=65535, strict=True)
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: Annotated[StorableText, StringConstraints(min_length=1, max_length=254)] | None = None
    password: SecretText | None = Field(default=None, description="Left out in a change, the stored one stays.")
    sender: Email = Field(examples=["rotina@example.com"])
    recipients: list[Email] = Field(min_length=1, max_length=MAX_RECIPIENTS, examples=[["plantao@example.com"]])

    def secrets(self) -> dict[str, SecretStr | None]:
        return {"password": self.password}


ChannelWrite = Annotated[WebhookWrite | SlackWrite | EmailWrite, Field(discriminator="kind")]

COMMON: Final = frozenset({"name", "language", "send_resolved", "enabled", "everything", "kind"})
NEEDED: Final = {"webhook": ("secret",), "slack": ("url",), "email": ()}
"""The secrets that a kind of channel cannot do without."""


class ChannelRead(BaseModel):
    """A channel. `config` is what its kind takes, without secrets; `secrets_set` names those that are stored."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    name: str
    kind: Literal["webhook", "email", "slack"]
    config: dict[str, Any]
    secrets_set: list[str]
    language: Language
    send_resolved: bool
    enabled: bool
    updated_at: datetime
    updated_by: str


class RuleWrite(Input):
    """Which incidents go to which channels. Empty lists mean all: all kinds, all routines.

    A rule for routines or tags is about those only: the engine's own incidents go to rules for everything.
    """

    name: Title = Field(examples=["Preços para a mesa"])
    enabled: bool = True
    kinds: list[Kind] = Field(default=[], max_length=20)
    routine_ids: list[UUID] = Field(default=[], max_length=1000)
    tags: list[Tag] = Field(default=[], max_length=50)
    channel_ids: list[UUID] = Field(max_length=50)


class RuleRead(BaseModel):
    """A rule. `is_default` marks the one that new channels join unless they are told not to."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    name: str
    enabled: bool
    is_default: bool
    kinds: list[Kind]
    routine_ids: list[UUID]
    tags: list[str]
    channel_ids: list[UUID]
    updated_at: datetime
    updated_by: str

    def applies(self, incident: IncidentRead) -> bool:
        """Whether this rule is about an incident."""
        if self.kinds and incident.kind not in self.kinds:
            return False
        if not self.routine_ids and not self.tags:
            return True
        return incident.routine_id in self.routine_ids or not set(self.tags).isdisjoint(incident.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel:
    """A channel that is about to be used: its secrets stay wrapped until the last moment."""

    id: UUID
    name: str
    kind: str
    config: dict[str, Any]
    secrets: dict[str, SecretStr]
    language: str
    send_resolved: bool
    enabled: bool
