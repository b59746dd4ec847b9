"""What other modules may ask of channels and rules."""

from uuid import UUID

from core_api.modules.channels.exceptions import ChannelNotFound, SecretsKeyMissing
from core_api.modules.channels.repository import ChannelRepository, RuleRepository
from core_api.modules.channels.schemas import OpenChannel, RuleRead
from core_api.modules.channels.service import Vault, opened
from shared_utils.db.session import ReadSession

__all__ = [
    "ChannelNotFound",
    "OpenChannel",
    "RuleRead",
    "SecretsKeyMissing",
    "Vault",
    "enabled_rules",
    "open_channel",
    "receivers",
]


async def enabled_rules(session: ReadSession) -> list[RuleRead]:
    """The rules that hold, the oldest first."""
    return [RuleRead.model_validate(rule) for rule in await RuleRepository(session).all() if rule.enabled]


async def receivers(session: ReadSession) -> dict[UUID, bool]:
    """The channels in use, and whether they want to hear of the end of what they were told."""
    return {channel.id: channel.send_resolved for channel in await ChannelRepository(session).all() if channel.enabled}


async def open_channel(session: ReadSession, channel_id: UUID, *, vault: Vault) -> OpenChannel:
    """A channel with its secrets. Raises `ChannelNotFound`, `SecretsKeyMissing` and `SealBroken`."""
    channel = await ChannelRepository(session).get(channel_id)
    if channel is None:
        raise ChannelNotFound(channel_id)
    return opened(channel, vault)
