"""Documents that do harm: each fails by itself, with a code, and the next one is read."""

import asyncio
import logging
import os
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import files
import naughty_fork_server
import pytest

from ai_svc.rag.parsing.bounds import MEBIBYTE, Bounds
from ai_svc.rag.parsing.exceptions import (
    DocumentBroken,
    DocumentDangerous,
    DocumentEncrypted,
    DocumentNotSupported,
    DocumentTimedOut,
    DocumentTooLarge,
)
from ai_svc.rag.parsing.parsers import FORK_SERVER, Parsers
from shared_utils.errors import AppError
from shared_utils.testing.waiting import until

NAUGHTY = (naughty_fork_server.__file__,)


@pytest.fixture(scope="module")
async def parsers() -> AsyncIterator[Parsers]:
    async with Parsers() as parsers:
        yield parsers


@pytest.fixture(scope="module")
async def naughty() -> AsyncIterator[Parsers]:
    """Does what its texts say, with little time and memory."""
    bounds = Bounds(memory_bytes=128 * MEBIBYTE, cpu_seconds=1, wall_seconds=4)
    async with Parsers(bounds, fork_server=NAUGHTY) as parsers:
        yield parsers


async def read(parsers: Parsers, content: bytes | Path, name: str = "a.txt") -> str:
    return (await parsers.parse(content, media_type=None, name=name)).text


async def test_a_document_is_read_with_its_places(parsers):
    parsed = await parsers.parse(files.pdf(["Um é", "Dois"]), media_type=None, name="a.pdf")

    assert parsed.text == "Um é\n\nDois"
    assert [(page.number, page.offset) for page in parsed.pages] == [(1, 0), (2, 6)]


async def test_a_document_on_disk_is_read(parsers, tmp_path):
    (tmp_path / "spool").write_text("texto " * 200_000)

    assert len(await read(parsers, tmp_path / "spool")) == 1_199_999


async def test_many_documents_at_a_time(parsers):
    texts = await asyncio.gather(*(read(parsers, f"texto {n}".encode()) for n in range(24)))

    assert texts == [f"texto {n}" for n in range(24)]


# --- parsers are loaded when they are needed

EVERY_FORMAT = {
    "a.txt": b"texto",
    "a.md": b"texto",
    "a.csv": b"c\ntexto",
    "a.html": b"<p>texto</p>",
    "a.pdf": files.pdf(["texto"]),
    "a.docx": files.word(("Normal", "texto")),
    "a.xlsx": files.workbook({"a": [["texto"]]}),
}


@pytest.mark.parametrize("name", EVERY_FORMAT)
async def test_every_format_can_be_the_first_and_the_second(name):
    async with Parsers() as parsers:
        assert "texto" in await read(parsers, EVERY_FORMAT[name], name)
        assert "texto" in await read(parsers, EVERY_FORMAT[name], name)


@pytest.mark.parametrize(
    ("name", "libraries"),
    [
        *(("a.md", ""), ("a.csv", ""), ("a.html", "lxml"), ("a.pdf", "pypdf"), ("a.docx", "docx lxml")),
        ("a.xlsx", "lxml openpyxl"),
    ],
)
async def test_the_libraries_of_a_format_are_loaded_after_its_first_document_and_no_others(name, libraries):
    async with Parsers(fork_server=NAUGHTY) as naughty:
        assert await read(naughty, b"libraries") == "libraries: "
        await read(naughty, EVERY_FORMAT[name], name)

        assert await read(naughty, b"libraries") == f"libraries: {libraries}"


async def test_a_document_that_is_refused_has_its_parser_loaded_all_the_same():
    async with Parsers(fork_server=NAUGHTY) as naughty:
        with pytest.raises(DocumentEncrypted):
            await read(naughty, files.encrypted_pdf(["x"], "senha"), "a.pdf")

        assert await read(naughty, b"libraries") == "libraries: pypdf"


async def test_whoever_lies_about_what_it_loaded_has_a_known_parser_loaded_at_most():
    async with Parsers(fork_server=NAUGHTY) as naughty:
        with pytest.raises(DocumentBroken):
            await read(naughty, b"lie")

        assert await read(naughty, b"libraries") == "libraries: pypdf"


async def test_texts_are_read_where_our_code_is_a_path_and_nothing_is_installed():
    async with Parsers(fork_server=("-S", *FORK_SERVER)) as parsers:
        assert await read(parsers, b"texto") == "texto"


# --- archives and XML


def bomb() -> bytes:
    """Two files of 40 MB of zeros each, in a document of 80 KB."""
    zeros = b"\0" * 40_000_000
    return files.repacked(files.word(), {"word/media/a.bin": zeros, "word/media/b.bin": zeros})


async def test_a_zip_bomb_is_not_opened(parsers):
    content = bomb()

    assert len(content) < 200_000
    with pytest.raises(DocumentDangerous):
        await read(parsers, content, "bomba.docx")


async def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(parsers):
    sheet = b"<worksheet>" + b" " * 60_000_000
    content = bytearray(files.repacked(files.workbook({"a": [["b"]]}), {"xl/worksheets/sheet1.xml": sheet}))
    honest = len(sheet).to_bytes(4, "little")
    assert content.count(honest) == 2
    lying = bytes(content.replace(honest, (900_000).to_bytes(4, "little")))

    with pytest.raises((DocumentBroken, DocumentDangerous)):
        await read(parsers, lying, "mentira.xlsx")


