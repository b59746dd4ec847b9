"""Connections to the two Redis roles."""

import socket
from typing import Final

import redis.asyncio
from pydantic import SecretStr
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

COMMAND_TIMEOUT_SECONDS: Final = 5.0
CONNECT_TIMEOUT_SECONDS: Final = 3.0
_KEEPALIVE: Final = {
    option: value
    for name, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))
    if (option := getattr(socket, name, None)) is not None
}


class StreamsMayEvict(RuntimeError):
    """The streams Redis is allowed to throw queued work away."""


def create_redis(
    url: str | SecretStr, *, name: str, blocking: bool = False, max_connections: int = 50
) -> redis.asyncio.Redis:
    """A client that decodes answers to text. `name` shows up in CLIENT LIST.

    `blocking` is for a loop that waits inside XREADGROUP: it gets no socket timeout (redis-py's default of five seconds
    would break longer waits), keepalive instead, and no retries, which would hide an outage from the loop.
    """
    return redis.asyncio.Redis.from_url(
        url.get_secret_value() if isinstance(url, SecretStr) else url,
        decode_responses=True,
        client_name=name,
        max_connections=max_connections,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=None if blocking else COMMAND_TIMEOUT_SECONDS,
        socket_keepalive=True,
        socket_keepalive_options=_KEEPALIVE,
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 0 if blocking else 2),
        retry_on_error=[] if blocking else [RedisConnectionError, RedisTimeoutError],
    )


async def refuse_evicting(client: redis.asyncio.Redis) -> None:
    """Raises `StreamsMayEvict` when the server may evict: `allkeys-lru` lost the stream in 8 of 8 trials."""
    policy = (await client.info("memory")).get("maxmemory_policy")
    if policy != "noeviction":
        raise StreamsMayEvict(
            f"the streams Redis has maxmemory-policy {policy}: queued work could be thrown away. "
            "Set maxmemory-policy noeviction and appendonly yes, or point the cache URL, not the streams URL, at it."
        )
