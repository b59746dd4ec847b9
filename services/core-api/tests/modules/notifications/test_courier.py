"""Messages on their way: each arrives, once, however receivers and couriers behave."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.incidents.public import Condition, Kind, Resolution, ledger
from core_api.modules.notifications.public import Courier, courier
from core_api.modules.notifications.schemas import MAX_ATTEMPTS
from core_api.settings import Settings
from shared_schemas.auth import Role
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.security.signatures import verify
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.receivers import Receiver, mailbox, receiver
from shared_utils.testing.waiting import until

SECRET = "segredo-do-webhook-0123456789"
DAY = date(2026, 11, 20)


class Desk:
    """A database of its own, since couriers use several connections, and the API on it."""

    def __init__(
        self, sessions: SessionFactory, clock: FakeClock, admin: httpx.AsyncClient, keys: tuple[SecretStr, ...]
    ) -> None:
        self.keys = keys
        self.sessions = sessions
        self.clock = clock
        self.admin = admin

    def courier(self) -> Courier:
        return courier(
            self.sessions,
            self.clock,
            keys=self.keys,
            public_url="https://rotina.test",
            allow_private=True,
        )

    async def channel(self, **fields: Any) -> dict[str, Any]:
        answer = await self.admin.post("/api/v1/notifications/channels", json={"name": "Plantão", **fields})
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def webhook(self, other: Receiver, **fields: Any) -> dict[str, Any]:
        return await self.channel(kind="webhook", url=other.url, secret=SECRET, **fields)

    async def break_something(self, *titles: str, at: Any = None) -> list[UUID]:
        """Routines fail for good; returns the incidents' ids."""
        conditions = [failure(title, at=at or self.clock.now()) for title in titles]
        async with transaction(self.sessions) as session:
            changes = await ledger(session, clock=self.clock).report(conditions, now=self.clock.now())
        return [change.incident.id for change in changes]

    async def mend(self, *ids: UUID) -> None:
        async with transaction(self.sessions) as session:
            await ledger(session, clock=self.clock).resolve(ids, resolution=Resolution.RECOVERED, now=self.clock.now())

    async def pass_time(self, seconds: float, *couriers: Courier, every: float = 1) -> None:
        """Couriers work while the clock goes on."""
        workers = couriers or (self.courier(),)
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            await asyncio.gather(*(one.step() for one in workers))
            self.clock.advance(timedelta(seconds=every))

    async def deliveries(self, **params: Any) -> list[dict[str, Any]]:
        answer = await self.admin.get("/api/v1/notifications/deliveries", params=params)
        data: list[dict[str, Any]] = answer.json()["data"]
        return data


def failure(title: str, *, at: Any, subject: str | None = None) -> Condition:
    return Condition(
        kind=Kind.FAILED,
        subject=subject or f"routine:{title}",
        business_date=DAY,
        title=title,
        routine_id=uuid4(),
        execution_id=uuid4(),
        details={"error_message": "o arquivo veio vazio", "error_code": "PERMANENT", "attempt": 3, "reason": None},
        last_event_at=at,
    )


@pytest.fixture(scope="module")
def own_database(service_database: Any) -> Any:
    """One for all tests here: they empty it themselves."""
    database = service_database.fresh(schema=SCHEMA, migrations_dir=MIGRATIONS)
    yield database
    service_database.drop(database)


@pytest.fixture
async def desk(own_database: ServiceDatabase, api_on: Any, settings: Settings, clock: FakeClock) -> AsyncIterator[Desk]:
    engine = create_engine(own_database.runtime_url, application_name="test", pool_size=20)
    sessions = sessionmaker_for(engine)
    try:
        async with transaction(sessions) as session:
            await session.execute(text("DELETE FROM core.incidents"))
            await session.execute(text("DELETE FROM core.channels"))
            await session.execute(text("DELETE FROM core.notification_rules"))
        async with api_on(sessions).caller(Role.ADMIN) as admin:
            yield Desk(sessions, clock, admin, settings.secrets_keys)
    finally:
        await engine.dispose()