async def test_more_than_may_be_unpacked_is_refused():
    noise = os.urandom(300_000) * 3
    content = files.repacked(files.word(), {f"word/media/{n}.bin": noise for n in range(3)})

    async with Parsers(Bounds(unpacked_bytes=2 * MEBIBYTE)) as parsers:
        with pytest.raises(DocumentTooLarge, match="Unpacked"):
            await read(parsers, content, "grande.docx")


@pytest.mark.parametrize("xml", [files.BILLION_LAUGHS, files.OUTSIDE_ENTITY])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_xml_that_declares_entities_is_refused(parsers, xml, encoding):
    content = xml.encode(encoding)

    with pytest.raises(DocumentDangerous):
        await read(parsers, files.repacked(files.word(), {"word/document.xml": content}), "a.docx")
    with pytest.raises(DocumentDangerous):
        await read(parsers, files.repacked(files.workbook({"a": [["b"]]}), {"xl/sharedStrings.xml": content}), "a.xlsx")


async def test_a_page_with_entities_reads_no_file(parsers):
    assert "root:" not in await read(parsers, files.OUTSIDE_ENTITY.replace("<x>", "<p>x ").encode(), "a.html")


async def test_names_inside_an_archive_lead_nowhere(parsers, tmp_path):
    content = files.repacked(files.word(("Normal", "texto")), {"../../fora.xml": b"<a/>", "/etc/fora.xml": b"<a/>"})

    assert await read(parsers, content, "a.docx") == "texto"


async def test_xml_of_many_levels_fails_alone(parsers):
    deep = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>" + b"<w:p>" * 50_000

    with pytest.raises(DocumentBroken):
        await read(parsers, files.repacked(files.word(), {"word/document.xml": deep}), "a.docx")


# --- sizes


async def test_a_gigabyte_is_refused_before_anything_is_read(tmp_path):
    path = tmp_path / "grande.pdf"
    with path.open("wb") as file:
        file.write(files.pdf(["oi"]))
        file.truncate(1024**3)  # sparse: it takes no room

    async with Parsers() as parsers:
        with pytest.raises(DocumentTooLarge, match="50 MiB"):
            await read(parsers, path, "grande.pdf")
        assert parsers.pid is None


async def test_a_pdf_whose_page_unpacks_to_too_much_fails_alone(parsers):
    stream = zlib.compress(b"(a) Tj " * 40_000_000, 9)
    page = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream)
    plain = files.pdf(["x"])
    start = plain.index(b"<</Length")
    end = plain.index(b"endstream") + len(b"endstream")

    with pytest.raises((DocumentTooLarge, DocumentBroken, DocumentTimedOut)):
        await read(parsers, plain[:start] + page + plain[end:], "a.pdf")
    assert await read(parsers, b"depois") == "depois"


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (files.encrypted_pdf(["x"], "senha"), "a.pdf", DocumentEncrypted),
        (b"\x89PNG\r\n", "a.png", DocumentNotSupported),
        (b"%PDF-1.7 nada", "a.pdf", DocumentBroken),
    ],
)
async def test_what_a_parser_refuses_comes_as_an_error_with_a_code(parsers, content, name, error):
    with pytest.raises(error):
        await read(parsers, content, name)


# --- processes


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ("crash", DocumentBroken),
        ("exit", DocumentBroken),
        ("lie", DocumentBroken),
        ("memory", DocumentTooLarge),
        ("recursion", DocumentBroken),
        ("processor", DocumentTimedOut),
        ("hang", DocumentTimedOut),
        ("network", DocumentBroken),
        ("program", DocumentBroken),
        ("file", DocumentBroken),
        ("error", DocumentBroken),
    ],
)
async def test_what_happens_to_a_parser_fails_its_document_only(naughty, deed, error, caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        await read(naughty, deed.encode())

    assert await read(naughty, b"bom") == "bom None 4"
    assert "canary" not in f"{caplog.text} {raised.value} {[vars(record) for record in caplog.records]}"


async def test_parsers_have_none_of_the_services_secrets(naughty, monkeypatch):
    monkeypatch.setenv("AI_SVC_OPENAI_API_KEY", "sk-canary")

    assert "canary" not in await read(naughty, b"bom")


async def test_a_parser_that_is_killed_fails_its_document_only(naughty):
    reading = asyncio.create_task(read(naughty, b"hang"))
    child = await until(lambda: children_of(naughty.pid))
    os.kill(child[0], 9)

    with pytest.raises(DocumentTooLarge, match="memory"):
        await reading


async def test_a_document_that_nobody_waits_for_leaves_no_process_behind(naughty):
    reading = asyncio.create_task(read(naughty, b"hang"))
    await until(lambda: children_of(naughty.pid))
    reading.cancel()

    assert await until(lambda: not children_of(naughty.pid))


async def test_a_fork_server_that_dies_is_started_again(naughty):
    assert await read(naughty, b"bom")
    before = naughty.pid
    os.kill(before, 9)

    assert await read(naughty, b"bom") == "bom None 4"
    assert naughty.pid != before


async def test_without_documents_there_is_no_process():
    async with Parsers(idle_seconds=0) as parsers:
        assert parsers.pid is None
        await read(parsers, b"texto")
        assert await until(lambda: parsers.pid is None)
        assert await read(parsers, b"de novo") == "de novo"


async def test_everything_ends_with_the_service():
    async with Parsers(fork_server=NAUGHTY) as parsers:
        reading = asyncio.create_task(read(parsers, b"hang"))
        child = (await until(lambda: children_of(parsers.pid)))[0]
    with pytest.raises(AppError):
        await reading

    assert await until(lambda: not Path(f"/proc/{child}").exists())


def children_of(pid: int | None) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
