"""The statements on deliveries and threads. Whoever plans holds the turn; whoever sends holds a lease."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.notifications.schemas import (
    COOL_DOWN,
    Claimed,
    DeliveryRead,
    DeliveryStatus,
    Gathering,
    ThreadState,
)


class PlanRepository:
    """What is known of who was told what."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self) -> bool:
        """Whether this transaction is the only one that plans."""
        return bool(await self._session.scalar(_TAKE_TURN))

    async def threads(self, threads: Iterable[str], *, now: datetime) -> list[ThreadState]:
        """What every channel knows of these threads, and of those whose held news are due."""
        rows = await self._session.execute(_THREADS, {"threads": sorted(set(threads)), "cold": now - COOL_DOWN})
        return [
            ThreadState(
                channel_id=row.channel_id,
                thread=row.thread,
                rule_id=row.rule_id,
                told_at=row.told_at,
                delivery_id=row.delivery_id,
                told=set(row.told),
                held=row.held,
                held_incident_id=row.held_incident_id,
            )
            for row in rows
        ]

    async def gatherings(self, *, now: datetime) -> list[Gathering]:
        """Messages that have not been sent and that others may join; they cannot leave while this transaction lasts."""
        rows = await self._session.execute(_GATHERINGS, {"now": now})
        return [
            Gathering(
                id=row.id,
                channel_id=row.channel_id,
                rule_id=row.rule_id,
                what=row.what,
                created_at=row.created_at,
                send_at=row.send_at,
            )
            for row in rows
        ]

    async def save(self, gatherings: Sequence[Gathering], threads: Sequence[ThreadState]) -> None:
        if gatherings:
            await self._session.execute(_SAVE_DELIVERIES, _delivery_arrays(gatherings))
            items = [(one.id, incident_id, times) for one in gatherings for incident_id, times in one.items.items()]
            await self._session.execute(_SAVE_ITEMS, _columns(("deliveries", "incidents", "times"), items))
        if threads:
            await self._session.execute(_SAVE_THREADS, _thread_arrays(threads))
            told = [(state.channel_id, state.thread, incident) for state in threads for incident in sorted(state.told)]
            keys = [(state.channel_id, state.thread) for state in threads]
            parameters = _columns(("channels", "threads", "told"), told) | _columns(
                ("key_channels", "key_threads"), keys
            )
            await self._session.execute(_SAVE_TOLD, parameters)


class DeliveryRepository:
    """Messages on their way."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Claimed]:
        """Takes messages that are due, each for one sender. The end of something is not sent before its beginning."""
        parameters = {"now": now, "lease_until": now + lease, "limit": limit}
        rows = (await self._session.execute(_CLAIM, parameters)).all()
        if not rows:
            return []
        times: dict[UUID, dict[UUID, int]] = {row.id: {} for row in rows}
        threads: dict[UUID, UUID] = {}
        for item in await self._session.execute(_ITEMS, {"ids": [row.id for row in rows]}):
            times[item.delivery_id][item.incident_id] = item.times
            if item.first_id is not None:
                threads[item.delivery_id] = min(item.first_id, threads.get(item.delivery_id, item.first_id))
        return [
            Claimed(row.id, row.channel_id, row.what, row.attempts, row.created_at, times[row.id], threads.get(row.id))
            for row in rows
        ]

    async def sent(self, delivery_id: UUID, *, attempts: int, now: datetime) -> bool:
        """False when another sender has it meanwhile."""
        parameters = {"id": delivery_id, "attempts": attempts, "now": now}
        return (await self._session.scalar(_SENT, parameters)) is not None

    async def failed(
        self, delivery_id: UUID, *, attempts: int, error: str, again_at: datetime | None, now: datetime
    ) -> bool:
        """Without `again_at` the message is given up. False when another sender has it meanwhile."""
        parameters = {
            "id": delivery_id,
            "attempts": attempts,
            "error": error[:1000],
            "dead": again_at is None,
            "again_at": again_at or now,
        }
        return (await self._session.scalar(_FAILED, parameters)) is not None

    async def page(
        self,
        *,
        channel_id: UUID | None,
        status: DeliveryStatus | None,
        incident_id: UUID | None,
        before: UUID | None,
        limit: int,
    ) -> list[DeliveryRead]:
        parameters = {
            "id": None,
            "channel_id": channel_id,
            "status": status,
            "incident_id": incident_id,
            "before": before,
            "limit": limit,
        }
        return [_read(row) for row in await self._session.execute(_PAGE, parameters)]

    async def get(self, delivery_id: UUID) -> DeliveryRead | None:
        names = ("channel_id", "status", "incident_id", "before")
        row = (await self._session.execute(_PAGE, {"id": delivery_id, "limit": 1} | dict.fromkeys(names))).one_or_none()
        return None if row is None else _read(row)

    async def revive(self, delivery_id: UUID, *, now: datetime) -> bool:
        """A message that was given up gets all its tries anew; False when it was not given up."""
        return (await self._session.scalar(_REVIVE, {"id": delivery_id, "now": now})) is not None

    async def give_up_switched_off(self) -> None:
        """What waits for a channel that was switched off is not sent when it is back: it would be old news."""
        await self._session.execute(_GIVE_UP_SWITCHED_OFF, {"error": "The channel is switched off."})


def _read(row: Row[Any]) -> DeliveryRead:
    return DeliveryRead.model_validate(row)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def _delivery_arrays(gatherings: Sequence[Gathering]) -> dict[str, list[Any]]:
    rows = [(one.id, one.channel_id, one.rule_id, one.what, one.created_at, one.send_at) for one in gatherings]
    return _columns(("ids", "channels", "rules", "whats", "created_ats", "send_ats"), rows)


def _thread_arrays(threads: Sequence[ThreadState]) -> dict[str, list[Any]]:
    rows = [
        (one.channel_id, one.thread, one.rule_id, one.told_at, one.delivery_id, one.held, one.held_incident_id)
        for one in threads
    ]
    return _columns(("channels", "threads", "rules", "told_ats", "deliveries", "helds", "held_ids"), rows)


_TAKE_TURN: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('core.notifications', 0))")

_THREADS: Final = text("""
    SELECT channel_id, thread, rule_id, told_at, delivery_id, told, held, held_incident_id
    FROM core.notification_threads
    WHERE thread = ANY (CAST(:threads AS text[])) OR (held > 0 AND told_at <= :cold)
