"""Uploads and folders: names that play tricks, paths that lead out, links, pipes, too much of everything."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ai_svc.rag.parsing.exceptions import DocumentNameRefused, DocumentTooLarge
from ai_svc.rag.sources.exceptions import FolderNotAllowed, FolderTooLarge, SourceFileRefused, SourceGone
from ai_svc.rag.sources.folders import Folders
from ai_svc.rag.sources.names import file_name, name_of_url
from ai_svc.rag.sources.uploads import spool


@pytest.mark.parametrize(
    "name",
    [
        *("../ata.pdf", "/etc/passwd", "C:\\fakepath\\ata.pdf", "a/b.pdf", "..", ".", "", "   ", "C:ata.pdf"),
        *(
            "ata\0.pdf",
            "ata\n.pdf",
            "ata\u202efdp.exe",
            "ata\u200b.pdf",
            "\ud800.pdf",
            "a" * 256,
            "ç" * 128,
            "...",
            "\ue000.pdf",
        ),
    ],
)
def test_names_that_play_tricks_are_refused(name):
    with pytest.raises(DocumentNameRefused):
        file_name(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ata.pdf", "ata.pdf"),
        ("  Ata  de reunião.pdf ", "Ata de reunião.pdf"),
        ("Ac\u0327a\u0303o.md", "Ação.md"),
        ("..a.md", "..a.md"),
    ],
)
def test_other_names_are_kept(name, shown):
    assert file_name(name) == shown


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.example/a/relat%C3%B3rio.pdf?b=1", "relatório.pdf"),
        ("https://x.example/", "x.example"),
        ("https://x.example/%2e%2e%2f%00etc", "etc"),
        ("https://x.example/" + "a" * 500, "a" * 120),
    ],
)
def test_addresses_give_a_name(url, name):
    assert name_of_url(url) == name


async def blocks(*each: bytes) -> AsyncIterator[bytes]:
    for block in each:
        yield block


async def test_an_upload_lands_in_the_file_that_is_ours(tmp_path):
    item = await spool(blocks(b"um ", b"dois"), tmp_path / "spool", name="Ata.md", media_type="text/x", max_bytes=10)

    assert (tmp_path / "spool").read_bytes() == b"um dois"
    assert (item.key, item.name, item.size_bytes, item.content) == ("Ata.md", "Ata.md", 7, tmp_path / "spool")


async def test_an_upload_stops_at_the_limit(tmp_path):
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(DocumentTooLarge):
        await spool(endless(), tmp_path / "spool", name="a.md", media_type=None, max_bytes=5_000)
    assert (tmp_path / "spool").stat().st_size == 5_000


# --- folders


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "aberta"
    (root / "sub").mkdir(parents=True)
    (root / "a.md").write_text("# a")
    (root / "sub" / "b.PDF").write_text("b")
    (root / "sub" / "foto.png").write_text("c")
    (root / ".git").mkdir()
    (root / ".git" / "d.md").write_text("d")
    secret = tmp_path / "fora"
    secret.mkdir()
    (secret / "segredo.md").write_text("segredo")
    (root / "arquivo.md").symlink_to(secret / "segredo.md")
    (root / "pasta").symlink_to(secret)
    return root


def test_a_folder_lists_what_can_be_read_and_refuses_links(root):
    listing = Folders([root]).listing(str(root))

    assert [item.key for item in listing.items] == [f"{root}/a.md", f"{root}/sub/b.PDF"]
    assert (listing.skipped, listing.refused) == (1, ("arquivo.md", "pasta"))
    assert all(item.etag for item in listing.items)


def test_below_the_only_root_a_short_path_is_enough(root):
    assert [item.name for item in Folders([root]).listing("sub").items] == ["b.PDF"]


def test_a_changed_file_has_another_etag(root):
    before = Folders([root]).listing(str(root)).items[0].etag
    (root / "a.md").write_text("# maior")

    assert Folders([root]).listing(str(root)).items[0].etag != before


@pytest.mark.parametrize("path", ["/etc", "/", "{root}/../fora", "{root}x", "sub/../../fora", "{root}/\0"])
def test_paths_that_lead_out_are_refused(root, path):
    with pytest.raises(FolderNotAllowed):
        Folders([root]).listing(path.format(root=root))


@pytest.mark.parametrize("path", ["{root}/arquivo.md", "{root}/pasta/segredo.md", "{root}/sub", "{root}/cano"])
def test_links_folders_and_pipes_are_no_files(root, path, tmp_path):
    os.mkfifo(root / "cano")

    with pytest.raises(SourceFileRefused):
        Folders([root]).fetch(path.format(root=root), tmp_path / "copia")
    assert not (tmp_path / "copia").exists()


def test_a_linked_folder_is_not_listed(root):
    with pytest.raises(SourceFileRefused):
        Folders([root]).listing(f"{root}/pasta")


def test_a_file_is_copied(root, tmp_path):
    item = Folders([root]).fetch(f"{root}/a.md", tmp_path / "copia")

    assert (tmp_path / "copia").read_text() == "# a"
    assert (item.content, item.size_bytes) == (tmp_path / "copia", 3)


def test_what_is_gone_is_told(root, tmp_path):
    with pytest.raises(SourceGone):
        Folders([root]).fetch(f"{root}/nada.md", tmp_path / "copia")


def test_folders_and_files_have_limits(root, tmp_path):
    with pytest.raises(FolderTooLarge):
        Folders([root], max_files=2).listing(str(root))
    with (root / "grande.pdf").open("wb") as file:
        file.truncate(1024**3)
    with pytest.raises(DocumentTooLarge):
        Folders([root]).fetch(f"{root}/grande.pdf", tmp_path / "copia")


def test_without_roots_nothing_is_allowed(root):
    with pytest.raises(FolderNotAllowed):
        Folders([]).listing(str(root))
