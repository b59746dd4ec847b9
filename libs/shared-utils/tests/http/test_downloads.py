"""Files from addresses that people enter. The server of these tests is at 127.0.0.1, which alone is allowed."""

import asyncio
import gzip
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from shared_utils.http.outbound import (
    AddressNotAllowed,
    Download,
    OutboundFailed,
    OutboundTooLarge,
    Reach,
    download,
    resolve_within,
)
from shared_utils.testing.ports import free_port
from shared_utils.testing.receivers import receiver

HOME = "127.0.0.1"
type Page = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content-Length": str(len(body)), "Connection": "close"} | {
        k.replace("_", "-"): v for k, v in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(to: str) -> bytes:
    return answer(status="302 Found", Location=to)


class Site:
    """Pages by their path; `asked` keeps the heads of requests."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.released = asyncio.Event()
        self.reach = Reach(networks=(ipaddress.ip_network(f"{HOME}/32"),), ports=frozenset({port}))
        self.file = folder / "file"

    def url(self, path: str, host: str = HOME) -> str:
        return f"http://{host}:{self.port}{path}"

    async def get(self, path: str, *, host: str = HOME, max_bytes: int = 100_000, **options: Any) -> Download:
        return await download(self.url(path, host), self.file, reach=self.reach, max_bytes=max_bytes, **options)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked.append(head)
            page = self.pages[head.split(" ")[1]]
            if isinstance(page, bytes):
                writer.write(page)
            else:
                await page(writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(free_port(), tmp_path)
    # On every loopback address: what must not be reached could be.
    server = await asyncio.start_server(site.serve, "0.0.0.0", site.port)
    yield site
    site.released.set()
    server.close()


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The next look-ups of names answer these addresses, then the last ones again. Returns the names that were asked."""
    asked: list[str] = []

    async def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", (each, port)) for each in answers[min(len(asked), len(answers)) - 1]]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    return asked


async def test_a_file_with_what_its_next_download_needs(site: Site) -> None:
    site.pages["/a.md"] = answer(
        b"# oi", Content_Type="text/markdown; charset=utf-8", ETag='"1"', Last_Modified="Fri, 20 Nov 2026 12:00:00 GMT"
    )

    got = await site.get("/a.md#parte")

    assert site.file.read_bytes() == b"# oi"
    assert got == Download(site.url("/a.md"), False, 4, "text/markdown", '"1"', "Fri, 20 Nov 2026 12:00:00 GMT")
    assert f"\r\nHost: {HOME}:{site.port}\r\n" in site.asked[0]


async def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    site.pages["/a"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'

    got = await site.get("/a", etag='"1"', last_modified="Fri, 20 Nov 2026 12:00:00 GMT")

    assert got.unchanged
    assert 'if-none-match: "1"' in site.asked[0].lower()
    assert "if-modified-since" not in site.asked[0].lower()


async def test_redirects_are_followed_and_keep_secrets_at_home(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, [HOME])
    site.pages["/1"] = redirect("/2?x=1")
    site.pages["/2?x=1"] = redirect(f"http://outro.example:{site.port}/3")
    site.pages["/3"] = answer(b"aqui")

    got = await site.get("/1", host="um.example", headers={"Authorization": "Bearer canary"})

    assert (got.url, site.file.read_bytes()) == (f"http://outro.example:{site.port}/3", b"aqui")
    assert ["canary" in head for head in site.asked] == [True, True, False]


@pytest.mark.parametrize(
    "to",
    [
        *(
            "http://127.0.0.2:{port}/segredo",
            "http://[::1]:{port}/segredo",
            "http://[::ffff:127.0.0.2]:{port}/segredo",
        ),
        *(
            "http://169.254.169.254:{port}/latest/meta-data/",
            "http://0x7f000002:{port}/segredo",
            "//127.2:{port}/segredo",
        ),
        *("file:///etc/passwd", "gopher://127.0.0.1:{port}/", "http://127.0.0.1:22/", "http://u:p@127.0.0.1:{port}/"),
        *(
            "http://[64:ff9b::7f00:2]:{port}/",
            "http://10.0.0.1:{port}/",
            "http://[fd00::1]:{port}/",
            "http://0.0.0.0:{port}/",
        ),
    ],
)
async def test_a_redirect_inside_is_not_followed(site: Site, to: str) -> None:
    site.pages["/a"] = redirect(to.format(port=site.port))
    site.pages["/segredo"] = answer(b"segredo")

    with pytest.raises(AddressNotAllowed):
        await site.get("/a")
    assert len(site.asked) == 1
    assert not site.file.exists()


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.2/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://2130706433/",
            "http://localhost/",
        ),
        *(
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://example.com:22/",
            "https://a:b@example.com/",
            "https://",
        ),
        *("http://[fe80::1%25eth0]/", "http://metadata.google.internal:99999/", "http://[bad/", "javascript:alert(1)"),
    ],
)
async def test_addresses_that_are_not_reached(url: str, tmp_path: Path) -> None:
    with pytest.raises((AddressNotAllowed, OutboundFailed)) as refused:
        await download(url, tmp_path / "a", reach=Reach(), max_bytes=10, timeout_seconds=5)
    assert refused.value.code in {"ADDRESS_NOT_ALLOWED", "OUTBOUND_FAILED"}


