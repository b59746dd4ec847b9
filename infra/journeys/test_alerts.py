"""People are told within a minute, once, whatever broke: also when it is every scheduler that is dead (E16)."""

import secrets
import time
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr

from shared_utils.clock import utc_now
from shared_utils.security.signatures import verify
from shared_utils.testing.receivers import Mailbox, Receiver, mailbox, receiver

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

SECRET = secrets.token_urlsafe(24)


async def webhook(journey: Any, other: Receiver) -> None:
    body = {"kind": "webhook", "name": "webhook", "url": other.url, "secret": SECRET}
    await journey.post("/notifications/channels", body)


async def email(journey: Any, box: Mailbox) -> None:
    body = {
        "kind": "email",
        "name": "correio",
        "host": "127.0.0.1",
        "port": box.port,
        "security": "none",
        "sender": "rotina@rotina.test",
        "recipients": ["ana@rotina.test"],
    }
    await journey.post("/notifications/channels", body)


def about(other: Receiver, kind: str) -> list[dict[str, Any]]:
    """The messages about a kind of trouble, each with a signature that is right."""
    for item in other.received:
        assert verify(SecretStr(SECRET), item.body, item.headers["x-rotina-signature"], now=utc_now())
    return [item.json for item in other.received if any(one["kind"] == kind for one in item.json["incidents"])]


async def test_e16_failures_are_told_once_by_two_schedulers_and_their_end_too(journey: Any) -> None:
    stack = journey.stack
    async with receiver() as other:
        await webhook(journey, other)
        for name in ("scheduler-1", "scheduler-2"):
            stack.start_scheduler(name)
        await stack.start_worker("worker-1")
        broken = [await journey.routine(f"quebrada-{n}", job="journey.fail") for n in range(3)]
        runs = [await journey.run(routine) for routine in broken]
        for run in runs:
            await journey.until_status(run, "FAILED", timeout=60)
        failed_at = min([(await journey.row(run))["finished_at"] for run in runs])

        def failures() -> list[str]:
            """The routines of the failures that were told; a message may hold other troubles too."""
            items = [one for message in about(other, "FAILED") for one in message["incidents"]]
            return [one["routine_id"] for one in items if one["kind"] == "FAILED"]

        async def told() -> Any:
            return set(failures()) == set(broken)

        await stack.until(told, timeout=60, what="the failures are told")
        messages = about(other, "FAILED")
        assert sorted(failures()) == sorted(broken), "each of them once"
        assert "<b>nothing</b> to be done in attempt 1" in messages[0]["text"]
        sent = await stack.fetch("SELECT sent_at FROM core.deliveries WHERE status = 'SENT' AND what = 'opened'")
        assert all((row["sent_at"] - failed_at).total_seconds() <= 60 for row in sent)


async def test_e16_a_scheduler_calls_the_outside_while_all_is_well_and_not_when_redis_is_away(journey: Any) -> None:
    stack = journey.stack
    async with receiver() as outside:
        stack.start_scheduler("scheduler-1", CORE_API_HEARTBEAT_URL=outside.url)
        await outside.count(1, timeout=60)
        stack.streams.kill()
        seen = len(outside.received)
        killed_at: datetime = utc_now()

        async def half_a_minute_has_passed() -> bool:
            return (utc_now() - killed_at).total_seconds() > 35

        await stack.until(half_a_minute_has_passed, timeout=60, what="the next call would have been due")
        assert len(outside.received) <= seen + 1, "at most the one that was under way"
        stack.streams.start()
        await outside.count(seen + 1, timeout=60)


async def test_e16_when_every_scheduler_is_killed_the_api_tells_within_sixty_seconds_and_once(journey: Any) -> None:
    stack = journey.stack
    async with receiver() as other, mailbox() as box:
        await webhook(journey, other)
        await email(journey, box)
        schedulers = [stack.start_scheduler("scheduler-1"), stack.start_scheduler("scheduler-2")]
        await stack.until(lambda: _loaded(journey), timeout=60, what="the schedulers have loaded the day")
        other.received.clear()
        for scheduler in schedulers:
            scheduler.kill()
        killed_at = time.monotonic()

        async def told() -> Any:
            # A message may hold other troubles too: nothing reaches the queue while no scheduler is there.
            return about(other, "SCHEDULER_SILENT") and [
                message for message in box.messages if "Inicie core_api.scheduler" in _text_of(message)
            ]

        await stack.until(told, timeout=60, what="the silence is told by webhook and by e-mail")
        assert time.monotonic() - killed_at <= 60
        (first,) = about(other, "SCHEDULER_SILENT")
        assert first["type"] == "incidents.opened"
        assert "Inicie core_api.scheduler" in first["text"]

        stack.start_scheduler("scheduler-3")

        async def over() -> Any:
            return len(about(other, "SCHEDULER_SILENT")) > 1

        await stack.until(over, timeout=60, what="the end is told")
        assert [item["type"] for item in about(other, "SCHEDULER_SILENT")] == ["incidents.opened", "incidents.resolved"]
        rows = await stack.fetch("SELECT rounds, occurrences FROM core.incidents WHERE kind = 'SCHEDULER_SILENT'")
        assert [(row["rounds"], row["occurrences"]) for row in rows] == [(1, 1)]


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def _loaded(journey: Any) -> bool:
    rows = await journey.stack.fetch(
        "SELECT count(DISTINCT id) AS alive FROM core.scheduler_instances WHERE kind = 'scheduler'"
    )
    loads = await journey.stack.fetch("SELECT 1 FROM core.daily_loads")
    return rows[0]["alive"] == 2 and bool(loads)
