"""From an exception to the `RunError` that is reported, with the decision whether trying again may help (E9)."""

import errno
import traceback
from collections.abc import Callable, Mapping

from pydantic import ValidationError

from rotina.errors import JobError
from shared_schemas.jobs import RunError

MAX_MESSAGE = 4_000
MAX_TRACEBACK = 12_000

# By qualified name: importing the libraries only to name their errors would cost every child process their memory.
_TRANSIENT_CLASSES = frozenset(
    {
        "asyncio.exceptions.IncompleteReadError",
        "aiohttp.ClientConnectionError",
        "aiohttp.ClientPayloadError",
        "asyncpg.exceptions.PostgresConnectionError",
        "asyncpg.exceptions._base.InterfaceError",
        "botocore.exceptions.ConnectionError",
        "botocore.exceptions.HTTPClientError",
        "ftplib.error_temp",
        "http.IncompleteRead",
        "httpx.TransportError",
        "paramiko.SSHException",
        "psycopg.InterfaceError",
        "psycopg.OperationalError",
        "redis.exceptions.ConnectionError",
        "redis.exceptions.TimeoutError",
        "requests.exceptions.ChunkedEncodingError",
        "requests.exceptions.ConnectionError",
        "requests.exceptions.Timeout",
        "shared_utils.errors.Unavailable",
        "socket.gaierror",
        "socket.herror",
        "sqlalchemy.exc.InterfaceError",
        "sqlalchemy.exc.OperationalError",
        "sqlalchemy.exc.TimeoutError",
        "ssl.SSLEOFError",
        "ssl.SSLZeroReturnError",
        "urllib3.exceptions.ProtocolError",
        "urllib3.exceptions.TimeoutError",
    }
)
_TRANSIENT_ERRNO = frozenset(
    {
        *(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETRESET, errno.EHOSTDOWN),
        *(errno.ETIMEDOUT, errno.EAGAIN, errno.EADDRNOTAVAIL),
    }
)
# HTTP: too early, too many, and what a server or a proxy says when it cannot just now (RFC 9110, RFC 6585, RFC 8470).
_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
# Classes and codes of PostgreSQL's appendix A: connection, roll-back (deadlock, serialisation), resources, operator,
# lock not available, query cancelled by a time limit.
_TRANSIENT_SQLSTATES = ("08", "40", "53", "57P", "55P03", "57014")


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help: a `TransientError`, the network, a time-out, a server or database that went away.

    Of a group of errors (`asyncio.TaskGroup`) all must be: one that is permanent comes back.
    """
    if isinstance(error, JobError):
        return error.transient
    if isinstance(error, BaseExceptionGroup):
        return all(is_transient(one) for one in error.exceptions)
    status, sqlstate = _http_status(error), _sqlstate(error)
    if status is not None or sqlstate is not None:
        return status in _TRANSIENT_STATUSES or (sqlstate or "").startswith(_TRANSIENT_SQLSTATES)
    return _is_of_the_network(error) or any(_names(cls) & _TRANSIENT_CLASSES for cls in type(error).__mro__)


def _is_of_the_network(error: BaseException) -> bool:
    if isinstance(error, (ConnectionError, TimeoutError)):
        return True
    if not isinstance(error, OSError):
        return False
    reason = getattr(error, "reason", None)  # urllib.error.URLError wraps what happened
    if isinstance(reason, BaseException) and reason is not error:
        return is_transient(reason)
    return error.errno in _TRANSIENT_ERRNO


def _http_status(error: BaseException) -> int | None:
    """The status in the errors of httpx, requests, aiohttp, urllib and botocore."""
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):  # botocore
        found = (response.get("ResponseMetadata") or {}).get("HTTPStatusCode")
    else:
        found = getattr(response, "status_code", None) or getattr(error, "status", None) or getattr(error, "code", None)
    return found if isinstance(found, int) and 400 <= found <= 599 else None


def _sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code in the errors of asyncpg and psycopg, and of SQLAlchemy around them."""
    for one in (error, getattr(error, "orig", None)):
        code = getattr(one, "sqlstate", None) or getattr(one, "pgcode", None)
        if isinstance(code, str):
            return code
    return None


def run_error_from(error: BaseException, *, mask: Callable[[str], str] = lambda text: text) -> RunError:
    """Describe `error` for the report. `mask` removes secrets; long texts are cut, keeping the end of the traceback."""
    if isinstance(error, JobError):
        # A job that describes its failure needs no traceback unless something else caused it.
        trace = _traceback(error, mask) if error.__cause__ is not None else None
        return RunError(
            code=error.code,
            message=mask(error.message)[:MAX_MESSAGE],
            transient=error.transient,
            detail=error.detail,
            traceback=trace,
        )
    return RunError(
        code="INVALID_DATA" if isinstance(error, ValidationError) else _code_of(error),
        message=mask(f"{type(error).__name__}: {error}")[:MAX_MESSAGE],
        transient=is_transient(error),
        traceback=_traceback(error, mask),
    )


def _code_of(error: BaseException) -> str:
    return "TRANSIENT" if is_transient(error) else "UNEXPECTED_ERROR"


def _traceback(error: BaseException, mask: Callable[[str], str]) -> str:
    text = mask("".join(traceback.format_exception(error)))
    return text if len(text) <= MAX_TRACEBACK else "…" + text[-MAX_TRACEBACK:]


def _names(cls: type) -> set[str]:
    # Libraries re-export their errors (httpx._exceptions as httpx): both spellings count.
    module = cls.__module__
    return {f"{module}.{cls.__qualname__}", f"{module.partition('.')[0]}.{cls.__qualname__}"}
