"""Requests to addresses that people enter: they must not become a door into our own network.

The name is resolved here, every address that it has must be public, and the connection goes to the very address that
was checked, so that a name which answers differently the second time changes nothing. No proxies, a limit on time and
on what is read of the answer. `post` follows no redirects; `download` follows a few and checks each of them again.
"""

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import BinaryIO, Final, Self
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from shared_utils.errors import AppError, Invalid, TooLarge
from shared_utils.http.tls import trusted

MAX_ANSWER_BYTES: Final = 16 * 1024
DEFAULT_SECONDS: Final = 10.0
MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BLOCK: Final = 64 * 1024


class AddressNotAllowed(Invalid):
    """The address is not one that Rotina may call: use a public https address without user and password."""

    code = "ADDRESS_NOT_ALLOWED"


class OutboundFailed(AppError):
    """The other side did not accept the request. `status` is its answer, if it gave one; `retry_after` in seconds."""

    code = "OUTBOUND_FAILED"

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class OutboundTooLarge(TooLarge):
    """The other side sends more than is accepted."""

    code = "OUTBOUND_TOO_LARGE"


type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_EVERYWHERE: Final[tuple[Network, ...]] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached: the public internet over http and https, and what an operator adds to it."""

    networks: tuple[Network, ...] = ()
    """Private networks that are allowed all the same, for example a company's intranet."""
    ports: frozenset[int] | None = frozenset({80, 443})
    """None: any."""

    @classmethod
    def everywhere(cls) -> Self:
        """Private networks and all ports, too: for operators of trusted networks, and for tests."""
        return cls(networks=_EVERYWHERE, ports=None)


@dataclass(frozen=True, slots=True)
class Download:
    """What came. `unchanged` says that the other side has nothing newer than the `etag` or date that was sent."""

    url: str
    """Where the last redirect led."""
    unchanged: bool
    size: int
    media_type: str | None
    """As the other side calls it: a hint, not a fact."""
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at: the URL to connect to, by number, and how the other side wants to be named."""

    url: str
    host_header: str
    host: str


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuses what can be told from the text alone. Raises `AddressNotAllowed`."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressNotAllowed("The address is not a valid URL; its port is a number from 1 to 65535.") from error
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise AddressNotAllowed("The address must begin with https://.")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressNotAllowed("The address needs a host, and may have neither user, password nor fragment.")
    literal = _literal(parts.hostname)
    if literal is not None and not allow_private and not is_public(literal):
        raise AddressNotAllowed(f"{parts.hostname} is an address inside a private network.")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped into IPv6."""
    parsed = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        # NAT64 (RFC 6052) carries an IPv4 address in its last 32 bits.
        if wrapped is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        # fec0::/10 and ::/8, with the old ::127.0.0.1, are nobody's, yet Python counts them as global.
        if parsed.is_site_local or parsed.is_reserved:
            return False
    return parsed.is_global and not parsed.is_multicast


async def resolve(url: str, *, allow_private: bool) -> Target:
    """Where `url` leads. Raises `AddressNotAllowed`, or `OutboundFailed` when the name has no address."""
    check_url(url, allow_private=allow_private)
    return await _resolved(url, networks=() if not allow_private else _EVERYWHERE)


async def _resolved(url: str, *, networks: tuple[Network, ...]) -> Target:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the latter for names that are too long for IDNA
        raise OutboundFailed(f"The host {host} was not found.") from error
    addresses = [str(item[4][0]) for item in found]
    if not addresses or not all(_reachable(address, networks) for address in addresses):
        raise AddressNotAllowed(f"{host} leads into a private network.")
    address = addresses[0]
    number = f"[{address}]" if ":" in address else address
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(f"{parts.scheme}://{number}:{port}{path}{query}", parts.netloc, host)


