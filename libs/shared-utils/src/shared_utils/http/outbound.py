"""Requests to addresses that people enter: they must not become a door into our own network.

The name is resolved here, every address that it has must be public, and the connection goes to the very address that
was checked, so that a name which answers differently the second time changes nothing. No redirects, no proxies, a limit
on time and on what is read of the answer.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from shared_utils.errors import AppError, Invalid

MAX_ANSWER_BYTES: Final = 16 * 1024
DEFAULT_SECONDS: Final = 10.0


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
    return parsed.is_global and not parsed.is_multicast


async def resolve(url: str, *, allow_private: bool) -> Target:
    """Where `url` leads. Raises `AddressNotAllowed`, or `OutboundFailed` when the name has no address."""
    check_url(url, allow_private=allow_private)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OutboundFailed(f"The host {host} was not found.") from error
    addresses = [str(item[4][0]) for item in found]
    if not allow_private and not all(is_public(address) for address in addresses):
        raise AddressNotAllowed(f"{host} leads into a private network.")
    address = addresses[0]
    number = f"[{address}]" if ":" in address else address
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(f"{parts.scheme}://{number}:{port}{path}{query}", parts.netloc, host)


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
    # `timeout=None`: the limit around everything also covers an answer that comes drop by drop.
    async with (
        httpx.AsyncClient(timeout=None, follow_redirects=False, trust_env=False) as client,  # noqa: S113  see above
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
