"""What B3 answered when asked for a COTAHIST file: one of a few typed outcomes. A 200 is not a file."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx

from worker_svc.sources.archive import BrokenFile, EmptyArchive
from worker_svc.sources.cotahist_inspection import Inspection, inspect_archive
from worker_svc.sources.cotahist_layout import CotahistFile
from worker_svc.sources.fetching import Fetched, fetch

_BLOCKING = frozenset({401, 403, 407, 429, 451})
_GONE = frozenset({404, 410})
_HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<script", b"<?xml")


class Outcome(StrEnum):
    GOT = "got"
    UNCHANGED = "unchanged"
    NOT_PUBLISHED = "not_published"
    NOT_A_SESSION = "not_a_session"
    BROKEN = "broken"
    BLOCKED = "blocked"
    SERVER_ERROR = "server_error"


@dataclass(frozen=True, slots=True)
class Download:
    """An outcome with its reason for people. GOT has an `inspection`; GOT and BROKEN leave the bytes on disk."""

    outcome: Outcome
    reason: str
    fetched: Fetched
    inspection: Inspection | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def download_cotahist(
    client: httpx.AsyncClient, file: CotahistFile, *, base_url: str, into: Path, etag: str | None
) -> Download:
    """Ask for `file` and judge the answer. Raises only what `fetch` raises."""
    url = f"{base_url.rstrip('/')}{file.path}"
    fetched = await fetch(client, url, into=into, etag=etag)
    judged = _judge_status(fetched)
    return judged if judged is not None else await asyncio.to_thread(_judge_body, fetched, into, file)


def _judge_status(fetched: Fetched) -> Download | None:
    status = fetched.status
    detail = _retry_after(fetched.headers)
    if status == httpx.codes.NOT_MODIFIED:
        return Download(Outcome.UNCHANGED, "the server says that the file has not changed", fetched)
    if status in _GONE:
        return Download(Outcome.NOT_PUBLISHED, f"the server answered {status}: the file is not there (yet)", fetched)
    if status in _BLOCKING or fetched.headers.get("location"):
        return Download(Outcome.BLOCKED, f"the server refused with {status}", fetched, detail=detail)
    if status != httpx.codes.OK:
        return Download(Outcome.SERVER_ERROR, f"the server answered {status}", fetched, detail=detail)
    return None


def _judge_body(fetched: Fetched, path: Path, file: CotahistFile) -> Download:
    if fetched.size == 0:
        return Download(Outcome.NOT_PUBLISHED, "the server sent an empty answer: the file is not there (yet)", fetched)
    with path.open("rb") as content:
        start = content.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML_STARTS):
        return Download(Outcome.BLOCKED, "the server sent a web page instead of the file", fetched)
    try:
        inspection = inspect_archive(path, file=file)
    except EmptyArchive:
        return Download(Outcome.NOT_PUBLISHED, "the server sent a zip without a file: it is not there (yet)", fetched)
    except BrokenFile as broken:
        return Download(Outcome.BROKEN, broken.reason, fetched, detail=dict(broken.detail))
    return Download(Outcome.GOT, f"{inspection.records:,} records", fetched, inspection)


def _retry_after(headers: httpx.Headers) -> dict[str, Any]:
    value = headers.get("retry-after", "")
    return {"retry_after_seconds": int(value)} if value.isascii() and value.isdigit() else {}
