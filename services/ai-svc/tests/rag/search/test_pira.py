"""The numbers that the search promises, on people's questions in Portuguese, with words alone (`make bench` adds vectors)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import passages
import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.rag.chunking import OFFLINE_MAX_CHARS, chunk
from ai_svc.rag.documents.models import Document
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.search.public import SearchResult, search
from bench.foreign_questions import FOREIGN
from bench.pira import OUT_OF_DOMAIN, Pira, Question, pira_file, read_pira
from bench.ranking_metrics import Quality, auroc, quality, rank_of
from shared_utils.db.session import WriteSession, undone
from shared_utils.testing.sessions import savepoint_session

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not pira_file().exists(), reason="Pirá is not at hand"),
    pytest.mark.timeout(300),
]


@dataclass
class Library:
    session: WriteSession
    pira: Pira
    documents: list[UUID]

    async def ask(self, question: str) -> SearchResult:
        return await search(self.session, question=question, principals=["*"], limit=30)

    async def quality(self, asked: Sequence[tuple[str, int]]) -> Quality:
        ranks: list[int | None] = []
        empty = 0
        for question, passage in asked:
            found = await self.ask(question)
            ranks.append(rank_of(self.documents[passage], [hit.document_id for hit in found.hits]))
            empty += found.by_words == 0
        return quality(ranks, empty=empty)

    async def scores(self, questions: Sequence[Question], *, without: bool) -> list[float]:
        """The gate's score for each question, with its passage or without."""
        scores: list[float] = []
        for question in questions:
            async with undone(self.session):
                if without:
                    await self.session.execute(delete(Document).where(Document.id == self.documents[question.passage]))
                scores.append((await self.ask(question.text)).evidence.score)
        return scores


@pytest.fixture(scope="module")
async def library(engine: AsyncEngine) -> AsyncIterator[Library]:
    pira = read_pira(pira_file())
    async with savepoint_session(engine) as session:
        documents = [await passages.document(session, *_pieces(text), title="") for text in pira.passages]
        yield Library(session, pira, documents)


def _pieces(text: str) -> list[str]:
    parsed = ParsedText(text, "text/plain", None, (), (), "pt", ())
    return [piece.text for piece in chunk(parsed, max_chars=OFFLINE_MAX_CHARS)]


async def test_questions_that_name_their_subject_find_their_passage(library: Library) -> None:
    found = await library.quality([(one.text, one.passage) for one in library.pira.specific])
    assert found.questions == 167
    assert found.ndcg >= 0.87
    assert found.recall >= 0.95
    assert found.empty <= 0.01


async def test_so_do_their_paraphrases(library: Library) -> None:
    found = await library.quality([(one.paraphrase, one.passage) for one in library.pira.specific if one.paraphrase])
    assert found.ndcg >= 0.86
    assert found.empty <= 0.01


async def test_the_gate_tells_whether_the_passage_is_there(library: Library) -> None:
    specific = library.pira.specific
    there = await library.scores(specific, without=False)
    gone = await library.scores(specific, without=True)
    assert auroc(there, gone) >= 0.85
    assert sum(score >= 0.5 for score in there) / len(there) >= 0.82
    assert sum(score >= 0.5 for score in gone) / len(gone) <= 0.30


async def test_the_gate_knows_what_is_out_of_its_domain(library: Library) -> None:
    answered = [question for question in OUT_OF_DOMAIN if (await library.ask(question)).evidence.answerable]
    assert len(answered) / len(OUT_OF_DOMAIN) <= 0.02, answered


async def test_the_gate_knows_it_of_questions_that_nothing_was_fitted_to(library: Library) -> None:
    answered = [question for question in FOREIGN if (await library.ask(question)).evidence.answerable]
    assert len(answered) / len(FOREIGN) <= 0.02, answered
