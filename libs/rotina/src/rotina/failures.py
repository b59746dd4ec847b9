"""From an exception to the `RunError` that is reported, with the decision whether trying again may help (E9)."""

import errno
import traceback
from collections.abc import Callable

from pydantic import ValidationError

from rotina.errors import JobError
from shared_schemas.jobs import RunError

MAX_MESSAGE = 4_000
MAX_TRACEBACK = 12_000

# By qualified name: importing the libraries only to name their errors would cost every child process their memory.
_TRANSIENT_CLASSES = frozenset(
    {
        "httpx.TransportError",
        "asyncpg.exceptions.PostgresConnectionError",
        "asyncpg.exceptions.CannotConnectNowError",
        "asyncpg.exceptions.TooManyConnectionsError",
        "asyncpg.exceptions.TransactionRollbackError",
        "asyncpg.exceptions.OperatorInterventionError",
        "asyncpg.exceptions.LockNotAvailableError",
        "asyncpg.exceptions._base.InterfaceError",
        "sqlalchemy.exc.OperationalError",
        "sqlalchemy.exc.InterfaceError",
        "sqlalchemy.exc.TimeoutError",
        "redis.exceptions.ConnectionError",
        "redis.exceptions.TimeoutError",
        "shared_utils.errors.Unavailable",
        "socket.gaierror",
    }
)
_TRANSIENT_ERRNO = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.ETIMEDOUT,
        errno.EAI_AGAIN if hasattr(errno, "EAI_AGAIN") else errno.EAGAIN,
    }
)


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help: a `TransientError`, the network, a time-out, a database that went away."""
    if isinstance(error, JobError):
        return error.transient
    if isinstance(error, (ConnectionError, TimeoutError)):
        return True
    if isinstance(error, OSError) and error.errno in _TRANSIENT_ERRNO:
        return True
    return any(_names(cls) & _TRANSIENT_CLASSES for cls in type(error).__mro__)


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
