"""Errors become envelopes here, and nowhere else. What is not ours is a 500 that says nothing about its cause."""

import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from shared_schemas.envelope import ApiError, ErrorDetail
from shared_utils.errors import AppError, TooManyRequests, Unauthenticated, Unavailable
from shared_utils.http.envelope import error_body
from shared_utils.http.statuses import CODE_BY_STATUS, INTERNAL_SERVER_ERROR, status_of
from shared_utils.logging import get_logger

logger = get_logger(__name__)

INTERNAL_MESSAGE = "Something went wrong on our side; quote the request id when you report it."
DATABASE_DOWN_MESSAGE = "The database is not available; try again shortly."
MESSAGES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The request body is larger than this service accepts.",
}
# https://www.postgresql.org/docs/18/errcodes-appendix.html: connection lost, shutting down or starting, out of
# connections or memory, cancelled by a timeout, lock not available, deadlock and serialization failures. All pass.
_PASSING_SQLSTATES = ("08", "57P", "53", "57014", "55P03", "40")
# A text with NUL or a broken character, and a number out of range: only what a client sends can cause these.
_CLIENT_SQLSTATES = ("22021", "22P05", "22003")


def install_error_handlers(app: FastAPI) -> None:
    """Registers the handlers. Unknown exceptions are caught by `middleware.ErrorBoundary`."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(PoolTimeout, _pool_timeout)
    app.add_exception_handler(ConnectionError, _pool_timeout)


def render(body: ApiError, *, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An error answer."""
    return Response(body.model_dump_json(), status, dict(headers or {}), "application/json")


def render_app_error(error: AppError) -> Response:
    """The answer to a domain error, also for middlewares that stand outside of the handlers."""
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = error.challenge
    if isinstance(error, Unavailable | TooManyRequests):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    body = error_body(code=error.code, message=error.message, details=error.details)
    return render(body, status=status_of(type(error)), headers=headers)


def render_internal_error() -> Response:
    """The answer to what nobody expected: it names no cause."""
    return render(error_body(code="INTERNAL_ERROR", message=INTERNAL_MESSAGE), status=INTERNAL_SERVER_ERROR)


async def _app_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101  for the type checker: registered for this class
    if status_of(type(error)) >= INTERNAL_SERVER_ERROR:
        logger.warning(error.message, extra={"fields": {"code": error.code}}, exc_info=error)
    return render_app_error(error)


async def _http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = CODE_BY_STATUS.get(error.status_code, f"HTTP_{error.status_code}")
    message = MESSAGES.get(error.status_code, str(error.detail))
    return render(error_body(code=code, message=message), status=error.status_code, headers=error.headers)


async def _validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    details = [_detail(item) for item in error.errors()]
    where = ", ".join(sorted({detail.field for detail in details if detail.field})[:5])
    message = f"The request is not acceptable: check {where}." if where else "The request is not acceptable."
    return render(error_body(code="INVALID", message=message, details=details), status=422)


async def _database_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)  # noqa: S101
    sqlstate = str(getattr(error.orig, "sqlstate", None) or "")
    if error.connection_invalidated or (sqlstate and sqlstate.startswith(_PASSING_SQLSTATES)):
        logger.warning("database not available", extra={"fields": {"sqlstate": sqlstate}}, exc_info=error)
        return render_app_error(Unavailable(DATABASE_DOWN_MESSAGE))
    if sqlstate in _CLIENT_SQLSTATES:
        logger.warning("value refused by the database", extra={"fields": {"sqlstate": sqlstate}}, exc_info=error)
        message = "A value in the request cannot be stored: a character or number outside of what is allowed."
        return render(error_body(code="INVALID", message=message), status=422)
    logger.error("unexpected database error", exc_info=error)
    return render_internal_error()


async def _pool_timeout(_request: Request, error: Exception) -> Response:
    logger.warning("database not reachable, or no connection free", exc_info=error)
    return render_app_error(Unavailable(DATABASE_DOWN_MESSAGE))


def _detail(item: Mapping[str, Any]) -> ErrorDetail:
    location = [str(part) for part in item["loc"]]
    # "body", "query", "path" say where it came from; the field is what follows.
    field = ".".join(location[1:]) if len(location) > 1 else None
    return ErrorDetail(field=field, message=str(item["msg"]), type=str(item["type"]))
