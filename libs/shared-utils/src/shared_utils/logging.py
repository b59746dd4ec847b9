"""Structured logs: one JSON object per line, with correlation and trace ids, and with secrets masked."""

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from functools import lru_cache
from types import NoneType
from typing import Any, Literal, TextIO
from uuid import uuid4

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
# W3C trace context of the work at hand; shared_utils.observability.tracing gives it meaning. It lives here because
# every log line carries its trace id and this module may not import upwards.
current_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)

_MASK = "***"
_PLAIN = (str, int, float, NoneType)
_encode = json.JSONEncoder(default=str, ensure_ascii=False).encode  # json.dumps would make an encoder for each line
_SECRETS = re.compile(
    r"(?P<jwt>eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?)"
    r"|(?P<dsn>://[^\s:/@\"']*:)[^\s/\"']+(?=@)"
    r"|(?P<header>(?:authorization|x-internal-key|cookie)[\\\"']*\s*[:=]\s*[\\\"']*(?:(?:bearer|basic)\s+)?)[^\s\"'\\,;]+"
    r"|(?P<scheme>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|(?P<pair>(?:password|passwd|secret|api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret)[\\\"']*\s*[:=]\s*[\\\"']*)"
    r"[^\s\"'\\,;&]+",
    re.IGNORECASE,
)
# Every match of _SECRETS contains one of these.
_TRIGGERS = (
    *("eyj", "://", "bearer", "basic", "authorization", "x-internal-key", "cookie"),
    *("password", "passwd", "secret", "token", "api_key", "api-key", "apikey"),
)
_SECRET_KEYS = re.compile(
    r"(?:^|[_-])(?:password|passwd|secret|token|authorization|api[_-]?key|internal[_-]?key|cookie|dsn)s?$",
    re.IGNORECASE,
)


def get_logger(name: str) -> logging.Logger:
    """The logger `name`. Extra fields travel as `logger.info("loaded", extra={"fields": {"rows": 12}})`."""
    return logging.getLogger(name)


def correlation_id() -> str:
    """The id that ties together everything done for one request or message; empty outside of one."""
    return _correlation_id.get()


def bind_correlation_id(value: str | None) -> Token[str]:
    """Sets the correlation id of this context; a new one when `value` is empty. Undo with `unbind_correlation_id`."""
    return _correlation_id.set(value or uuid4().hex)


def unbind_correlation_id(token: Token[str]) -> None:
    """Restores the correlation id that was there before `bind_correlation_id`."""
    _correlation_id.reset(token)


@contextmanager
def correlation(value: str | None = None) -> Iterator[str]:
    """Sets the correlation id for a block of code and yields it."""
    token = bind_correlation_id(value)
    try:
        yield _correlation_id.get()
    finally:
        unbind_correlation_id(token)


def mask_secrets(text: str) -> str:
    """`text` with tokens, passwords in URLs and values of secret-looking headers and parameters replaced by `***`."""
    # Nearly all lines hold none: looking for the words first costs a fiftieth of the expression.
    lowered = text.lower()
    if not any(trigger in lowered for trigger in _TRIGGERS):
        return text
    return _SECRETS.sub(_replacement, text)


def mask_fields(value: Any) -> Any:
    """A copy of a JSON-like value in which whatever is stored under a secret-looking key is replaced by `***`."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {
            key: _MASK if is_secret_name(str(key)) else item if isinstance(item, _PLAIN) else mask_fields(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask_fields(item) for item in value]
    return value


def configure_logging(*, service: str, level: str = "INFO", fmt: Literal["json", "text"] = "json") -> None:
    """Sends all logs of the process to standard output in the house format. Repeating it replaces the set-up."""
    handler = StandardOutputHandler()
    handler.setFormatter(JsonFormatter(service) if fmt == "json" else TextFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
    # The access log is written by shared_utils.http.middleware, with the route and the request id.
    logging.getLogger("uvicorn.access").disabled = True
    for noisy in ("httpx", "httpcore", "asyncio", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # What no format of ours shows need not be looked up for each record (logging's own advice, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    setattr(logging, "logAsyncioTasks", False)  # noqa: B010  since 3.12, but not in the type stubs
    logging.captureWarnings(True)


class StandardOutputHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard output is at the moment: a test or a supervisor may have exchanged it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stdout

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        raise AttributeError("this handler always writes to standard output")


class JsonFormatter(logging.Formatter):
    """One JSON object per record."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        traceparent = current_traceparent.get()
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "service": self._service,
            "correlation_id": _correlation_id.get() or None,
            "trace_id": traceparent[3:35] if traceparent else None,
            "span_id": traceparent[36:52] if traceparent else None,
        }
        fields = getattr(record, "fields", None)
        if fields:
            line.update((key, value) for key, value in mask_fields(fields).items() if key not in line)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return mask_secrets(_encode(line))


class TextFormatter(logging.Formatter):
    """For people at a terminal."""

    def __init__(self, service: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)-7s {service} %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        fields = getattr(record, "fields", None)
        if fields:
            text += " " + " ".join(f"{key}={value}" for key, value in mask_fields(fields).items())
        return mask_secrets(text)


@lru_cache(maxsize=1000)
def is_secret_name(name: str) -> bool:
    """Whether what stands under this name is to be masked."""
    return _SECRET_KEYS.search(name) is not None


def _replacement(match: re.Match[str]) -> str:
    kept = match.group("dsn") or match.group("header") or match.group("scheme") or match.group("pair") or ""
    return kept + _MASK
