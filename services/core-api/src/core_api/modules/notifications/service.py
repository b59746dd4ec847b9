"""Telling people: who is told what is planned once, and each message is sent until it arrives or is given up."""

import asyncio
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.channels.public import OpenChannel, RuleRead
from core_api.modules.incidents.public import Change, IncidentRead
from core_api.modules.messages.public import Message, Told, Writer
from core_api.modules.notifications.exceptions import DeliveryNotDead, DeliveryNotFound
from core_api.modules.notifications.repository import DeliveryRepository, PlanRepository
from core_api.modules.notifications.schemas import (
    MAX_ATTEMPTS,
    ChannelTestRead,
    Claimed,
    DeliveryRead,
    DeliveryStatus,
    Outcome,
    Outgoing,
    Plan,
    Receiver,
    pause_after,
)
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory, WriteSession, read_transaction, transaction
from shared_utils.errors import AppError
from shared_utils.http.outbound import OutboundFailed, post
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.logging import get_logger
from shared_utils.messaging.mail import MailServer, mail, send_mail
from shared_utils.security.signatures import sign

logger = get_logger(__name__)

POLL_SECONDS: Final = 1.0
LEASE: Final = timedelta(seconds=90)
"""Longer than any try may take. When a sender dies, another one sends after it."""
CHANGES_PER_PLAN: Final = 1000
SENT_AT_ONCE: Final = 20
_MAIL_DOMAIN: Final = "rotina.invalid"
"""Message ids need a domain; this one is nobody's."""


class Neighbours(Protocol):
    """What telling needs of incidents and channels, within one transaction."""

    async def take_changes(self, *, limit: int) -> list[Change]: ...
    async def incidents(self, ids: list[UUID]) -> dict[UUID, IncidentRead]: ...
    async def rules(self) -> list[RuleRead]: ...
    async def receivers(self) -> list[Receiver]: ...
    async def channel(self, channel_id: UUID) -> OpenChannel: ...


NeighboursFor = Callable[[WriteSession], Neighbours]


# --- planning --------------------------------------------------------------------------------------------------------


async def plan(session: WriteSession, neighbours: Neighbours, *, now: datetime) -> int:
    """Turns what happened to incidents into messages, and digests what was held back; returns how much happened."""
    known = PlanRepository(session)
    if not await known.take_turn():
        return 0
    changes = await neighbours.take_changes(limit=CHANGES_PER_PLAN)
    threads = await known.threads((change.incident.thread for change in changes), now=now)
    if not changes and not any(state.held for state in threads):
        return 0
    planned = Plan(
        rules=await neighbours.rules(),
        receivers=await neighbours.receivers(),
        threads=threads,
        gatherings=await known.gatherings(now=now),
        now=now,
    )
    for change in changes:
        planned.take(change)
    held = [state for state in planned.threads.values() if planned.is_due(state)]
    incidents = await neighbours.incidents([state.held_incident_id for state in held if state.held_incident_id])
    for state in held:
        if state.held_incident_id in incidents:
            planned.tell_held(state, incidents[state.held_incident_id])
    await known.save(
        [gathering for gathering in planned.gatherings.values() if gathering.items],
        [planned.threads[key] for key in sorted(planned.touched)],
    )
    return len(changes)


# --- sending ---------------------------------------------------------------------------------------------------------