async def test_e16_seven_failures_are_one_signed_message_within_sixty_seconds_and_one_when_it_is_over(
    desk: Desk,
) -> None:
    async with receiver() as other:
        await desk.webhook(other)
        broken_at = desk.clock.now()
        ids = await desk.break_something(*(f"rotina {n}" for n in range(7)))
        await desk.pass_time(30)
        (first,) = other.received
        assert verify(SecretStr(SECRET), first.body, first.headers["x-rotina-signature"], now=desk.clock.now())
        assert first.json["subject"] == "7 rotinas falharam"
        assert first.json["type"] == "incidents.opened"
        assert {item["id"] for item in first.json["incidents"]} == {str(one) for one in ids}
        (delivery,) = await desk.deliveries()
        assert (delivery["status"], delivery["attempts"]) == ("SENT", 1)
        assert first.headers["x-rotina-delivery"] == delivery["id"] == first.json["id"]
        assert delivery["sent_at"] < (broken_at + timedelta(seconds=60)).isoformat()
        await desk.mend(*ids)
        await desk.pass_time(30)
        assert [item.json["type"] for item in other.received] == ["incidents.opened", "incidents.resolved"]
        assert other.received[1].json["subject"] == "Resolvido: 7 incidentes"


async def test_e16_three_couriers_send_each_message_once(desk: Desk) -> None:
    async with receiver() as other:
        channels = [await desk.webhook(other, name=f"canal {n}") for n in range(10)]
        await desk.break_something("uma rotina")
        await desk.pass_time(20, desk.courier(), desk.courier(), desk.courier())
    ids = [item.headers["x-rotina-delivery"] for item in other.received]
    assert len(ids) == len(set(ids)) == len(channels)


async def test_e16_receiver_that_is_down_gets_everything_in_order_when_it_is_back(desk: Desk) -> None:
    async with receiver() as other:
        port = other.port
        await desk.webhook(other)
    ids = await desk.break_something("uma rotina")
    await desk.pass_time(60, every=5)
    await desk.mend(*ids)
    await desk.pass_time(30, every=5)
    (second, first) = await desk.deliveries()
    assert (first["status"], second["status"], second["attempts"]) == ("PENDING", "PENDING", 0)
    assert "ConnectError" in first["last_error"]
    async with receiver(port=port) as other:
        await desk.pass_time(300, every=10)
        assert [item.json["type"] for item in other.received] == ["incidents.opened", "incidents.resolved"]
        assert other.received[0].headers["x-rotina-delivery"] == first["id"]
    assert {item["status"] for item in await desk.deliveries()} == {"SENT"}


@pytest.mark.parametrize(
    ("behaviour", "error"), [("500", "answered 500"), ("close", "broke off"), ("redirect", "answered 302")]
)
async def test_e16_message_that_is_never_taken_is_given_up_and_says_so(desk: Desk, behaviour: Any, error: str) -> None:
    async with receiver(behaviour=behaviour) as other:
        await desk.webhook(other)
        await desk.break_something("uma rotina")
        await desk.pass_time(4000, every=60)
        assert len(other.received) == MAX_ATTEMPTS
        assert len({item.headers["x-rotina-delivery"] for item in other.received}) == 1, "always the same id"
        (delivery,) = await desk.deliveries(status="DEAD")
        assert error in delivery["last_error"]
        other.behaviour = "ok"
        answer = await desk.admin.post(f"/api/v1/notifications/deliveries/{delivery['id']}/retry")
        assert answer.json()["data"]["status"] == "PENDING"
        await desk.pass_time(2)
        assert (await desk.deliveries())[0]["status"] == "SENT"
        again = await desk.admin.post(f"/api/v1/notifications/deliveries/{delivery['id']}/retry")
        assert again.json()["code"] == "DELIVERY_NOT_DEAD"


