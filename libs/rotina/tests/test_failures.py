"""E9: which failures are tried again."""

import asyncio
import errno
import socket
import ssl
import urllib.error
from email.message import Message
from http.client import IncompleteRead, RemoteDisconnected

import asyncpg
import httpx
import pytest
import redis.exceptions
import sqlalchemy.exc

from rotina import PermanentError, TransientError
from rotina.failures import is_transient, run_error_from
from shared_utils.errors import Conflict, Unavailable

REQUEST = httpx.Request("GET", "http://upstream")


def answered(status: int) -> httpx.HTTPStatusError:
    return httpx.HTTPStatusError("no", request=REQUEST, response=httpx.Response(status, request=REQUEST))


def urllib_answered(status: int) -> urllib.error.HTTPError:
    return urllib.error.HTTPError("http://upstream", status, "no", Message(), None)


class WithState(sqlalchemy.exc.DBAPIError):
    """As SQLAlchemy wraps the driver's error."""

    def __init__(self, sqlstate: str) -> None:
        driver = Exception("driver")
        driver.sqlstate = sqlstate  # type: ignore[attr-defined]
        super().__init__("SELECT 1", None, driver)


@pytest.mark.parametrize(
    "error",
    [
        TransientError("later"),
        TimeoutError(),
        ConnectionResetError(),
        BrokenPipeError(),
        OSError(errno.ENETUNREACH, "network"),
        OSError(errno.EHOSTUNREACH, "host"),
        socket.gaierror(socket.EAI_AGAIN, "name"),
        ssl.SSLEOFError(),
        RemoteDisconnected(),
        IncompleteRead(b"half"),
        asyncio.IncompleteReadError(b"", 10),
        httpx.ConnectError("no"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        answered(429),
        answered(503),
        urllib_answered(502),
        urllib.error.URLError(ConnectionRefusedError()),
        urllib.error.URLError(socket.gaierror(socket.EAI_AGAIN, "name")),
        redis.exceptions.BusyLoadingError(),
        redis.exceptions.TimeoutError(),
        asyncpg.DeadlockDetectedError("x"),
        asyncpg.SerializationError("x"),
        asyncpg.TooManyConnectionsError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.AdminShutdownError("x"),
        asyncpg.LockNotAvailableError("x"),
        asyncpg.QueryCanceledError("x"),
        WithState("40P01"),
        WithState("08006"),
        sqlalchemy.exc.TimeoutError(),
        Unavailable(),
        ExceptionGroup("both", [TimeoutError(), ExceptionGroup("inner", [ConnectionResetError()])]),
    ],
    ids=repr,
)
def test_e09_what_may_pass_is_tried_again(error: Exception) -> None:
    assert is_transient(error)
    assert run_error_from(error).transient


@pytest.mark.parametrize(
    "error",
    [
        PermanentError("never"),
        ValueError("wrong"),
        KeyError("missing"),
        FileNotFoundError(errno.ENOENT, "no file"),
        PermissionError(errno.EACCES, "no right"),
        MemoryError(),
        ssl.SSLCertVerificationError(),
        answered(404),
        answered(401),
        urllib_answered(403),
        urllib.error.URLError(ssl.SSLCertVerificationError()),
        asyncpg.UniqueViolationError("x"),
        asyncpg.UndefinedTableError("x"),
        asyncpg.InvalidPasswordError("x"),
        WithState("23505"),
        redis.exceptions.ResponseError(),
        Conflict(),
        ExceptionGroup("one of them", [TimeoutError(), ValueError("wrong")]),
        SystemExit("bye"),
    ],
    ids=repr,
)
def test_e09_what_comes_back_is_not_tried_again(error: BaseException) -> None:
    assert not is_transient(error)
    assert not run_error_from(error).transient