class Courier:
    """Plans, then sends what is due. Any number may run: each message is one courier's at a time."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        neighbours_for: NeighboursFor,
        outgoing: Outgoing,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._neighbours_for = neighbours_for
        self._outgoing = outgoing

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            changes = await plan(session, self._neighbours_for(session), now=self._clock.now())
        async with transaction(self._sessionmaker) as session:
            deliveries = DeliveryRepository(session)
            await deliveries.give_up_switched_off()
            claimed = await deliveries.claim(now=self._clock.now(), lease=LEASE, limit=SENT_AT_ONCE)
        await asyncio.gather(*(self._deliver(one) for one in claimed))
        return 0.0 if changes == CHANGES_PER_PLAN or len(claimed) == SENT_AT_ONCE else POLL_SECONDS

    async def _deliver(self, claimed: Claimed) -> None:
        outcome = await self._try(claimed)
        now = self._clock.now()
        async with transaction(self._sessionmaker) as session:
            deliveries = DeliveryRepository(session)
            if outcome.error is None:
                await deliveries.sent(claimed.id, attempts=claimed.attempts, now=now)
                return
            pause = pause_after(claimed.attempts, jitter=random.random(), asked_seconds=outcome.retry_after)  # noqa: S311  spreads load
            again_at = now + pause if claimed.attempts < MAX_ATTEMPTS else None
            await deliveries.failed(
                claimed.id, attempts=claimed.attempts, error=outcome.error, again_at=again_at, now=now
            )
        fields = {"delivery_id": str(claimed.id), "attempts": claimed.attempts, "error": outcome.error}
        logger.warning("a message was not delivered", extra={"fields": fields})

    async def _try(self, claimed: Claimed) -> Outcome:
        try:
            channel, message = await self._prepared(claimed)
            await send(channel, message, at=self._clock.now(), outgoing=self._outgoing)
        except OutboundFailed as error:
            return Outcome(error.message, error.retry_after)
        except AppError as error:
            return Outcome(error.message)
        except Exception as error:
            # A message that cannot be written must not keep the others from going out; it is given up like any other.
            logger.exception("a message could not be prepared", extra={"fields": {"delivery_id": str(claimed.id)}})
            return Outcome(f"The message could not be prepared: {type(error).__name__}.")
        return Outcome()

    async def _prepared(self, claimed: Claimed) -> tuple[OpenChannel, Message]:
        async with read_transaction(self._sessionmaker) as session:
            neighbours = self._neighbours_for(WriteSession(session))
            channel = await neighbours.channel(claimed.channel_id)
            incidents = await neighbours.incidents(list(claimed.times))
        told = [Told(incident, claimed.times[incident.id]) for incident in incidents.values()]
        writer = Writer(channel.language, public_url=self._outgoing.public_url, channel=channel.name)
        return channel, writer.incidents(claimed.id, claimed.what, told, now=self._clock.now(), thread=claimed.thread)


async def send(channel: OpenChannel, message: Message, *, at: datetime, outgoing: Outgoing) -> None:
    """Sends one message once. Raises `OutboundFailed`, `AddressNotAllowed` or `MailFailed`, which say what happened."""
    if channel.kind == "email":
        await _send_mail(channel, message)
        return
    if channel.kind == "slack":
        url, body = (
            channel.secrets["url"].get_secret_value(),
            json.dumps(message.as_slack(), ensure_ascii=False).encode(),
        )
        signature = {}
    else:
        url, body = channel.config["url"], message.as_json()
        signature = {"X-Rotina-Signature": sign(channel.secrets["secret"], body, at=at)}
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Rotina",
        "X-Rotina-Delivery": str(message.id),
        **signature,
    }
    await post(url, body, headers=headers, allow_private=outgoing.allow_private)


async def _send_mail(channel: OpenChannel, message: Message) -> None:
    config = channel.config
    server = MailServer(
        host=config["host"],
        port=config["port"],
        security=config["security"],
        username=config["username"],
        password=channel.secrets.get("password"),
    )
    letter = mail(
        sender=config["sender"],
        recipients=config["recipients"],
        subject=f"[Rotina] {message.subject}",
        text=message.as_text(),
        html=message.as_html(),
        message_id=_message_id(message.id),
        thread=_message_id(message.thread) if message.thread else None,
    )
    await send_mail(server, letter)


def _message_id(delivery_id: UUID) -> str:
    return f"<{delivery_id}@{_MAIL_DOMAIN}>"


# --- what people do --------------------------------------------------------------------------------------------------


class ChannelTest:
    """Sends a test message through a channel, once, and says what came of it."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        neighbours_for: NeighboursFor,
        outgoing: Outgoing,
        audit_for: Callable[[WriteSession], AuditTrail],
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._neighbours_for = neighbours_for
        self._outgoing = outgoing
        self._audit_for = audit_for

    async def run(self, channel_id: UUID, *, by: AuthContext) -> ChannelTestRead:
        """Tries the channel, whether or not it is enabled. Raises `ChannelNotFound`."""
        async with read_transaction(self._sessionmaker) as session:
            channel = await self._neighbours_for(WriteSession(session)).channel(channel_id)
        writer = Writer(channel.language, public_url=self._outgoing.public_url, channel=channel.name)
        error: str | None = None
        try:
            message = writer.test(uuid7(), by=display_name(by))
            await send(channel, message, at=self._clock.now(), outgoing=self._outgoing)
        except AppError as failure:
            error = failure.message
        async with transaction(self._sessionmaker) as session:
            await self._audit_for(session).record(
                by=by,
                action="channel.test",
                entity="channel",
                entity_id=str(channel_id),
                after={"ok": error is None, "error": error},
            )
        return ChannelTestRead(ok=error is None, error=error)


class DeliveryService:
    """What people read of messages and do with them."""

    def __init__(self, deliveries: DeliveryRepository, audit: AuditTrail, clock: Clock) -> None:
        self._deliveries = deliveries
        self._audit = audit
        self._clock = clock

    async def page(
        self,
        *,
        channel_id: UUID | None,
        status: DeliveryStatus | None,
        incident_id: UUID | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[DeliveryRead], CursorMeta]:
        """Messages, the newest first."""
        page = await self._deliveries.page(
            channel_id=channel_id, status=status, incident_id=incident_id, before=_position(cursor), limit=limit + 1
        )
        next_key = {"id": str(page[limit - 1].id)} if len(page) > limit else None
        return page[:limit], cursor_meta(limit=limit, next_key=next_key)

    async def retry(self, delivery_id: UUID, *, by: AuthContext) -> DeliveryRead:
        """Tries a message again that was given up."""
        if await self._deliveries.get(delivery_id) is None:
            raise DeliveryNotFound(delivery_id)
        if not await self._deliveries.revive(delivery_id, now=self._clock.now()):
            raise DeliveryNotDead
        await self._audit.record(by=by, action="delivery.retry", entity="delivery", entity_id=str(delivery_id))
        read = await self._deliveries.get(delivery_id)
        if read is None:
            raise DeliveryNotFound(delivery_id)
        return read


def _position(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(decode_cursor(cursor)["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidCursor from error