def _reachable(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = ipaddress.ip_address(address.split("%", 1)[0])
    return is_public(address) or any(parsed in network for network in networks)


async def resolve_within(url: str, reach: Reach) -> Target:
    """Where `url` leads, within `reach`. Raises `AddressNotAllowed`, or `OutboundFailed` when nothing has the name."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressNotAllowed("The address is not a valid URL; its port is a number from 1 to 65535.") from error
    if parts.scheme not in ("http", "https"):
        raise AddressNotAllowed("The address must begin with https:// or http://.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise AddressNotAllowed("The address needs a host, and may have neither user nor password.")
    if reach.ports is not None and port not in reach.ports:
        raise AddressNotAllowed(f"Port {port} is not allowed: only {', '.join(map(str, sorted(reach.ports)))}.")
    return await _resolved(url, networks=reach.networks)


async def download(
    url: str,
    into: Path,
    *,
    reach: Reach,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    timeout_seconds: float = 60,
) -> Download:
    """GETs `url` into the file `into`: at most `max_bytes`, unpacked, within `timeout_seconds` for everything.

    At most 5 redirects are followed, each checked like the first address; `headers` go no further than the first
    origin. With `etag` or `last_modified` the answer may be that nothing changed. Raises `AddressNotAllowed`,
    `OutboundTooLarge`, or `OutboundFailed` for everything else; messages name hosts, never the rest of an address.
    """
    url, _ = urldefrag(url)
    conditions = {"If-None-Match": etag, "If-Modified-Since": None if etag else last_modified}
    host = ""
    try:
        async with asyncio.timeout(timeout_seconds):
            first = _origin(url)
            for _ in range(MAX_REDIRECTS + 1):
                host = urlsplit(url).hostname or ""
                target = await resolve_within(url, reach)
                sent = {name: value for name, value in conditions.items() if value}
                sent |= headers or {} if _origin(url) == first else {}
                answer = await _get(target, sent, into, max_bytes)
                if isinstance(answer, httpx.Response):
                    return _downloaded(url, answer, into)
                url, _ = urldefrag(urljoin(url, answer))
    except TimeoutError as error:
        raise OutboundFailed(f"{host} did not send everything within {timeout_seconds:g} s.") from error
    except (httpx.HTTPError, httpx.InvalidURL, zlib.error, ValueError) as error:
        raise OutboundFailed(f"{host} could not be reached or broke off: {type(error).__name__}.") from error
    raise OutboundFailed(f"{host} redirects more than {MAX_REDIRECTS} times.")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _client() -> httpx.AsyncClient:
    """Without limits of its own: those around everything also cover an answer that comes drop by drop."""
    return httpx.AsyncClient(timeout=None, follow_redirects=False, trust_env=False, verify=trusted())  # noqa: S113


async def _get(target: Target, headers: Mapping[str, str], into: Path, max_bytes: int) -> httpx.Response | str:
    """The answer, its body in `into`; or where it redirects to."""
    async with (
        _client() as client,
        client.stream(
            "GET",
            target.url,
            headers={"Accept-Encoding": "gzip", "User-Agent": "rotina", **headers, "Host": target.host_header},
            extensions={"sni_hostname": target.host},
        ) as response,
    ):
        if response.status_code in _REDIRECTS and response.headers.get("Location"):
            return str(response.headers["Location"])
        if response.status_code == 304:
            return response
        if response.status_code != 200:
            raise OutboundFailed(
                f"{target.host} answered {response.status_code}.",
                status=response.status_code,
                retry_after=_retry_after(response),
            )
        said = response.headers.get("Content-Length", "")
        if said.isascii() and said.isdigit() and int(said[:20]) > max_bytes:
            raise OutboundTooLarge(f"{target.host} sends more than {max_bytes // 1024} KiB.")
        with await asyncio.to_thread(into.open, "wb") as file:
            await _store(response, file, target.host, max_bytes)
        return response


async def _store(response: httpx.Response, file: BinaryIO, host: str, max_bytes: int) -> None:
    """Writes the body, unpacked by at most a block at a time, so that a bomb is noticed while it is small."""
    written = 0
    async for block in _unpacked(response, host):
        written += len(block)
        if written > max_bytes:
            raise OutboundTooLarge(f"{host} sends more than {max_bytes // 1024} KiB.")
        await asyncio.to_thread(file.write, block)


async def _unpacked(response: httpx.Response, host: str) -> AsyncIterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        async for block in response.aiter_raw(_BLOCK):
            yield block
        return
    if encoding not in ("gzip", "x-gzip"):
        raise OutboundFailed(f"{host} packs its answer in a way that was not asked for.")
    unpacker = zlib.decompressobj(wbits=31)
    async for packed in response.aiter_raw(_BLOCK):
        rest = packed
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, _BLOCK)
            rest = unpacker.unconsumed_tail
    yield unpacker.flush()  # a few hundred bytes at most: all input was taken
    if not unpacker.eof:
        raise OutboundFailed(f"{host} broke off.")


def _downloaded(url: str, response: httpx.Response, into: Path) -> Download:
    unchanged = response.status_code == 304
    header = Message()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    return Download(
        url=url,
        unchanged=unchanged,
        size=0 if unchanged else into.stat().st_size,
        media_type=header.get_content_type() if "Content-Type" in response.headers else None,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )


async def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    allow_private: bool,
    timeout_seconds: float = DEFAULT_SECONDS,
) -> int:
    """POSTs `body`; returns the status of a success (2xx).

    Raises `OutboundFailed` for everything else: other statuses, no connection, a broken answer, no answer in time. Its
    message names the host, never the rest of the address, which may carry a token.
    """
    host = urlsplit(url).hostname or ""
    try:
        async with asyncio.timeout(timeout_seconds):
            target = await resolve(url, allow_private=allow_private)
            status, retry_after = await _exchange(target, body, headers)
    except TimeoutError as error:
        raise OutboundFailed(f"{host} did not answer within {timeout_seconds:g} s.") from error
    except httpx.HTTPError as error:
        raise OutboundFailed(f"{host} could not be reached or broke off: {type(error).__name__}.") from error
    if not 200 <= status < 300:
        raise OutboundFailed(f"{host} answered {status}.", status=status, retry_after=retry_after)
    return status


async def _exchange(target: Target, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None]:
    async with (
        _client() as client,
        client.stream(
            "POST",
            target.url,
            content=body,
            headers={**headers, "Host": target.host_header},
            extensions={"sni_hostname": target.host},
        ) as response,
    ):
        read = 0
        async for chunk in response.aiter_raw():
            read += len(chunk)
            if read > MAX_ANSWER_BYTES:
                break
        return response.status_code, _retry_after(response)


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 7 else None


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
