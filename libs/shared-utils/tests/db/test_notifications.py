"""LISTEN / NOTIFY arrives with the commit, and survives a lost connection."""

import asyncio

import asyncpg
import pytest

from shared_utils.db.notify import Listener, Wake, notify
from shared_utils.db.session import sessionmaker_for, transaction
from shared_utils.testing.waiting import until


@pytest.fixture(scope="module")
def database(service_database):
    return service_database(schema="core")


@pytest.fixture
async def sessions(database, open_engine):
    async with open_engine(database.runtime_url) as engine:
        yield sessionmaker_for(engine)


async def settled(wake: Wake) -> None:
    """Drops the wake-up that every new subscription gets, since it may have missed something before."""
    assert await wake.wait(10)
    wake.take()


async def test_a_commit_wakes_and_a_rollback_does_not(database, sessions):
    async with Listener(database.runtime_url) as listener, listener.subscribe("due") as wake:
        await settled(wake)
        with pytest.raises(KeyError):  # noqa: PT012
            async with transaction(sessions) as session:
                await notify(session, "due", "rolled back")
                raise KeyError
        async with transaction(sessions) as session:
            await notify(session, "due", "committed")
            assert not wake.is_set()
        assert await wake.wait(10)
        assert wake.take() == ["committed"]
        assert wake.take() == []


async def test_each_subscriber_of_a_channel_is_woken_and_no_other(database, sessions):
    async with (
        Listener(database.runtime_url) as listener,
        listener.subscribe("one") as first,
        listener.subscribe("one") as second,
        listener.subscribe("two") as other,
    ):
        for wake in (first, second, other):
            await settled(wake)
        async with transaction(sessions) as session:
            await notify(session, "one", "x")
        assert await first.wait(10)
        assert await second.wait(10)
        assert not other.is_set()


async def test_a_channel_may_come_later(database, sessions):
    async with Listener(database.runtime_url) as listener, listener.subscribe("early") as early:
        await settled(early)
        async with listener.subscribe("late") as late:
            await settled(late)
            async with transaction(sessions) as session:
                await notify(session, "late", "y")
            assert await late.wait(10)
            assert late.take() == ["y"]


async def test_waiting_has_a_time_limit(database):
    async with Listener(database.runtime_url) as listener, listener.subscribe("silent") as wake:
        await settled(wake)
        assert await wake.wait(0.01) is False


async def test_a_lost_connection_comes_back_and_wakes_everybody(database, sessions):
    """Whoever listens must look again: what happened meanwhile was not announced to it."""
    async with Listener(database.runtime_url, application_name="survivor") as listener, listener.subscribe("c") as wake:
        await settled(wake)
        admin = await asyncpg.connect(database.admin_url)
        killed = await admin.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'survivor-listen'"
        )
        await admin.close()
        assert killed == 1
        assert await wake.wait(10)
        await listener.wait_connected()
        async with transaction(sessions) as session:
            await notify(session, "c", "again")
        await until(lambda: "again" in wake.take())


async def test_it_waits_for_a_server_that_is_not_there_yet(own_postgres):
    url = own_postgres.admin_dsn()
    own_postgres.stop()
    async with Listener(url) as listener, listener.subscribe("c") as wake:
        assert not listener.connected
        own_postgres.start()
        assert await wake.wait(15)
        assert listener.connected


async def test_a_silent_connection_is_probed(database, monkeypatch):
    monkeypatch.setattr("shared_utils.db.notify.CHECK_SECONDS", 0.01)
    async with Listener(database.runtime_url) as listener, listener.subscribe("c") as wake:
        await settled(wake)
        admin = await asyncpg.connect(database.admin_url)
        query = "SELECT query FROM pg_stat_activity WHERE application_name = 'listener-listen' AND query = 'SELECT 1'"
        assert await until(lambda: admin.fetchval(query)) == "SELECT 1"
        await admin.close()
        assert listener.connected


async def test_closing_leaves_no_connection(database):
    async with Listener(database.runtime_url, application_name="gone") as listener, listener.subscribe("c") as wake:
        await settled(wake)
    admin = await asyncpg.connect(database.admin_url)
    query = "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'gone-listen'"
    assert await until(lambda: admin.fetchval(query))
    await admin.close()
    await listener.close()


class TestWake:
    async def test_it_clears_itself(self):
        wake = Wake()
        wake.set()
        assert wake.is_set()
        assert await wake.wait(1)
        assert not wake.is_set()

    async def test_it_wakes_a_waiter(self):
        wake = Wake()
        waiter = asyncio.create_task(wake.wait())
        await asyncio.sleep(0)
        wake.set("payload")
        assert await waiter is True
        assert wake.take() == ["payload"]

    def test_it_keeps_the_newest_thousand_payloads(self):
        wake = Wake()
        for number in range(1500):
            wake.set(str(number))
        kept = wake.take()
        assert (len(kept), kept[0], kept[-1]) == (1000, "500", "1499")
