"""The API envelope: the one shape of every HTTP answer of Rotina's services."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class CursorMeta(BaseModel):
    """Keyset pagination: pass `next_cursor` back as `cursor` for the page after this one."""

    limit: int
    has_more: bool
    next_cursor: str | None


class OffsetMeta(BaseModel):
    """Numbered pages, for short lists where a page number is shown."""

    page: int
    per_page: int
    total: int
    total_pages: int


class ApiResponse[DataT, MetaT](BaseModel):
    """A success. `meta` carries pagination where the list is paged, else null; `errors` is null on success."""

    model_config = ConfigDict(frozen=True)

    status: Literal["success"]
    data: DataT
    meta: MetaT
    errors: None
    timestamp: datetime
    request_id: str


class ErrorDetail(BaseModel):
    """One cause of an error: `field` is a dotted path into the request, null when it concerns the whole."""

    field: str | None
    message: str
    type: str


class ApiError(BaseModel):
    """A failure. `code` is stable and meant for programs; `message` tells a person what to do."""

    model_config = ConfigDict(frozen=True)

    status: Literal["error"]
    code: str
    message: str
    details: list[ErrorDetail] | dict[str, Any] | None
    timestamp: datetime
    request_id: str
