"""The mirror answers as the exchange's file server does."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local_stack.mirror import MirrorServer

FILE = "/InstDados/SerHist/COTAHIST_D19112026.ZIP"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files of B3"
    (folder / "InstDados" / "SerHist").mkdir(parents=True)
    (folder / FILE[1:]).write_bytes(b"PK the zip")
    (tmp_path / "secret").write_text("not for you")
    return folder


@pytest.fixture
def mirror(folder: Path) -> Iterator[httpx.Client]:
    server = MirrorServer(folder, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}") as client:
        yield client
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_a_file_comes_with_its_validators(mirror: httpx.Client) -> None:
    answer = mirror.get(FILE)

    assert answer.status_code == 200
    assert answer.content == b"PK the zip"
    assert answer.headers["etag"].endswith('-a"')
    assert answer.headers["last-modified"].endswith("GMT")
    assert answer.headers["content-length"] == "10"


def test_an_unchanged_file_is_304_by_either_validator(mirror: httpx.Client) -> None:
    first = mirror.get(FILE)

    by_tag = mirror.get(FILE, headers={"If-None-Match": first.headers["etag"]})
    by_date = mirror.get(FILE, headers={"If-Modified-Since": first.headers["last-modified"]})

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304
    assert by_tag.headers["etag"] == first.headers["etag"]


def test_a_changed_file_is_sent_whole(mirror: httpx.Client, folder: Path) -> None:
    first = mirror.get(FILE)
    (folder / FILE[1:]).write_bytes(b"PK another zip")

    answer = mirror.get(
        FILE, headers={"If-None-Match": first.headers["etag"], "If-Modified-Since": first.headers["last-modified"]}
    )

    assert (answer.status_code, answer.content) == (200, b"PK another zip")


@pytest.mark.parametrize(
    "path",
    [
        "/InstDados/SerHist/COTAHIST_D07092026.ZIP",
        "/InstDados/SerHist",
        "/",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/InstDados/%00",
    ],
)
def test_what_is_not_there_is_404(mirror: httpx.Client, path: str) -> None:
    request = mirror.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())

    assert mirror.send(request).status_code == 404


def test_head_has_the_headers_only(mirror: httpx.Client) -> None:
    answer = mirror.head(FILE)

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "10", b"")


def test_a_date_that_is_none_is_ignored(mirror: httpx.Client) -> None:
    assert mirror.get(FILE, headers={"If-Modified-Since": "yesterday"}).status_code == 200