async def test_e16_slow_receiver_does_not_keep_the_others_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiver(behaviour="hang") as slow, receiver() as quick:
        await desk.webhook(slow, name="lento")
        await desk.webhook(quick, name="rápido")
        await desk.break_something("uma rotina")
        one = desk.courier()
        await one.step()
        desk.clock.advance(timedelta(seconds=11))
        sending = asyncio.create_task(one.step())
        await quick.count(1)
        assert not sending.done(), "the slow one is still being waited for"
        slow.released.set()
        await sending
        statuses = {item["channel_name"]: item["status"] for item in await desk.deliveries()}
        assert statuses == {"lento": "PENDING", "rápido": "SENT"}


async def test_e16_courier_that_dies_while_sending_is_replaced_and_the_id_stays(desk: Desk) -> None:
    async with receiver(behaviour="hang") as other:
        await desk.webhook(other)
        await desk.break_something("uma rotina")
        dying = desk.courier()
        await dying.step()
        desk.clock.advance(timedelta(seconds=11))
        task = asyncio.create_task(dying.step())
        await until(lambda: other.received, what="the message is under way")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        other.behaviour = "ok"
        other.released.set()
        await desk.pass_time(60, every=10)
        assert other.accepted == [], "the lease has not run out"
        await desk.pass_time(60, every=10)
        assert len(other.accepted) == 1
        assert len({item.headers["x-rotina-delivery"] for item in other.received}) == 1


async def test_e16_email_and_slack_carry_hostile_names_as_text(desk: Desk) -> None:
    hostile = "<b>oi</b> <!channel> <https://mau.test|clique> & \r\nBcc: eva@mau.test \u202e*_`"
    async with mailbox(login=("rotina", "senha-do-correio")) as box, receiver() as slack:
        await desk.channel(
            name="correio",
            kind="email",
            host="127.0.0.1",
            port=box.port,
            security="none",
            username="rotina",
            password="senha-do-correio",
            sender="rotina@rotina.test",
            recipients=["ana@rotina.test"],
        )
        await desk.channel(name="slack", kind="slack", url=slack.url)
        ids = await desk.break_something(hostile)
        await desk.pass_time(15)
        await desk.mend(*ids)
        await desk.pass_time(15)
        first, second = box.messages
        assert first["Subject"].startswith("[Rotina] <b>oi</b> <!channel>")
        assert first["Bcc"] is None
        assert box.recipients == [["ana@rotina.test"], ["ana@rotina.test"]]
        html = first.get_body(("html",)).get_content()
        assert "<b>oi</b>" not in html
        assert "&lt;b&gt;oi&lt;/b&gt;" in html
        assert second["In-Reply-To"] == first["Message-ID"]
        opened = slack.received[0].json
        for written in (opened["text"], *(block["text"]["text"] for block in opened["blocks"][1:-1])):
            assert "<!channel>" not in written
            assert "<https://mau" not in written
            assert "\u202e" not in written
        assert "&lt;!channel&gt;" in opened["blocks"][1]["text"]["text"]
        assert "https://rotina.test/execucao/" in opened["blocks"][1]["text"]["text"]


async def test_e16_english_channels_get_english(desk: Desk) -> None:
    async with receiver() as other:
        await desk.webhook(other, language="en")
        await desk.break_something("prices")
        await desk.pass_time(15)
        message = other.received[0].json
        assert message["subject"] == "prices failed"
        assert "o arquivo veio vazio (PERMANENT, attempt 3)" in message["text"]
        assert "Read the log, mend the cause and run it again." in message["text"]


