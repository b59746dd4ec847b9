"""HTTP of channels and of the rules that say which incidents go where."""

from uuid import UUID

from fastapi import APIRouter

from core_api.limits import LIMITED_WRITES
from core_api.modules.channels.dependencies import ChannelChanges, ChannelReads, RuleChanges, RuleReads
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
from core_api.modules.channels.schemas import ChannelRead, ChannelWrite, RuleRead, RuleWrite
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.outbound import AddressNotAllowed
from shared_utils.http.security import Admin, Operator, Viewer

router = APIRouter(prefix="/notifications/channels", tags=["notifications"])
rules = APIRouter(prefix="/notifications/rules", tags=["notifications"])

_REFUSED = (SecretMissing, SecretsKeyMissing, AddressNotAllowed, ChannelNameTaken)


@router.get("", summary="List channels", responses=problems(Unauthenticated, Forbidden))
async def list_channels(channels: ChannelReads, _: Operator) -> ApiResponse[list[ChannelRead], None]:
    """All channels by name, without their secrets."""
    return ok(await channels.listing())


@router.post(
    "",
    summary="Create a channel",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, *_REFUSED),
)
async def create_channel(
    write: ChannelWrite, channels: ChannelChanges, caller: Admin
) -> ApiResponse[ChannelRead, None]:
    """Add a webhook, an e-mail or a Slack-compatible channel. Secrets are stored sealed and never shown again.

    Unless `everything` is false, it is told of every incident: it joins the default rule, which is made if need be.
    """
    return ok(await channels.create(write, by=caller))


@router.get("/{channel_id}", summary="Read a channel", responses=problems(Unauthenticated, Forbidden, ChannelNotFound))
async def get_channel(channel_id: UUID, channels: ChannelReads, _: Operator) -> ApiResponse[ChannelRead, None]:
    """One channel, without its secrets."""
    return ok(await channels.get(channel_id))


@router.put(
    "/{channel_id}",
    summary="Change a channel",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, ChannelNotFound, ChannelKindFixed, *_REFUSED),
)
async def update_channel(
    channel_id: UUID, write: ChannelWrite, channels: ChannelChanges, caller: Admin
) -> ApiResponse[ChannelRead, None]:
    """Replace a channel; secrets that are left out stay. What waits for it goes out with the new settings."""
    return ok(await channels.change(channel_id, write, by=caller))


@router.delete(
    "/{channel_id}",
    summary="Delete a channel",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, ChannelNotFound),
)
async def delete_channel(channel_id: UUID, channels: ChannelChanges, caller: Admin) -> None:
    """Remove a channel from every rule, with what waits for it and what was sent through it."""
    await channels.delete(channel_id, by=caller)


@rules.get("", summary="List rules", responses=problems(Unauthenticated, Forbidden))
async def list_rules(rules: RuleReads, _: Viewer) -> ApiResponse[list[RuleRead], None]:
    """All rules, the oldest first: of two that send an incident to one channel, the first does."""
    return ok(await rules.listing())


@rules.post(
    "",
    summary="Create a rule",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RuleNameTaken, RuleChannelUnknown),
)
async def create_rule(write: RuleWrite, rules: RuleChanges, caller: Admin) -> ApiResponse[RuleRead, None]:
    """Say which incidents of which routines go to which channels. It is about what happens from now on."""
    return ok(await rules.create(write, by=caller))


@rules.put(
    "/{rule_id}",
    summary="Change a rule",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RuleNotFound, RuleNameTaken, RuleChannelUnknown),
)
async def update_rule(
    rule_id: UUID, write: RuleWrite, rules: RuleChanges, caller: Admin
) -> ApiResponse[RuleRead, None]:
    """Replace a rule."""
    return ok(await rules.change(rule_id, write, by=caller))


@rules.delete(
    "/{rule_id}",
    summary="Delete a rule",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RuleNotFound),
)
async def delete_rule(rule_id: UUID, rules: RuleChanges, caller: Admin) -> None:
    """Remove a rule."""
    await rules.delete(rule_id, by=caller)
