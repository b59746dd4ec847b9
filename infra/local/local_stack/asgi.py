"""The ASGI types and answers that the parts of the front door share."""

import json
import re
import uuid
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from shared_utils.clock import utc_now

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def header(scope: Scope, name: bytes) -> str | None:
    """The first value of a request header; `name` in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


def request_id(scope: Scope) -> str:
    """The caller's X-Request-ID when it is well-formed, else a new one."""
    given = header(scope, b"x-request-id")
    return given if given and _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


async def respond(
    send: Send,
    status: int,
    body: bytes,
    *,
    content_type: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
    head: bool = False,
) -> None:
    """One whole answer. `head`: the request was HEAD, so the length is told and the body is not sent."""
    start = [
        (b"content-type", content_type.encode("latin-1")),
        (b"content-length", str(len(body)).encode("ascii")),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def refuse(
    scope: Scope, send: Send, *, status: int, code: str, message: str, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """The error envelope of the product's APIs."""
    identity = request_id(scope)
    body = {
        "status": "error",
        "code": code,
        "message": message,
        "details": None,
        "timestamp": utc_now().isoformat(),
        "request_id": identity,
    }
    await respond(
        send,
        status,
        json.dumps(body, ensure_ascii=False).encode(),
        content_type="application/json",
        headers=[(b"x-request-id", identity.encode("ascii")), (b"cache-control", b"no-store"), *headers],
        head=scope["method"] == "HEAD",
    )
