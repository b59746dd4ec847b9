"""The connection pool."""

import json
import logging
import re
import time
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import URL, ExceptionContext, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from shared_utils.db.pools import watch_pool

CONNECT_TIMEOUT_SECONDS = 5
POOL_TIMEOUT_SECONDS = 5
POOL_RECYCLE_SECONDS = 1800
PING_AFTER_SECONDS: Final = 5.0
"""A connection that was idle for longer is tried before it is used: the network may have dropped it without a word."""
_GIVEN_BACK: Final = "given_back"
# `invalid input syntax for type uuid: "…"`, `invalid input for query argument $1: '…'`
_QUOTED_VALUE: Final = re.compile(r""":\s+['"].*""", re.DOTALL)


def create_engine(
    url: str | SecretStr,
    *,
    application_name: str,
    pool_size: int = 5,
    max_overflow: int = 5,
    statement_timeout_ms: int = 30_000,
) -> AsyncEngine:
    """An engine on asyncpg. A pool that stays full fails after five seconds instead of queueing requests for ever.

    What is stored may be a document, a prompt or a name: neither the logs of statements nor errors hold values.
    """
    engine = create_async_engine(
        database_url(url),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_recycle=POOL_RECYCLE_SECONDS,
        hide_parameters=True,
        json_serializer=_dump_json,
        json_deserializer=json.loads,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": str(statement_timeout_ms),
                # Plans over many partitions look costly enough to be compiled, which takes longer than running them.
                "jit": "off",
            },
        },
    )
    watch_pool(engine.sync_engine.pool, name=application_name, most=pool_size + max_overflow)
    event.listen(engine.sync_engine, "checkin", _given_back)
    event.listen(engine.sync_engine, "checkout", _refuse_dead)
    event.listen(engine.sync_engine, "handle_error", _hide_values)
    logging.getLogger("sqlalchemy.engine.Engine").addFilter(_is_no_row)
    return engine


def _given_back(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_GIVEN_BACK] = time.monotonic()


def _refuse_dead(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Makes the pool open new connections instead of handing out one that the server has closed.

    The pool's own `pool_pre_ping` asks the server every time, in three round trips (BEGIN, an empty statement,
    ROLLBACK): as many as most transactions here need themselves. That the server closed a connection is known without.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
    given_back = record.info.get(_GIVEN_BACK)
    if given_back is not None and time.monotonic() - given_back > PING_AFTER_SECONDS:
        try:
            connection.ping()
        except (connection.dbapi.Error, OSError) as error:
            raise InvalidatePoolError from error


def _is_no_row(record: logging.LogRecord) -> bool:
    """SQLAlchemy prints what it read when its logger is at DEBUG, whatever is said about parameters."""
    return not str(record.msg).endswith("Row %r")


def _hide_values(context: ExceptionContext) -> None:
    """Takes the values out of an error of PostgreSQL: the row that it quotes, and the text that it could not read."""
    original = context.original_exception
    for error in (original, original.__cause__, context.sqlalchemy_exception):
        if error is None:
            continue
        if error.args and isinstance(error.args[0], str):
            error.args = (_QUOTED_VALUE.sub(": ***", error.args[0]), *error.args[1:])
        if getattr(error, "detail", None):
            setattr(error, "detail", None)  # noqa: B010  asyncpg's attribute: "Failing row contains (…)"


def database_url(url: str | SecretStr) -> URL:
    """The SQLAlchemy URL, on asyncpg whatever driver was named. Raises `ValueError` for anything but PostgreSQL."""
    parsed = make_url(url.get_secret_value() if isinstance(url, SecretStr) else url)
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise ValueError(f"only PostgreSQL is supported, not {parsed.get_backend_name()}")
    return parsed.set(drivername="postgresql+asyncpg")


def asyncpg_dsn(url: str | SecretStr) -> str:
    """The same address for asyncpg itself."""
    return database_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