""").columns(
    column("channel_id", Uuid),
    column("thread", Text),
    column("rule_id", Uuid),
    column("told_at", DateTime(timezone=True)),
    column("delivery_id", Uuid),
    column("told", ARRAY(Uuid)),
    column("held", Integer),
    column("held_incident_id", Uuid),
)

_DELIVERY: Final = (
    column("id", Uuid),
    column("channel_id", Uuid),
    column("rule_id", Uuid),
    column("what", Text),
    column("created_at", DateTime(timezone=True)),
    column("send_at", DateTime(timezone=True)),
    column("attempts", Integer),
)

_GATHERINGS: Final = text("""
    SELECT id, channel_id, rule_id, what, created_at, send_at, attempts FROM core.deliveries
    WHERE status = 'PENDING' AND attempts = 0 AND send_at > :now
    ORDER BY id FOR UPDATE
""").columns(*_DELIVERY)

_SAVE_DELIVERIES: Final = text("""
    INSERT INTO core.deliveries (id, channel_id, rule_id, what, created_at, send_at)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:channels AS uuid[]), CAST(:rules AS uuid[]),
        CAST(:whats AS text[]), CAST(:created_ats AS timestamptz[]), CAST(:send_ats AS timestamptz[]))
    ON CONFLICT (id) DO UPDATE SET send_at = excluded.send_at
""")

_SAVE_ITEMS: Final = text("""
    INSERT INTO core.delivery_items (delivery_id, incident_id, times)
    SELECT * FROM unnest(CAST(:deliveries AS uuid[]), CAST(:incidents AS uuid[]), CAST(:times AS integer[]))
    ON CONFLICT (delivery_id, incident_id) DO UPDATE SET times = greatest(delivery_items.times, excluded.times)
""")

_SAVE_THREADS: Final = text("""
    INSERT INTO core.notification_threads (
        channel_id, thread, rule_id, told_at, delivery_id, held, held_incident_id, told)
    SELECT *, CAST('{}' AS uuid[])
    FROM unnest(CAST(:channels AS uuid[]), CAST(:threads AS text[]), CAST(:rules AS uuid[]),
        CAST(:told_ats AS timestamptz[]), CAST(:deliveries AS uuid[]), CAST(:helds AS integer[]),
        CAST(:held_ids AS uuid[]))
    ON CONFLICT (channel_id, thread) DO UPDATE SET rule_id = excluded.rule_id, told_at = excluded.told_at,
        delivery_id = excluded.delivery_id, held = excluded.held, held_incident_id = excluded.held_incident_id
""")

# Arrays of arrays of different lengths cannot be a parameter, so what was told comes as pairs.
_SAVE_TOLD: Final = text("""
    UPDATE core.notification_threads AS t
    SET told = ARRAY(
        SELECT told FROM unnest(CAST(:channels AS uuid[]), CAST(:threads AS text[]), CAST(:told AS uuid[]))
            AS now (channel_id, thread, told)
        WHERE now.channel_id = t.channel_id AND now.thread = t.thread)
    FROM unnest(CAST(:key_channels AS uuid[]), CAST(:key_threads AS text[])) AS keys (channel_id, thread)
    WHERE t.channel_id = keys.channel_id AND t.thread = keys.thread
