"""Fetch one file over HTTP to disk: streamed, hashed, with limits on size and time."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from rotina import PermanentError

MAX_BYTES = 1024**3
MAX_SECONDS = 900
CHUNK_BYTES = 256 * 1024
CONNECT_SECONDS = 10
READ_SECONDS = 90
"""Some of B3's hosts take 20 s to answer (market-data.md, 1.1)."""
USER_AGENT = "Rotina/0.1 (+market data loader)"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `size` and `sha256` are those of the body, which is on disk when the status is 200."""

    url: str
    status: int
    headers: httpx.Headers
    size: int
    sha256: str


@asynccontextmanager
async def open_http(*, ca_file: Path | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client for hosts outside. `ca_file` adds certificates for those with an incomplete chain."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    # Redirects are not followed: for a file that is always at its address they lead to a login or a captcha.
    async with httpx.AsyncClient(verify=context, timeout=timeout, headers=headers, follow_redirects=False) as client:
        yield client


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    into: Path,
    etag: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
) -> Fetched:
    """GET `url`, with If-None-Match when `etag` is known. Bodies of other answers than 200 are not read.

    Raises httpx's transport errors, `TimeoutError` when it takes too long altogether, and `PermanentError`
    FILE_TOO_LARGE or TLS_NOT_TRUSTED.
    """
    headers = {"If-None-Match": etag} if etag else {}
    try:
        async with asyncio.timeout(max_seconds), client.stream("GET", url, headers=headers) as answer:
            size, sha256 = 0, ""
            if answer.status_code == httpx.codes.OK:
                size, sha256 = await _save(answer, into, max_bytes=max_bytes)
            return Fetched(url=url, status=answer.status_code, headers=answer.headers, size=size, sha256=sha256)
    except httpx.ConnectError as error:
        if _is_untrusted(error):
            raise PermanentError(
                f"the certificate of {url} is not trusted ({error}). If the host sends an incomplete chain, put the "
                "missing certificates into a PEM file and name it in WORKER_SVC_B3_CA_FILE",
                code="TLS_NOT_TRUSTED",
            ) from error
        raise


async def _save(answer: httpx.Response, into: Path, *, max_bytes: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("wb") as file:
        async for chunk in answer.aiter_raw(CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise PermanentError(
                    f"{answer.url} sends more than {max_bytes:,} bytes, which no such file has", code="FILE_TOO_LARGE"
                )
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _is_untrusted(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