async def test_e16_every_kind_can_be_said_in_every_way(desk: Desk) -> None:
    """One incident of each kind, as the watchdog makes them, opened, again an hour later, and over."""
    now = desk.clock.now()
    common: dict[str, Any] = {"business_date": DAY, "title": "Preços"}
    run = {"routine_id": uuid4(), "execution_id": uuid4()}
    details: dict[Kind, dict[str, Any]] = {
        Kind.FAILED: {"error_message": None, "error_code": None, "attempt": 1},
        Kind.LATE: {
            "deadline": now.isoformat(),
            "zone": "America/Sao_Paulo",
            "tag": None,
            "missing": ["Preços"],
            "missing_count": 1,
            "statuses": ["RUNNING", "SKIPPED"],
        },
        Kind.NOT_STARTED: {"due_at": now.isoformat(), "status": "PENDING", "queue": "default", "job": "x"},
        Kind.RECOVERED_OFTEN: {"recoveries": 3, "quarantined": True},
        Kind.DAILY_LOAD_MISSING: {},
        Kind.SCHEDULER_SILENT: {},
        Kind.WORKERS_GONE: {"queue": "default", "jobs": ["a", "b"], "runs": 3, "since": now.isoformat()},
        Kind.CALENDAR_ENDING: {"calendar": "B3", "last_day": "2026-12-31"},
        Kind.QUEUE_STUCK: {"seconds": 31},
    }
    assert set(details) == set(Kind)
    conditions = [Condition(kind=kind, subject="s", details=given, **common, **run) for kind, given in details.items()]
    conditions.append(
        Condition(
            kind=Kind.LATE,
            subject="group:1",
            details=details[Kind.LATE] | {"tag": "precos"},
            tags=("precos",),
            **common,
        )
    )
    async with receiver() as other:
        await desk.webhook(other)
        for again in range(3):
            async with transaction(desk.sessions) as session:
                book = ledger(session, clock=desk.clock)
                changes = await book.report(conditions, now=desk.clock.now())
            await desk.pass_time(1)
            await desk.mend(*(change.incident.id for change in changes))
            await desk.pass_time(1900 if again else 20, every=950 if again else 1)
        await desk.pass_time(3700, every=100)
        assert [item["status"] for item in await desk.deliveries()] == ["SENT"] * len(await desk.deliveries())
        texts = [item.json["text"] for item in other.received]
        assert {item.json["type"] for item in other.received} == {
            "incidents.opened",
            "incidents.resolved",
            "incidents.digest",
        }
        assert any("está com" in one or "executando, ignorada" in one for one in texts)
        assert all("None" not in one and "{" not in one for one in texts)


async def test_a_message_that_cannot_be_opened_is_given_up_and_the_others_go_out(desk: Desk) -> None:
    async with receiver() as other:
        broken = await desk.webhook(other, name="outra chave")
        await desk.webhook(other, name="boa")
        async with transaction(desk.sessions) as session:
            await session.execute(text("UPDATE core.channels SET sealed = 'x' WHERE id = :id"), {"id": broken["id"]})
        await desk.break_something("uma rotina")
        await desk.pass_time(15)
        assert len(other.received) == 1
        failed = next(item for item in await desk.deliveries() if item["channel_name"] == "outra chave")
        assert "cannot be opened" in failed["last_error"]


async def test_what_waits_for_a_channel_that_is_switched_off_is_not_sent_later(desk: Desk) -> None:
    async with receiver(behaviour="500") as other:
        channel = await desk.webhook(other)
        await desk.break_something("uma rotina")
        await desk.pass_time(13)
        body = {"kind": "webhook", "name": "Plantão", "url": other.url}
        path = f"/api/v1/notifications/channels/{channel['id']}"
        assert (await desk.admin.put(path, json=body | {"enabled": False})).is_success
        await desk.break_something("outra rotina")
        await desk.pass_time(13)
        assert (await desk.admin.put(path, json=body)).is_success
        other.behaviour = "ok"
        await desk.pass_time(30)
        assert other.accepted == []
        assert [(item["status"], item["last_error"]) for item in await desk.deliveries()] == [
            ("DEAD", "The channel is switched off.")
        ]


async def test_trying_a_channel_says_at_once_what_came_of_it(desk: Desk) -> None:
    async with receiver() as other:
        channel = await desk.webhook(other)
        path = f"/api/v1/notifications/channels/{channel['id']}/test"
        assert (await desk.admin.post(path)).json()["data"] == {"ok": True, "error": None}
        assert other.received[0].json["subject"] == "Teste do canal Plantão"
        other.behaviour = "500"
        data = (await desk.admin.post(path)).json()["data"]
        assert (data["ok"], data["error"]) == (False, "127.0.0.1 answered 500.")
    missing = await desk.admin.post(f"/api/v1/notifications/channels/{uuid4()}/test")
    assert missing.json()["code"] == "CHANNEL_NOT_FOUND"
