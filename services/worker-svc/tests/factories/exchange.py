"""An exchange: an HTTP server that answers exactly what a test puts at a path."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


@dataclass
class Answer:
    """What is at a path. `cut` sends fewer bytes than announced."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0


class Exchange:
    """Files by path; everything else is 404. Remembers what was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    def put(self, path: str, body: bytes, *, etag: str | None = None) -> None:
        """A file, with validators if `etag` is given."""
        headers = {"content-type": "application/x-zip-compressed"} | ({"etag": etag} if etag else {})
        self.answers[path] = Answer(body=body, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.requests.append((request.url.path, dict(request.headers)))
        answer = self.answers.get(request.url.path, Answer(status=404, body=b"<html>not found</html>"))
        etag = answer.headers.get("etag")
        if etag is not None and request.headers.get("if-none-match") == etag:
            answer = Answer(status=304, headers={"etag": etag})
        if answer.cut:
            await _send_cut(answer, send)
            return
        await Response(answer.body, status_code=answer.status, headers=answer.headers)(scope, receive, send)


async def _send_cut(answer: Answer, send: Send) -> None:
    length = str(len(answer.body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": answer.body[: -answer.cut], "more_body": False})
