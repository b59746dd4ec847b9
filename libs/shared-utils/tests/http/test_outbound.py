"""Requests to addresses that people enter."""

import asyncio
import socket
from typing import Any

import pytest

from shared_utils.http.outbound import AddressNotAllowed, OutboundFailed, check_url, is_public, post, resolve
from shared_utils.testing.receivers import Behaviour, receiver


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::"),
        *("255.255.255.255", "198.18.0.1", "fe80::1%eth0", "::127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "::ffff:0:0"),
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.com/",
            "ftp://example.com/",
            "https://",
            "https://user@example.com/",
            "https://a:b@example.com",
        ),
        *(
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1:8443/x",
            "https://example.com:99999/",
            "file:///etc",
        ),
        *("https://example.com/#part", "https://[bad/", "//example.com"),
    ],
)
def test_addresses_refused_by_their_text(url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        check_url(url, allow_private=False)


def test_private_addresses_can_be_allowed() -> None:
    check_url("http://127.0.0.1:8080/x", allow_private=True)
    check_url("https://hooks.example.com/services/T0/B0/x?y=1", allow_private=False)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
async def test_names_and_odd_numbers_that_lead_inside(host: str) -> None:
    with pytest.raises((AddressNotAllowed, OutboundFailed)):
        await resolve(f"https://{host}/", allow_private=False)


async def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    async def both(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.5")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(AddressNotAllowed):
        await resolve("https://rebind.example.com/", allow_private=False)


async def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def public(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", public)
    target = await resolve("https://hooks.example.com/services/x?y=1", allow_private=False)
    assert (target.url, target.host_header, target.host) == (
        "https://93.184.216.34:443/services/x?y=1",
        "hooks.example.com",
        "hooks.example.com",
    )


async def test_a_request_arrives_whole() -> None:
    async with receiver() as other:
        assert await post(other.url, b'{"a":1}', headers={"X-Test": "1"}, allow_private=True) == 200
    (request,) = other.received
    assert (request.path, request.body, request.headers["x-test"]) == ("/hook", b'{"a":1}', "1")
    assert request.headers["host"] == f"127.0.0.1:{other.port}"


@pytest.mark.parametrize(
    ("behaviour", "status", "retry_after"),
    [("500", 500, None), ("429", 429, 120.0), ("redirect", 302, None), ("close", None, None)],
)
async def test_what_is_no_success(behaviour: Behaviour, status: int | None, retry_after: float | None) -> None:
    async with receiver(behaviour=behaviour) as other:
        with pytest.raises(OutboundFailed) as failed:
            await post(other.url, b"{}", headers={}, allow_private=True)
    assert (failed.value.status, failed.value.retry_after) == (status, retry_after)
    assert "hook" not in failed.value.message, "the path may carry a token"
    assert len(other.received) == 1, "a redirect is not followed"


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
async def test_an_answer_that_does_not_end_is_given_up(behaviour: Behaviour) -> None:
    async with receiver(behaviour=behaviour) as other:
        with pytest.raises(OutboundFailed, match=r"within 0\.5 s"):
            await post(other.url, b"{}", headers={}, allow_private=True, timeout_seconds=0.5)
        other.released.set()


async def test_nobody_there() -> None:
    async with receiver() as other:
        pass
    with pytest.raises(OutboundFailed, match="ConnectError"):
        await post(other.url, b"{}", headers={}, allow_private=True)
