"""Wiring of notifications: the same for HTTP, the schedulers and the API processes that stand in for them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import SecretStr

from core_api.modules.access.public import audit_trail
from core_api.modules.channels import public as channels
from core_api.modules.incidents import public as incidents
from core_api.modules.notifications.repository import DeliveryRepository
from core_api.modules.notifications.schemas import Outgoing, Receiver
from core_api.modules.notifications.service import ChannelTest, Courier, DeliveryService, NeighboursFor
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


class SessionNeighbours:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, *, vault: channels.Vault) -> None:
        self._session = session
        self._vault = vault

    async def take_changes(self, *, limit: int) -> list[incidents.Change]:
        return await incidents.take_changes(self._session, limit=limit)

    async def incidents(self, ids: list[UUID]) -> dict[UUID, incidents.IncidentRead]:
        return await incidents.incidents_by_id(self._session, ids) if ids else {}

    async def rules(self) -> list[channels.RuleRead]:
        return await channels.enabled_rules(self._session)

    async def receivers(self) -> list[Receiver]:
        found = await channels.receivers(self._session)
        return [Receiver(channel_id, send_resolved) for channel_id, send_resolved in found.items()]

    async def channel(self, channel_id: UUID) -> channels.OpenChannel:
        return await channels.open_channel(self._session, channel_id, vault=self._vault)


def neighbours_with(keys: Sequence[SecretStr]) -> NeighboursFor:
    """Neighbours that can open secrets sealed with one of `keys`."""
    vault = channels.Vault.with_keys(keys)
    return lambda session: SessionNeighbours(session, vault=vault)


def courier(
    sessionmaker: SessionFactory, clock: Clock, *, keys: Sequence[SecretStr], public_url: str, allow_private: bool
) -> Courier:
    """Plans messages and sends them."""
    outgoing = Outgoing(public_url, allow_private=allow_private)
    return Courier(sessionmaker, clock, neighbours_for=neighbours_with(keys), outgoing=outgoing)


def _deliveries(session: WriteSession, request: Request) -> DeliveryService:
    clock = request.state.clock
    return DeliveryService(DeliveryRepository(session), audit_trail(session, clock=clock), clock)


async def delivery_changes(session: WriteSessionDep, request: Request) -> DeliveryService:
    return _deliveries(session, request)


async def delivery_reads(session: ReadSessionDep, request: Request) -> DeliveryService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _deliveries(WriteSession(session), request)


async def channel_test(request: Request) -> ChannelTest:
    # Without a session of the request: a slow receiver must not hold a connection to PostgreSQL.
    state = request.state
    return ChannelTest(
        state.sessionmaker,
        state.clock,
        neighbours_for=neighbours_with(state.settings.secrets_keys),
        outgoing=Outgoing(state.settings.public_url, allow_private=state.settings.allow_private_webhooks),
        audit_for=lambda session: audit_trail(session, clock=state.clock),
    )


DeliveryChanges = Annotated[DeliveryService, Depends(delivery_changes)]
DeliveryReads = Annotated[DeliveryService, Depends(delivery_reads)]
Tester = Annotated[ChannelTest, Depends(channel_test)]
