"""Channels and rules: how people are reached, and of what they are told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Self
from uuid import UUID

from pydantic import SecretStr

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.channels.exceptions import (
    ChannelKindFixed,
    ChannelNameTaken,
    ChannelNotFound,
    RuleChannelUnknown,
    RuleNameTaken,
    RuleNotFound,
    SecretMissing,
    SecretsKeyMissing,
)
from core_api.modules.channels.models import Channel, Rule
from core_api.modules.channels.repository import ChannelRepository, RuleRepository
from core_api.modules.channels.schemas import (
    COMMON,
    NEEDED,
    ChannelRead,
    ChannelWrite,
    OpenChannel,
    RuleRead,
    RuleWrite,
    SlackWrite,
)
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.http.outbound import check_url
from shared_utils.security.sealing import Sealer

DEFAULT_RULE: Final = "Tudo"


class Vault:
    """Seals and opens the secrets of channels. Without a key it can do neither, and says so."""

    def __init__(self, sealer: Sealer | None) -> None:
        self._sealer = sealer

    @classmethod
    def with_keys(cls, keys: Sequence[SecretStr]) -> Self:
        """The first key seals, all of them open; without any, there is nothing but the error that says so."""
        return cls(Sealer(keys) if keys else None)

    def seal(self, secrets: dict[str, SecretStr]) -> str | None:
        """The secrets as one token; nothing for none. Raises `SecretsKeyMissing`."""
        if not secrets:
            return None
        if self._sealer is None:
            raise SecretsKeyMissing
        return self._sealer.seal({name: value.get_secret_value() for name, value in secrets.items()})

    def open(self, sealed: str | None) -> dict[str, SecretStr]:
        """The secrets of a token. Raises `SecretsKeyMissing` and `SealBroken`."""
        if sealed is None:
            return {}
        if self._sealer is None:
            raise SecretsKeyMissing
        return self._sealer.open(sealed)


class ChannelService:
    """What people decide about channels."""

    def __init__(
        self,
        channels: ChannelRepository,
        audit: AuditTrail,
        clock: Clock,
        *,
        vault: Vault,
        rules: RuleRepository,
        allow_private: bool,
    ) -> None:
        self._channels = channels
        self._audit = audit
        self._clock = clock
        self._vault = vault
        self._rules = rules
        self._allow_private = allow_private

    async def listing(self) -> list[ChannelRead]:
        """All channels by name."""
        return [_read(channel) for channel in await self._channels.all()]

    async def get(self, channel_id: UUID) -> ChannelRead:
        """One channel."""
        return _read(await self._existing(channel_id))

    async def create(self, write: ChannelWrite, *, by: AuthContext) -> ChannelRead:
        """Adds a channel, and tells it of every incident unless it should not be."""
        secrets = _given(write)
        self._check(write, secrets)
        channel = await self._channels.add({"kind": write.kind, **self._columns(write, secrets, by=by)})
        if channel is None:
            raise ChannelNameTaken(write.name)
        if write.everything:
            await self._rules.include(channel.id, name=DEFAULT_RULE, by=display_name(by), now=self._clock.now())
        read = _read(channel)
        await self._record("create", read.id, by=by, before=None, after=read)
        return read

    async def change(self, channel_id: UUID, write: ChannelWrite, *, by: AuthContext) -> ChannelRead:
        """Replaces a channel; secrets that are left out stay."""
        channel = await self._existing(channel_id, lock=True)
        before = _read(channel)
        if write.kind != channel.kind:
            raise ChannelKindFixed
        given = _given(write)
        secrets = ({**self._vault.open(channel.sealed), **given} if channel.sealed else given) if given else None
        self._check(write, before.secrets_set if secrets is None else secrets)
        columns = self._columns(write, secrets, by=by)
        if secrets is None:
            columns["config"]["secrets_set"] = before.secrets_set
        changed = await self._channels.change(channel_id, columns)
        if changed is None:
            raise ChannelNameTaken(write.name)
        read = _read(changed)
        await self._record("update", channel_id, by=by, before=before, after=read)
        return read

    async def delete(self, channel_id: UUID, *, by: AuthContext) -> None:
        """Removes a channel, what waits for it, and what was sent through it."""
        before = _read(await self._existing(channel_id, lock=True))
        await self._rules.forget_channel(channel_id)
        await self._channels.delete(channel_id)
        await self._record("delete", channel_id, by=by, before=before, after=None)

    def _columns(self, write: ChannelWrite, secrets: dict[str, SecretStr] | None, *, by: AuthContext) -> dict[str, Any]:
        hidden = COMMON | set(write.secrets())
        columns: dict[str, Any] = {
            "name": write.name,
            "language": write.language,
            "send_resolved": write.send_resolved,
            "enabled": write.enabled,
            "config": {**write.model_dump(mode="json", exclude=set(hidden))},
            "updated_at": self._clock.now(),
            "updated_by": display_name(by),
        }
        if secrets is not None:
            columns["sealed"] = self._vault.seal(secrets)
            # Which ones there are can be shown without opening them.
            columns["config"]["secrets_set"] = sorted(secrets)
        return columns

    def _check(self, write: ChannelWrite, secrets: Collection[str]) -> None:
        for name in NEEDED[write.kind]:
            if name not in secrets:
                raise SecretMissing(name)
        if write.kind == "webhook":
            check_url(write.url, allow_private=self._allow_private)
        elif isinstance(write, SlackWrite) and write.url is not None:
            check_url(write.url.get_secret_value(), allow_private=self._allow_private)

    async def _existing(self, channel_id: UUID, *, lock: bool = False) -> Channel:
        channel = await self._channels.get(channel_id, lock=lock)
        if channel is None:
            raise ChannelNotFound(channel_id)
        return channel

    async def _record(
        self,
        verb: str,
        channel_id: UUID,
        *,
        by: AuthContext,
        before: ChannelRead | None,
        after: ChannelRead | None,
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"channel.{verb}",
            entity="channel",
            entity_id=str(channel_id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )


def _given(write: ChannelWrite) -> dict[str, SecretStr]:
    return {name: value for name, value in write.secrets().items() if value is not None}


def _read(channel: Channel) -> ChannelRead:
    config = dict(channel.config)
    return ChannelRead(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        secrets_set=config.pop("secrets_set", []),
        config=config,
        language=channel.language,
        send_resolved=channel.send_resolved,
        enabled=channel.enabled,
        updated_at=channel.updated_at,
        updated_by=channel.updated_by,
    )


def opened(channel: Channel, vault: Vault) -> OpenChannel:
    """A channel with its secrets. Raises `SecretsKeyMissing` and `SealBroken`."""
    return OpenChannel(
        id=channel.id,
        name=channel.name,
        kind=channel.kind,
        config=channel.config,
        secrets=vault.open(channel.sealed),
        language=channel.language,
        send_resolved=channel.send_resolved,
        enabled=channel.enabled,
    )


class RuleService:
    """What people decide about rules."""

    def __init__(self, rules: RuleRepository, channels: ChannelRepository, audit: AuditTrail, clock: Clock) -> None:
        self._rules = rules
        self._channels = channels
        self._audit = audit
        self._clock = clock

    async def listing(self) -> list[RuleRead]:
        """All rules, the oldest first: of two that send an incident to one channel, the first does."""
        return [RuleRead.model_validate(rule) for rule in await self._rules.all()]

    async def create(self, write: RuleWrite, *, by: AuthContext) -> RuleRead:
        """Adds a rule. It is about what happens from now on."""
        rule = await self._rules.add(await self._columns(write, by=by))
        if rule is None:
            raise RuleNameTaken(write.name)
        read = RuleRead.model_validate(rule)
        await self._record("create", read.id, by=by, before=None, after=read)
        return read

    async def change(self, rule_id: UUID, write: RuleWrite, *, by: AuthContext) -> RuleRead:
        """Replaces a rule."""
        before = RuleRead.model_validate(await self._existing(rule_id))
        changed = await self._rules.change(rule_id, await self._columns(write, by=by))
        if changed is None:
            raise RuleNameTaken(write.name)
        read = RuleRead.model_validate(changed)
        await self._record("update", rule_id, by=by, before=before, after=read)
        return read

    async def delete(self, rule_id: UUID, *, by: AuthContext) -> None:
        """Removes a rule."""
        before = RuleRead.model_validate(await self._existing(rule_id))
        await self._rules.delete(rule_id)
        await self._record("delete", rule_id, by=by, before=before, after=None)

    async def _columns(self, write: RuleWrite, *, by: AuthContext) -> Mapping[str, Any]:
        known = {channel.id for channel in await self._channels.by_ids(write.channel_ids)}
        for channel_id in write.channel_ids:
            if channel_id not in known:
                raise RuleChannelUnknown(channel_id)
        return {
            **write.model_dump(),
            "kinds": [str(kind) for kind in write.kinds],
            "channel_ids": list(dict.fromkeys(write.channel_ids)),
            "updated_at": self._clock.now(),
            "updated_by": display_name(by),
        }

    async def _existing(self, rule_id: UUID) -> Rule:
        rule = await self._rules.get(rule_id, lock=True)
        if rule is None:
            raise RuleNotFound(rule_id)
        return rule

    async def _record(
        self, verb: str, rule_id: UUID, *, by: AuthContext, before: RuleRead | None, after: RuleRead | None
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"notification_rule.{verb}",
            entity="notification_rule",
            entity_id=str(rule_id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )
