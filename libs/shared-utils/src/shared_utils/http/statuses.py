"""The one table from categories of errors to HTTP statuses."""

from typing import Final

from shared_utils import errors
from shared_utils.errors import AppError

INTERNAL_SERVER_ERROR: Final = 500

STATUS_BY_CATEGORY: Final[dict[type[AppError], int]] = {
    errors.BadRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.PreconditionRequired: 428,
    errors.TooManyRequests: 429,
    errors.BadGateway: 502,
    errors.Unavailable: 503,
    errors.GatewayTimeout: 504,
}
# Codes of errors that the framework raises by status alone.
CODE_BY_STATUS: Final[dict[int, str]] = {
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    INTERNAL_SERVER_ERROR: "INTERNAL_ERROR",
} | {status: category.code for category, status in STATUS_BY_CATEGORY.items()}


def status_of(error: type[AppError]) -> int:
    """The status of an error class: that of the nearest category among its ancestors."""
    for ancestor in error.__mro__:
        status = STATUS_BY_CATEGORY.get(ancestor)
        if status is not None:
            return status
    return INTERNAL_SERVER_ERROR
