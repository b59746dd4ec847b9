"""Serves a folder under the paths of the real hosts: python -m local_stack.mirror --folder F --port N.

Answers as B3's file server does: validators on every file, 304 to a conditional request, 404 for what is not there.
"""

import argparse
import email.utils
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

logger = logging.getLogger("mirror")


class MirrorHandler(BaseHTTPRequestHandler):
    """GET and HEAD of files below `server.folder`."""

    protocol_version = "HTTP/1.1"
    server_version = "mirror"
    sys_version = ""
    server: "MirrorServer"

    def do_GET(self) -> None:
        self._answer(send_body=True)

    def do_HEAD(self) -> None:
        self._answer(send_body=False)

    def _answer(self, *, send_body: bool) -> None:
        path = self._file()
        if path is None:
            self._missing(send_body=send_body)
            return
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            modified = datetime.fromtimestamp(int(status.st_mtime), UTC)
            etag = f'"{int(status.st_mtime):x}-{status.st_size:x}"'
            fresh = self._is_fresh(etag, modified)
            self.send_response(HTTPStatus.NOT_MODIFIED if fresh else HTTPStatus.OK)
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", email.utils.format_datetime(modified, usegmt=True))
            if not fresh:
                self.send_header("Content-Type", "application/x-zip-compressed")
                self.send_header("Content-Length", str(status.st_size))
            self.end_headers()
            if send_body and not fresh:
                self._send(file, status.st_size)

    def _send(self, file: BinaryIO, size: int) -> None:
        """Exactly the bytes that were announced: a file that grows meanwhile must not spill into the next answer."""
        left = size
        while left and (chunk := file.read(min(left, 256 * 1024))):
            self.wfile.write(chunk)
            left -= len(chunk)
        if left:
            self.close_connection = True  # it shrank; the client sees that the answer is incomplete

    def _file(self) -> Path | None:
        """The file that the path names; None when there is none, or when the path leads out of the folder."""
        relative = unquote(urlsplit(self.path).path).lstrip("/")
        if "\0" in relative:
            return None
        path = (self.server.folder / relative).resolve()
        return path if path.is_relative_to(self.server.folder) and path.is_file() else None

    def _is_fresh(self, etag: str, modified: datetime) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides alone where it is sent."""
        wanted = self.headers.get("If-None-Match")
        if wanted is not None:
            tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
            return "*" in tags or etag in tags
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and modified <= email.utils.parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False  # a date that is none is ignored

    def _missing(self, *, send_body: bool) -> None:
        body = b"<html><head><title>404 - File or directory not found.</title></head><body></body></html>"
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if send_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of the overridden parameter)
        logger.info(format, *args)


class MirrorServer(ThreadingHTTPServer):
    """One thread per connection; a slow reader holds up nobody."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.resolve()
        super().__init__(("127.0.0.1", port), MirrorHandler)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve a folder of market files on the loopback interface.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    with MirrorServer(options.folder, options.port) as server:
        logger.info("serving %s on port %d", server.folder, options.port)
        server.serve_forever()


if __name__ == "__main__":
    main()