""")

_CLAIM: Final = text("""
    UPDATE core.deliveries SET attempts = attempts + 1, lease_until = :lease_until
    WHERE id = ANY (ARRAY(
        SELECT d.id FROM core.deliveries AS d JOIN core.channels AS c ON c.id = d.channel_id
        WHERE d.status = 'PENDING' AND d.send_at <= :now AND (d.lease_until IS NULL OR d.lease_until < :now)
          AND c.enabled
          AND NOT (d.what = 'resolved' AND EXISTS (
            SELECT 1 FROM core.delivery_items AS mine
            JOIN core.delivery_items AS other ON other.incident_id = mine.incident_id
            JOIN core.deliveries AS earlier ON earlier.id = other.delivery_id
            WHERE mine.delivery_id = d.id AND earlier.channel_id = d.channel_id AND earlier.status = 'PENDING'
              AND earlier.what <> 'resolved' AND earlier.created_at <= d.created_at))
        ORDER BY d.send_at, d.id LIMIT :limit FOR UPDATE OF d SKIP LOCKED))
    RETURNING id, channel_id, rule_id, what, created_at, send_at, attempts
""").columns(*_DELIVERY)

_ITEMS: Final = text("""
    SELECT i.delivery_id, i.incident_id, i.times, first.id AS first_id
    FROM core.delivery_items AS i JOIN core.deliveries AS d ON d.id = i.delivery_id
    LEFT JOIN LATERAL (
        SELECT other.id FROM core.delivery_items AS told JOIN core.deliveries AS other ON other.id = told.delivery_id
        WHERE told.incident_id = i.incident_id AND other.channel_id = d.channel_id AND other.status = 'SENT'
          AND other.id <> d.id
        ORDER BY other.id LIMIT 1
    ) AS first ON true
    WHERE i.delivery_id = ANY (CAST(:ids AS uuid[]))
    ORDER BY i.delivery_id, i.incident_id
""").columns(
    column("delivery_id", Uuid), column("incident_id", Uuid), column("times", Integer), column("first_id", Uuid)
)

_SENT: Final = text("""
    UPDATE core.deliveries SET status = 'SENT', sent_at = :now, lease_until = NULL, last_error = NULL
    WHERE id = :id AND attempts = :attempts AND status = 'PENDING' RETURNING id
""").columns(column("id", Uuid))

_FAILED: Final = text("""
    UPDATE core.deliveries SET lease_until = NULL, last_error = :error, send_at = :again_at,
        status = CASE WHEN CAST(:dead AS boolean) THEN 'DEAD' ELSE status END
    WHERE id = :id AND attempts = :attempts AND status = 'PENDING' RETURNING id
""").columns(column("id", Uuid))

_PAGE: Final = text("""
    SELECT d.id, d.channel_id, c.name AS channel_name, d.rule_id, d.what, d.status, d.created_at, d.send_at, d.attempts,
        d.sent_at, d.last_error,
        ARRAY(SELECT incident_id FROM core.delivery_items WHERE delivery_id = d.id ORDER BY incident_id) AS incident_ids
    FROM core.deliveries AS d JOIN core.channels AS c ON c.id = d.channel_id
    WHERE (CAST(:id AS uuid) IS NULL OR d.id = :id)
      AND (CAST(:channel_id AS uuid) IS NULL OR d.channel_id = :channel_id)
      AND (CAST(:status AS text) IS NULL OR d.status = :status)
      AND (CAST(:incident_id AS uuid) IS NULL OR EXISTS (
        SELECT 1 FROM core.delivery_items WHERE delivery_id = d.id AND incident_id = :incident_id))
      AND (CAST(:before AS uuid) IS NULL OR d.id < :before)
    ORDER BY d.id DESC LIMIT :limit
""").columns(
    column("id", Uuid),
    column("channel_id", Uuid),
    column("channel_name", Text),
    column("rule_id", Uuid),
    column("what", Text),
    column("status", Text),
    column("created_at", DateTime(timezone=True)),
    column("send_at", DateTime(timezone=True)),
    column("attempts", Integer),
    column("sent_at", DateTime(timezone=True)),
    column("last_error", Text),
    column("incident_ids", ARRAY(Uuid)),
)

_REVIVE: Final = text("""
    UPDATE core.deliveries SET status = 'PENDING', attempts = 0, send_at = :now, lease_until = NULL
    WHERE id = :id AND status = 'DEAD' RETURNING id
""").columns(column("id", Uuid))

_GIVE_UP_SWITCHED_OFF: Final = text("""
    UPDATE core.deliveries AS d SET status = 'DEAD', last_error = :error, lease_until = NULL
    FROM core.channels AS c WHERE c.id = d.channel_id AND NOT c.enabled AND d.status = 'PENDING'
""")
