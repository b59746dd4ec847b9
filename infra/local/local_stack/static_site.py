"""The built web app as static files: what the frontend container does in production."""

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from local_stack.asgi import Receive, Scope, Send, header, refuse, respond

IMMUTABLE = b"public, max-age=31536000, immutable"
NOT_BUILT = """<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Rotina</title></head><body>
<h1>Rotina</h1><p>A aplicação web ainda não foi construída. Rode <code>make setup</code> e recarregue esta página.</p>
<p lang="en">The web app is not built yet. Run <code>make setup</code> and reload this page.</p></body></html>"""


@dataclass(frozen=True)
class _CachedFile:
    stamp: tuple[int, int]
    body: bytes
    etag: str


class StaticSite:
    """Files of `folder`; index.html for the addresses of the app's own router; /config.json from `config`."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        self.folder = folder.resolve()
        self.config = json.dumps(config).encode()
        self.cache: dict[Path, _CachedFile] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (ASGI)
        head = scope["method"] == "HEAD"
        if scope["method"] not in {"GET", "HEAD"}:
            message = "Only GET and HEAD are answered here. The API is below /api/v1."
            await refuse(
                scope, send, status=405, code="METHOD_NOT_ALLOWED", message=message, headers=[(b"allow", b"GET, HEAD")]
            )
            return
        path: str = scope["path"]
        if path == "/config.json":
            await respond(
                send,
                200,
                self.config,
                content_type="application/json",
                headers=[(b"cache-control", b"no-store")],
                head=head,
            )
            return
        file = self._find(path, navigation=_is_navigation(scope))
        if file is not None:
            await self._send_file(scope, send, file, head=head)
        elif _is_navigation(scope) and not (self.folder / "index.html").is_file():
            await respond(send, 503, NOT_BUILT.encode(), content_type="text/html; charset=utf-8", head=head)
        else:
            await refuse(scope, send, status=404, code="NOT_FOUND", message="There is nothing at this address.")

    def _find(self, path: str, *, navigation: bool) -> Path | None:
        if "\0" in path:
            return None
        wanted = (self.folder / path.lstrip("/")).resolve()
        if wanted.is_relative_to(self.folder) and wanted.is_file():
            return wanted
        index = self.folder / "index.html"
        # A missing asset is an error to see, not a page to show.
        own_route = path == "/" or (navigation and not path.startswith("/assets/"))
        return index if own_route and index.is_file() else None

    async def _send_file(self, scope: Scope, send: Send, file: Path, *, head: bool) -> None:
        cached = self._read(file)
        in_assets = file.is_relative_to(self.folder / "assets")
        headers = [(b"etag", cached.etag.encode("ascii")), (b"cache-control", IMMUTABLE if in_assets else b"no-cache")]
        known = [tag.strip().removeprefix("W/") for tag in (header(scope, b"if-none-match") or "").split(",")]
        if cached.etag in known:
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await respond(send, 200, cached.body, content_type=_content_type(file), headers=headers, head=head)

    def _read(self, file: Path) -> _CachedFile:
        """The whole app is a few files of some hundred kilobytes: they stay in memory until they change."""
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        cached = self.cache.get(file)
        if cached is None or cached.stamp != stamp:
            body = file.read_bytes()
            cached = self.cache[file] = _CachedFile(stamp, body, f'"{sha256(body).hexdigest()[:32]}"')
        return cached


def _is_navigation(scope: Scope) -> bool:
    """A person opens a page: browsers say so; older ones and tools ask for HTML."""
    mode = header(scope, b"sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in (header(scope, b"accept") or "")


def _content_type(file: Path) -> str:
    guessed = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}.get(
        file.suffix
    )
    guessed = guessed or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") or guessed.endswith("json") else guessed
