import asyncio

import pytest

from shared_utils.messaging.streams import StreamsMayEvict, create_redis, refuse_evicting
from shared_utils.testing.servers import RedisServer, free_port
from shared_utils.testing.waiting import until


@pytest.fixture
def cache_server(tmp_path):
    server = RedisServer(tmp_path / "c", free_port(), password="secret", role="cache", log_file=tmp_path / "log")
    server.start()
    yield server
    server.stop()


async def test_a_redis_that_may_evict_is_refused(cache_server):
    async with create_redis(cache_server.url(), name="x") as client:
        with pytest.raises(StreamsMayEvict, match="maxmemory-policy noeviction and appendonly yes"):
            await refuse_evicting(client)


async def test_the_streams_role_is_accepted(own_redis):
    async with create_redis(own_redis.url(), name="x") as client:
        await refuse_evicting(client)
        assert (await client.config_get("appendonly"))["appendonly"] == "yes"


async def test_a_blocking_client_waits_longer_than_a_socket_timeout(streams_redis, redis_streams_url, monkeypatch):
    """redis-py gives up reading after five seconds by default: a client that blocks must not."""
    async with create_redis(redis_streams_url, name="blocking", blocking=True) as client:
        connection = await client.connection_pool.get_connection()
        assert connection.socket_timeout is None
        await client.connection_pool.release(connection)
        waiting = asyncio.create_task(client.xread({"wake": "$"}, block=0))

        async def blocked() -> bool:
            clients = await streams_redis.client_list()
            return any(item["name"] == "blocking" and "b" in item["flags"] for item in clients)

        await until(blocked)
        await streams_redis.xadd("wake", {"n": "1"})
        async with asyncio.timeout(5):
            assert await waiting


async def test_the_clients_name_is_shown_to_the_operator(redis_streams_url):
    async with create_redis(redis_streams_url, name="core-scheduler") as client:
        assert "core-scheduler" in {item["name"] for item in await client.client_list()}


async def test_a_wrong_password_is_an_error(own_redis):
    from redis.exceptions import AuthenticationError

    async with create_redis(f"redis://:wrong@127.0.0.1:{own_redis.port}/0", name="x") as client:
        with pytest.raises(AuthenticationError):
            await client.ping()
