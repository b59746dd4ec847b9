"""The word index: what is written with passages, and that its counts are exact however passages come and go."""

import random
from collections import Counter
from typing import Any
from uuid import UUID

import passages
import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.rag.documents.models import Chunk, Document
from ai_svc.rag.lexicon.tokens import term_id, terms
from ai_svc.rag.search.models import IndexTotals, Postings, Term, TermChange
from ai_svc.rag.search.public import IndexedChunk, index_for
from shared_utils.db.engine import create_engine
from shared_utils.db.session import ReadSession, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.sessions import savepoint_session

WORDS = [
    "pregão",
    "fundo",
    "cota",
    "câmbio",
    "leilão",
    "swap",
    "opção",
    "ajuste",
    "margem",
    "caixa",
    "lote",
    "título",
    "saldo",
    "taxa",
    "juros",
    "prazo",
]


async def counts(session: ReadSession) -> Counter[int]:
    """In how many passages each term is, as a search sees it: what is folded and what is not."""
    found: Counter[int] = Counter()
    for term in await session.scalars(select(Term)):
        found[term.id] += term.df
    for change in await session.scalars(select(TermChange)):
        for term, delta in zip(change.terms, change.deltas, strict=True):
            found[term] += delta
    return Counter({term: count for term, count in found.items() if count})


async def totals(session: ReadSession) -> tuple[int, int]:
    base = (await session.scalars(select(IndexTotals))).one()
    rest = (await session.execute(select(func.sum(TermChange.chunks), func.sum(TermChange.tokens)))).one()
    return base.chunks + int(rest[0] or 0), base.tokens + int(rest[1] or 0)


async def expected(session: ReadSession) -> tuple[Counter[int], int, int]:
    """The same, counted anew from the passages themselves."""
    df: Counter[int] = Counter()
    tokens = chunks = 0
    for chunk in await session.scalars(select(Chunk)):
        found = terms(chunk.heading) + terms(chunk.text)
        df.update({term_id(term) for term in found})
        tokens += len(found)
        chunks += 1
    return df, chunks, tokens


async def assert_exact(session: ReadSession) -> None:
    df, chunks, tokens = await expected(session)
    assert await counts(session) == df
    assert await totals(session) == (chunks, tokens)
    assert await session.scalar(select(func.count()).select_from(Postings)) == chunks


async def test_a_passage_is_indexed_by_its_terms(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(session, "PETR4 fechou em alta; PETR4 e VALE3.", heading="Pregão > Ações")
        row = (await session.scalars(select(Postings))).one()
        read = dict(zip(row.terms, row.counts, strict=True))
        assert read == {
            term_id(terms("pregao")[0]): 1, term_id(terms("ações")[0]): 1, term_id("petr4"): 2, term_id("vale3"): 1,
            term_id(terms("fechou")[0]): 1, term_id(terms("alta")[0]): 1,
        }  # fmt: skip
        assert row.length == 7
        assert row.terms == sorted(row.terms)
        await assert_exact(session)


async def test_what_goes_is_taken_off_however_it_goes(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        first = await passages.document(session, "cota do fundo", "taxa de juros")
        second = await passages.document(session, "taxa de câmbio", "saldo em caixa", "de a o")
        ids = list(await session.scalars(select(Chunk.id).where(Chunk.document_id == first).order_by(Chunk.id)))
        await index_for(session).replace(first, removed=[ids[0]], added=[])
        await session.execute(delete(Chunk).where(Chunk.id == ids[0]))
        await assert_exact(session)
        await session.execute(delete(Document).where(Document.id == second))  # by cascade, without a call
        await assert_exact(session)
        await index_for(session).settle()
        assert await session.scalar(select(func.count()).select_from(TermChange)) == 0
        assert set(await session.scalars(select(Term.stem))) == {terms("taxa")[0], terms("juros")[0]}
        await assert_exact(session)


async def test_passages_get_other_readers(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        found = await passages.document(session, "cota do fundo")
        other = await passages.access_list(session, "user:bia")
        ids = list(await session.scalars(select(Chunk.id).where(Chunk.document_id == found)))
        await index_for(session).move(ids, access_id=other)
        assert list(await session.scalars(select(Postings.access_id))) == [other]


async def test_counts_stay_exact_over_many_edits(engine: AsyncEngine) -> None:
    dice = random.Random(7)
    async with savepoint_session(engine) as session:
        access = await passages.access_list(session)
        documents: list[UUID] = [await passages.document(session) for _ in range(3)]
        for step in range(60):
            owner = dice.choice(documents)
            texts = [" ".join(dice.choices(WORDS, k=dice.randint(0, 9))) or "x" for _ in range(dice.randint(0, 3))]
            ids = await passages.passages(session, owner, *texts, access_id=access, first=step * 10)
            del ids
            there = list(await session.scalars(select(Chunk.id).where(Chunk.document_id == owner)))
            gone = dice.sample(there, k=min(len(there), dice.randint(0, 2)))
            await index_for(session).replace(owner, removed=gone, added=[])
            await session.execute(delete(Chunk).where(Chunk.id.in_(gone)))
        await assert_exact(session)


@pytest.mark.parametrize("rolled_back", [False, True])
async def test_two_writers_of_the_same_words_do_not_wait_for_each_other(database: Any, *, rolled_back: bool) -> None:
    engine = create_engine(database.runtime_url, application_name="test-ai")
    sessions = sessionmaker_for(engine)
    async with transaction(sessions) as session:
        access = await passages.access_list(session)
        one, two = await passages.document(session), await passages.document(session)
    async with sessions() as first, sessions() as second:
        await first.execute(text("SET LOCAL lock_timeout = '2s'"))
        await second.execute(text("SET LOCAL lock_timeout = '2s'"))
        a, b = WriteSession(ReadSession(first)), WriteSession(ReadSession(second))
        await passages.passages(a, one, "cota do fundo", access_id=access)
        await index_for(a).settle()  # holds the rows of `terms` until it commits
        await passages.passages(b, two, "cota do fundo", "taxa nova", access_id=access)
        await index_for(b).settle()
        await second.commit()
        await (first.rollback() if rolled_back else first.commit())
    async with transaction(sessions) as session:
        await assert_exact(session)
        await index_for(session).settle()
        await assert_exact(session)
    await engine.dispose()


async def test_no_posting_without_its_passage(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        owner = await passages.document(session, "cota do fundo")
        orphan = IndexedChunk(id=987_654_321, access_id=1, text="nada", heading="")
        with pytest.raises(Exception, match="fk_postings_chunk_id_chunks"):
            await index_for(session).replace(owner, removed=[], added=[orphan])
