"""The envelope of every answer: built here for successes, and documented here for errors."""

from typing import Any, overload

from shared_schemas.envelope import ApiError, ApiResponse
from shared_utils.clock import utc_now
from shared_utils.errors import AppError, Details
from shared_utils.http.statuses import status_of
from shared_utils.logging import correlation_id

type Responses = dict[int | str, dict[str, Any]]

ERROR_SCHEMA = "#/components/schemas/ApiError"
"""Where the OpenAPI document has the body of every error; `build_app` puts it there."""


def _error(description: str) -> dict[str, Any]:
    """By reference: of a `model` FastAPI makes a validator for each route and status, which nothing ever uses."""
    content = {"application/json": {"schema": {"$ref": ERROR_SCHEMA}}}
    return {"description": description, "content": content}


# What any route may answer besides its own errors; `default` stands for 401, 403, 429, 500, 503 and their like.
ERROR_RESPONSES: Responses = {
    422: _error("The request is not acceptable; `details` names the fields."),
    "default": _error("An error; `code` is stable, `message` says what to do."),
}


@overload
def ok[DataT](data: DataT, *, meta: None = None) -> ApiResponse[DataT, None]: ...
@overload
def ok[DataT, MetaT](data: DataT, *, meta: MetaT) -> ApiResponse[DataT, MetaT]: ...
def ok(data: Any, *, meta: Any = None) -> ApiResponse[Any, Any]:
    """A success. The route's return type validates and serialises it; nothing is checked twice here."""
    return ApiResponse.model_construct(
        status="success", data=data, meta=meta, errors=None, timestamp=utc_now(), request_id=correlation_id()
    )


def error_body(*, code: str, message: str, details: Details = None) -> ApiError:
    """The body of an error answer."""
    return ApiError.model_construct(
        status="error",
        code=code,
        message=message,
        details=details,
        timestamp=utc_now(),
        request_id=correlation_id(),
    )


def problems(*errors: type[AppError]) -> Responses:
    """`responses=` of a route that may raise these errors: one entry per status, naming the codes."""
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(status_of(error), []).append(error.code)
    return {
        status: _error(" or ".join(f"`{code}`" for code in sorted(set(codes)))) for status, codes in by_status.items()
    }
