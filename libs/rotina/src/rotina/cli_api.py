"""The product's REST API, as the command line uses it: through the front door, with a person's token."""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from rotina.cli_stack import CliError


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: its HTTP status, `data` and `meta`."""

    status: int
    data: Any
    meta: Any


class Api:
    """`/api/v1` with the envelope taken off. Every refusal becomes a `CliError` with the API's own words."""

    def __init__(self, http: httpx.Client, *, url: str, token: str) -> None:
        self._http = http
        self._base = f"{url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **params: Any) -> Any:
        """`data` of a GET; parameters that are None are left out."""
        return self._call("GET", path, params=params).data

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            answer = self._call("GET", path, params={**params, "cursor": cursor})
            yield from answer.data
            cursor = (answer.meta or {}).get("next_cursor")
            if not cursor:
                return

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> Any:
        """`data` of a POST."""
        return self.send("POST", path, body, idempotency_key=idempotency_key).data

    def send(self, method: str, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> Answer:
        """The whole answer to a request with a body."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._call(method, path, json=body, headers=headers)

    def post_text(self, path: str, text: bytes, *, content_type: str, **params: Any) -> Any:
        """`data` of a POST whose body is not JSON."""
        headers = {"Content-Type": content_type}
        return self._call("POST", path, content=text, headers=headers, params=params).data

    def download(self, path: str, target: str, **params: Any) -> int:
        """Streams a file into `target` (`-` is standard output), checks it, and answers its size in bytes.

        A file that is there already is only replaced by a whole one.
        """
        known = {name: value for name, value in params.items() if value is not None}
        try:
            with self._http.stream("GET", self._base + path, headers=self._headers, params=known) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise _refusal(answer)
                if target == "-":
                    return _write(answer, sys.stdout.buffer)
                partial = Path(f"{target}.part")
                with partial.open("wb") as file:
                    size = _write(answer, file)
                partial.replace(target)
                return size
        except httpx.TransportError as error:
            raise _unreachable(self._base, error) from None

    def events(self, path: str, *, last_event_id: str | None = None) -> Iterator[tuple[str, str, Any]]:
        """Server-sent events as (event, id, data), until the server ends the stream."""
        headers = {**self._headers, "Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        timeout = httpx.Timeout(10, read=60)
        try:
            with self._http.stream("GET", self._base + path, headers=headers, timeout=timeout) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise _refusal(answer)
                yield from parse_events(answer.iter_lines())
        except httpx.TransportError as error:
            raise _unreachable(self._base, error) from None

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        options["headers"] = {**self._headers, **options.get("headers", {})}
        options["params"] = {k: v for k, v in options.get("params", {}).items() if v is not None}
        try:
            answer = self._http.request(method, self._base + path, **options)
        except httpx.TransportError as error:
            raise _unreachable(self._base, error) from None
        if answer.is_error:
            raise _refusal(answer)
        body = answer.json() if answer.content else {}
        return Answer(answer.status_code, body.get("data"), body.get("meta"))


def parse_events(lines: Iterator[str]) -> Iterator[tuple[str, str, Any]]:
    """Parse an event stream (WHATWG rules for the fields used here; comments are keep-alives)."""
    event, identity, data = "message", "", list[str]()
    for line in lines:
        if line == "":
            if data:
                yield event, identity, json.loads("\n".join(data))
            event, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event = value
        elif name == "id":
            identity = value
        elif name == "data":
            data.append(value)


def _write(answer: httpx.Response, file: BinaryIO) -> int:
    digest, size = hashlib.sha256(), 0
    for chunk in answer.iter_bytes():
        digest.update(chunk)
        size += len(chunk)
        file.write(chunk)
    expected = answer.headers.get("ETag", "").strip('"')
    if expected and digest.hexdigest() != expected:
        raise CliError("what arrived is not what was stored (the checksum differs); try again")
    return size


def _unreachable(base: str, error: httpx.TransportError) -> CliError:
    return CliError(f"{base} does not answer ({error}); is the stack running? Start it with `make up`")


def _refusal(answer: httpx.Response) -> CliError:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    code = body.get("code", f"HTTP_{answer.status_code}") if isinstance(body, dict) else f"HTTP_{answer.status_code}"
    message = body.get("message", answer.reason_phrase) if isinstance(body, dict) else answer.reason_phrase
    hint = {401: " (the token was refused)", 403: " (try --user operator or --user admin)"}.get(answer.status_code, "")
    details = body.get("details") if isinstance(body, dict) else None
    causes = [f"\n  {one['message']}" for one in details if "message" in one] if isinstance(details, list) else []
    return CliError(f"{message}{hint} [{code}]{''.join(causes[:20])}")
