"""Domain errors: small classes under a few categories. `shared_utils.http.errors` turns categories into HTTP statuses.

A module declares what can go wrong with a stable code; the docstring is the message unless one is given:

    class RoutineNotFound(NotFound):
        \"\"\"There is no such routine.\"\"\"

        code = "ROUTINE_NOT_FOUND"

Raise means roll back, always. A result that must persist is returned, not raised.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shared_schemas.envelope import ErrorDetail

type Details = list[ErrorDetail] | dict[str, Any] | None


class AppError(Exception):
    """Something went wrong inside the service."""

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[ErrorDetail | Mapping[str, Any]] | Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or _default_message(type(self))
        self.details: Details = _details(details)
        super().__init__(self.message)


class Invalid(AppError):
    """The request is understood but its content is not acceptable."""

    code = "INVALID"


class BadRequest(AppError):
    """The request as a whole is refused; change it before you repeat it."""

    code = "BAD_REQUEST"


class NotFound(AppError):
    """There is nothing here, or nothing that you may see."""

    code = "NOT_FOUND"


class Conflict(AppError):
    """The present state does not allow this."""

    code = "CONFLICT"


class Forbidden(AppError):
    """You are signed in, but your role does not allow this."""

    code = "FORBIDDEN"


class Unauthenticated(AppError):
    """Sign in first: this needs a valid access token."""

    code = "UNAUTHENTICATED"
    challenge: str = "Bearer"


class PreconditionFailed(AppError):
    """Somebody changed this in the meantime: load it again and repeat your change."""

    code = "PRECONDITION_FAILED"


class PreconditionRequired(AppError):
    """Send the ETag of the version that you are changing in the If-Match header."""

    code = "PRECONDITION_REQUIRED"


class TooLarge(AppError):
    """The request body is larger than this service accepts."""

    code = "TOO_LARGE"


class Unavailable(AppError):
    """A part that this needs is not available; try again shortly. `retry_after` is in seconds."""

    code = "UNAVAILABLE"

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[ErrorDetail | Mapping[str, Any]] | Mapping[str, Any] | None = None,
        retry_after: float = 2,
    ) -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after


class BadGateway(AppError):
    """A server that this depends on failed or answered what is not an answer; try again shortly."""

    code = "BAD_GATEWAY"


class GatewayTimeout(AppError):
    """A server that this depends on did not answer in time; try again shortly."""

    code = "GATEWAY_TIMEOUT"


class TooManyRequests(AppError):
    """Too many requests; slow down. `retry_after` is in seconds."""

    code = "TOO_MANY_REQUESTS"

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[ErrorDetail | Mapping[str, Any]] | Mapping[str, Any] | None = None,
        retry_after: float = 1,
    ) -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after


def _default_message(error: type[AppError]) -> str:
    """The docstring, without its note about `retry_after`, which is for programmers."""
    return inspect.cleandoc(error.__doc__ or "").split(" `retry_after`")[0].split("\n\n")[0]


def _details(details: Sequence[ErrorDetail | Mapping[str, Any]] | Mapping[str, Any] | None) -> Details:
    if details is None:
        return None
    if isinstance(details, Mapping):
        return dict(details)
    return [item if isinstance(item, ErrorDetail) else ErrorDetail.model_validate(item) for item in details]