async def test_a_name_that_answers_differently_the_second_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = names(monkeypatch, [HOME], ["127.0.0.2"])
    site.pages["/a"] = answer(b"de casa")
    where: list[str] = []

    async def tell(writer: asyncio.StreamWriter) -> None:
        where.append(writer.get_extra_info("sockname")[0])
        writer.write(answer(b"de casa"))

    site.pages["/a"] = tell
    await site.get("/a", host="rebind.example")

    assert asked == ["rebind.example"], "it is looked up once"
    assert where == [HOME]
    with pytest.raises(AddressNotAllowed):
        await site.get("/a", host="rebind.example")


async def test_a_name_that_changes_between_redirects(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, [HOME], ["127.0.0.2"])
    site.pages["/a"] = redirect("/b")
    site.pages["/b"] = answer(b"segredo")

    with pytest.raises(AddressNotAllowed):
        await site.get("/a", host="rebind.example")
    assert len(site.asked) == 1


async def test_one_private_address_among_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["93.184.216.34", "10.0.0.5"])

    with pytest.raises(AddressNotAllowed):
        await resolve_within("https://misto.example/", Reach())


async def test_redirects_in_a_circle_end(site: Site) -> None:
    site.pages["/a"] = redirect("/a")

    with pytest.raises(OutboundFailed, match="more than 5"):
        await site.get("/a")
    assert len(site.asked) == 6


async def test_a_body_that_says_it_is_too_long_is_not_read(site: Site) -> None:
    site.pages["/a"] = answer(b"", Content_Length=str(10**12))

    with pytest.raises(OutboundTooLarge):
        await site.get("/a")
    assert not site.file.exists()


async def test_a_body_without_end_is_cut_off(site: Site) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not site.released.is_set():
            writer.write(b"x" * 10_000)
            await writer.drain()

    site.pages["/a"] = endless
    with pytest.raises(OutboundTooLarge):
        await site.get("/a")
    assert site.file.stat().st_size <= 100_000


async def test_an_answer_that_drips_is_given_up(tmp_path: Path) -> None:
    async with receiver(behaviour="drip") as other:
        with pytest.raises(OutboundFailed, match=r"within 0\.5 s"):
            await download(other.url, tmp_path / "a", reach=Reach.everywhere(), max_bytes=10_000, timeout_seconds=0.5)


async def test_a_body_that_stops_coming_is_given_up(site: Site) -> None:
    async def stop(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        await writer.drain()
        await site.released.wait()

    site.pages["/a"] = stop
    with pytest.raises(OutboundFailed, match=r"within 0\.5 s"):
        await site.get("/a", timeout_seconds=0.5)


async def test_a_packed_body_is_unpacked(site: Site) -> None:
    text = b"uma linha de texto\n" * 4_000
    site.pages["/a"] = answer(gzip.compress(text), Content_Encoding="gzip")

    assert (await site.get("/a")).size == len(text)
    assert site.file.read_bytes() == text


async def test_a_bomb_is_noticed_while_it_is_small(site: Site) -> None:
    site.pages["/a"] = answer(gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip")

    with pytest.raises(OutboundTooLarge):
        await site.get("/a")
    assert site.file.stat().st_size <= 100_000


@pytest.mark.parametrize(
    "page",
    [
        answer(b"segredo", status="404 Not Found"),
        answer(b"x", Content_Encoding="br"),
        answer(b"isto nao e gzip", Content_Encoding="gzip"),
        answer(gzip.compress(b"texto " * 1000)[:-20], Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncurto",
        b"nada disso\r\n\r\n",
    ],
)
async def test_answers_that_are_no_file(site: Site, page: bytes) -> None:
    site.pages["/a?token=canary"] = page

    with pytest.raises(OutboundFailed) as failed:
        await site.get("/a?token=canary")
    assert "canary" not in failed.value.message
