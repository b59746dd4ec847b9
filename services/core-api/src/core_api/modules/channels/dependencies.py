"""Wiring of channels and rules for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.channels.repository import ChannelRepository, RuleRepository
from core_api.modules.channels.service import ChannelService, RuleService, Vault
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _channels(session: WriteSession, request: Request) -> ChannelService:
    state = request.state
    return ChannelService(
        ChannelRepository(session),
        audit_trail(session, clock=state.clock),
        state.clock,
        vault=Vault.with_keys(state.settings.secrets_keys),
        rules=RuleRepository(session),
        allow_private=state.settings.allow_private_webhooks,
    )


def _rules(session: WriteSession, request: Request) -> RuleService:
    clock = request.state.clock
    audit = audit_trail(session, clock=clock)
    return RuleService(RuleRepository(session), ChannelRepository(session), audit, clock)


async def channel_changes(session: WriteSessionDep, request: Request) -> ChannelService:
    return _channels(session, request)


async def channel_reads(session: ReadSessionDep, request: Request) -> ChannelService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _channels(WriteSession(session), request)


async def rule_changes(session: WriteSessionDep, request: Request) -> RuleService:
    return _rules(session, request)


async def rule_reads(session: ReadSessionDep, request: Request) -> RuleService:
    return _rules(WriteSession(session), request)


ChannelChanges = Annotated[ChannelService, Depends(channel_changes)]
ChannelReads = Annotated[ChannelService, Depends(channel_reads)]
RuleChanges = Annotated[RuleService, Depends(rule_changes)]
RuleReads = Annotated[RuleService, Depends(rule_reads)]
