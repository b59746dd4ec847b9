"""What the libraries of providers raise, as our own errors. Nothing that a provider said is kept: it may quote us.

Every error is raised `from None` for the same reason: a traceback that is logged prints the causes' messages.
"""

import logging
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from ai_svc.brain.exceptions import (
    ModelFailed,
    ModelLimited,
    ModelMisconfigured,
    ModelRefused,
    ModelTimedOut,
)
from shared_utils.clock import utc_now
from shared_utils.errors import AppError

TOO_LONG: Final = "The text is too long for the model: send less, or send it in parts."
NOT_ALLOWED: Final = "The model's provider does not allow this content: change the text."
LIMITED_SECONDS: Final = 1.0
# A quota that is used up does not come back within seconds: ask again after a minute.
NO_QUOTA_SECONDS: Final = 60.0
# https://platform.openai.com/docs/guides/error-codes; Azure and others use the second names.
_TOO_LONG_CODES: Final = frozenset({"context_length_exceeded", "string_above_max_length", "request_too_large"})
_NOT_ALLOWED_CODES: Final = frozenset({"content_policy_violation", "content_filter", "invalid_prompt"})
_NO_QUOTA_CODES: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


def status_error(status: int, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> AppError:
    """The error for an HTTP status and the provider's own code of the error."""
    if status == 429:
        return ModelLimited(retry_after=_limited_for(code, headers or {}))
    if status in (401, 403, 404):
        return ModelMisconfigured()
    if status in (408, 504):
        return ModelTimedOut()
    if status == 413 or code in _TOO_LONG_CODES:
        return ModelRefused(TOO_LONG)
    if code in _NOT_ALLOWED_CODES:
        return ModelRefused(NOT_ALLOWED)
    return ModelRefused() if status in (400, 422) else ModelFailed()


def quieten(*loggers: str) -> None:
    """Keeps libraries from logging requests, which they do at DEBUG and when their own variables ask for it."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.WARNING)


def _limited_for(code: str | None, headers: Mapping[str, str]) -> float:
    """Seconds to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3)."""
    milliseconds, asked = headers.get("retry-after-ms"), headers.get("retry-after")
    if milliseconds is not None and milliseconds.isdecimal():
        return int(milliseconds) / 1000
    if asked is not None and asked.strip().replace(".", "", 1).isdecimal():
        return float(asked)
    if asked is not None:
        try:
            moment = parsedate_to_datetime(asked)
        except ValueError:
            return LIMITED_SECONDS
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - utc_now()).total_seconds())
    return NO_QUOTA_SECONDS if code in _NO_QUOTA_CODES else LIMITED_SECONDS
