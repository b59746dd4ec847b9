"""From an upload to passages: what is kept, what goes, what a failure leaves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from libraries import InProcess, Library

from ai_svc.database import OUTBOX
from ai_svc.rag.documents.public import Outcome, documents_for
from ai_svc.rag.indexing.building import Builder
from ai_svc.rag.indexing.claims import Claims
from ai_svc.rag.indexing.originals import Originals
from ai_svc.rag.indexing.swapping import Swap
from ai_svc.rag.indexing.work import Built
from ai_svc.rag.indexing.worker import SWAP_WHOLE, Swapper
from ai_svc.rag.parsing.exceptions import DocumentBroken
from shared_schemas.auth import AuthContext, Role
from shared_schemas.events.documents import DocumentIndexed
from shared_utils.db.engine import create_engine
from shared_utils.db.session import WriteSession, transaction
from shared_utils.errors import Unavailable
from shared_utils.testing.events import published

ANA = AuthContext(subject="ana", issuer="test", roles=frozenset({Role.OPERATOR}))
TEXT = (
    "# Ata\n\nO pregão abriu às dez horas.\n\n## Câmbio\n\nO dólar fechou em alta.\n\n## Juros\n\nA taxa ficou igual.\n"
)
CHUNKS = "SELECT * FROM ai.chunks WHERE document_id = :id ORDER BY ordinal"


@pytest.fixture
async def library(database: Any) -> AsyncIterator[Library]:
    engine = create_engine(database.runtime_url, application_name="test")
    yield await Library.open(engine)
    await engine.dispose()


async def test_an_upload_becomes_passages_with_places(library: Library) -> None:
    added = await library.put(TEXT, readers=("role:viewer",))
    assert (added.outcome, added.document.status, added.document.version) == (Outcome.CREATED, "INDEXING", 0)
    assert await library.indexer().run_once() == 1
    row = await library.row(added.document.id)
    assert (row.status, row.version, row.chunk_count, row.language) == ("READY", 1, 3, "pt")
    assert (row.lease, row.attempts, row.error_code) == (None, 0, None)
    chunks = await library.rows(CHUNKS, id=row.id)
    whole = (await library.rows("SELECT text FROM ai.document_texts WHERE document_id = :id", id=row.id))[0].text
    assert [chunk.heading for chunk in chunks] == ["Ata", "Ata > Câmbio", "Ata > Juros"]
    assert all(whole[chunk.start_offset : chunk.end_offset] == chunk.text for chunk in chunks)
    assert {chunk.access_id for chunk in chunks} == {row.access_id}
    for table in ("postings", "chunk_vectors"):
        copies = await library.rows(f"SELECT chunk_id, access_id FROM ai.{table} ORDER BY chunk_id")
        assert copies == [(chunk.id, row.access_id) for chunk in chunks]
    async with transaction(library.sessions) as session:
        (event,) = await published(session, OUTBOX, DocumentIndexed)
    assert event.payload.model_dump(exclude={"document_id"}) == {
        "document_version": 1,
        "source_kind": "upload",
        "collection": "",
        "language": "pt",
        "chunks": 3,
        "added": 3,
        "removed": 0,
    }


async def test_an_edit_keeps_what_it_leaves_alone(library: Library) -> None:
    document = (await library.put(TEXT)).document
    await library.indexer().run_once()
    before = await library.rows(CHUNKS, id=document.id)
    edited = TEXT.replace("às dez horas", "às nove e meia")
    assert (await library.put(edited)).outcome is Outcome.UPDATED
    assert await library.rows(CHUNKS, id=document.id) == before, "the old version answers until the swap"
    await library.indexer().run_once()
    after = await library.rows(CHUNKS, id=document.id)
    assert [one.id for one in after[1:]] == [one.id for one in before[1:]]
    assert after[0].id != before[0].id
    assert {one.version for one in after} == {2}
    assert [one.start_offset for one in after[1:]] == [one.start_offset + 2 for one in before[1:]]


async def test_the_same_content_again_is_no_new_version(library: Library) -> None:
    await library.put(TEXT)
    await library.indexer().run_once()
    again = await library.put(TEXT, tags=("ata",))
    assert (again.outcome, again.document.version, again.document.tags) == (Outcome.UNCHANGED, 1, ["ata"])
    assert await library.indexer().run_once() == 0


async def test_two_uploads_of_one_key_at_once_are_one_document(library: Library) -> None:
    added = await asyncio.gather(*(library.put(f"{TEXT}\nLinha {number}.") for number in range(6)))
    assert len({one.document.id for one in added}) == 1
    assert sorted(one.outcome for one in added) == ["created", *["updated"] * 5]
    await library.indexer().run_once()
    (row,) = await library.rows("SELECT * FROM ai.documents")
    assert (row.status, row.revision) == ("READY", 6)
    assert len(await library.rows("SELECT 1 FROM ai.document_originals")) == 1
    assert (await library.put(TEXT, owner="bia")).outcome is Outcome.CREATED, "a key is its owner's"


class Broken:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def parse(self, *_: Any, **__: Any) -> Any:
        raise self.error


async def test_a_failure_leaves_the_version_before_and_is_shown_beside_it(library: Library) -> None:
    document = (await library.put(TEXT)).document
    await library.indexer().run_once()
    before = await library.rows(CHUNKS, id=document.id)
    await library.put("outro")
    await library.indexer(reader=Broken(DocumentBroken())).run_once()
    row = await library.row(document.id)
    assert (row.status, row.version, row.error_code) == ("READY", 1, "DOCUMENT_BROKEN")
    assert await library.rows(CHUNKS, id=document.id) == before
    assert (await library.put("outro")).outcome is Outcome.UPDATED, "the same content again tries again"
    await library.indexer().run_once()
    row = await library.row(document.id)
    assert (row.status, row.version, row.error_code) == ("READY", 2, None)


async def test_a_first_failure_is_failed_and_one_that_passes_is_tried_again(library: Library) -> None:
    document = (await library.put(TEXT)).document
    unlucky = library.indexer(reader=Broken(Unavailable("O serviço não respondeu.")))
    assert await unlucky.run_once() == 1
    row = await library.row(document.id)
    assert (row.status, row.error_code, row.attempts) == ("INDEXING", "UNAVAILABLE", 1)
    assert await library.indexer().run_once() == 0, "not before it is due"
    for _ in range(6):
        library.clock.advance(timedelta(hours=1))
        await unlucky.run_once()
    row = await library.row(document.id)
    assert (row.status, row.attempts) == ("FAILED", 5)
    unexpected = library.indexer(reader=Broken(RuntimeError("O dólar fechou em alta.")))
    await library.put(TEXT)
    await unexpected.run_once()
    row = await library.row(document.id)
    assert (row.status, row.error_code) == ("INDEXING", "INDEXING_FAILED")
    assert "dólar" not in row.error_message


async def test_another_title_is_over_every_passage(library: Library) -> None:
    document = (await library.put(TEXT, title="Ata")).document
    await library.indexer().run_once()
    assert (await library.put(TEXT, title="Pregão de sexta")).outcome is Outcome.UPDATED
    await library.indexer().run_once()
    row = await library.row(document.id)
    assert (row.title, row.version, row.status) == ("Pregão de sexta", 2, "READY")


async def test_readers_change_without_indexing(library: Library) -> None:
    document = (await library.put(TEXT)).document
    await library.indexer().run_once()
    async with transaction(library.sessions) as session:
        changed = await documents_for(session, clock=library.clock).give(document.id, readers=["user:bia"], by=ANA)
    assert changed.readers == ["user:ana", "user:bia"]
    access = (await library.row(document.id)).access_id
    for table in ("chunks", "postings", "chunk_vectors"):
        assert await library.rows(f"SELECT DISTINCT access_id FROM ai.{table}") == [(access,)]
    assert await library.indexer().run_once() == 0


async def test_erasing_a_person(library: Library) -> None:
    mine = (await library.put(TEXT, readers=("user:bia",))).document
    theirs = (await library.put(TEXT, key="deles.md", owner="bia", readers=("user:ana", "role:viewer"))).document
    await library.indexer().run_once()
    async with transaction(library.sessions) as session:
        erased = await documents_for(session, clock=library.clock).erase("ana")
    assert erased == (1, 3, 2)  # documents, passages, lists of readers
    assert [row.id for row in await library.rows("SELECT id FROM ai.documents")] == [theirs.id]
    assert not await library.rows("SELECT 1 FROM ai.access_lists WHERE 'user:ana' = ANY (readers)")
    access = (await library.row(theirs.id)).access_id
    for table in ("chunks", "postings", "chunk_vectors"):
        assert await library.rows(f"SELECT access_id, count(*) FROM ai.{table} GROUP BY 1") == [(access, 3)]
    assert not await library.rows("SELECT 1 FROM ai.document_originals WHERE document_id = :id", id=mine.id)


async def test_a_document_deleted_while_it_is_indexed_is_gone(library: Library) -> None:
    document = (await library.put(TEXT)).document

    class Slow:
        async def parse(self, *_: Any, **__: Any) -> Any:
            async with transaction(library.sessions) as session:
                await documents_for(session, clock=library.clock).delete(document.id, by=ANA)
            raise Unavailable

    await library.indexer(reader=Slow()).run_once()
    assert not await library.rows("SELECT 1 FROM ai.documents")


@pytest.mark.parametrize(("passages", "transactions"), [(3, 1), (SWAP_WHOLE, 2)])
async def test_two_swaps_share_what_waits_when_it_is_much(library: Library, passages: int, transactions: int) -> None:
    for key in ("a.md", "b.md"):
        await library.put("\n\n".join(f"# {key} {number}\n\nUm parágrafo." for number in range(passages)), key=key)
    async with transaction(library.sessions) as session:
        claimed = await Claims(session).take(most=2, now=library.clock.now(), lease=timedelta(minutes=1))
    builder = Builder(Originals(library.sessions), InProcess(), embedding=library.embedder, max_chars=200)
    ready = [(work, built) for work in claimed if isinstance(built := await builder.build(work), Built)]
    groups = []

    def counted(session: WriteSession) -> Swap:
        groups.append(session)
        return library.swapping(session)

    swapper = Swapper(library.sessions, counted)
    done = await asyncio.gather(*(swapper.swap(work, built) for work, built in ready))
    assert [one.added for one in done if one] == [passages, passages]
    assert len(groups) == transactions
    (row,) = await library.rows("SELECT count(*) AS all, count(DISTINCT chunk_id) AS different FROM ai.chunk_vectors")
    assert (row.all, row.different) == (2 * passages, 2 * passages)
