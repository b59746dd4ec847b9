"""What is asked and what is answered."""

from collections.abc import Iterable
from typing import Final, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ai_svc.brain.schemas import ProviderName
from ai_svc.rag.search.public import Question, SearchFilters, SearchResult

EXCERPT_CHARACTERS: Final = 400


class AskRequest(BaseModel):
    """A question about the documents that the caller may read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "Até que horas a B3 publica o COTAHIST?", "passages": 6}]},
    )

    question: Question
    passages: int = Field(default=6, ge=1, le=12, description="How many passages the answer may draw on.")
    filters: SearchFilters = SearchFilters()


class CitationRead(BaseModel):
    """A quote: `text[start:end]` of the document's text is `quote`. `number` is the one in the answer's text, `[1]`."""

    model_config = ConfigDict(frozen=True)

    number: int
    chunk_id: int
    document_id: UUID
    version: int
    title: str
    heading: str
    page: int | None
    start: int
    end: int
    quote: str


class SourceRead(BaseModel):
    """A passage that was found, whether or not the answer quotes it."""

    model_config = ConfigDict(frozen=True)

    chunk_id: int
    document_id: UUID
    version: int
    title: str
    heading: str
    page: int | None
    excerpt: str
    score: float


class AnswerRead(BaseModel):
    """An answer, or an honest 'not found' with the nearest passages.

    `mode` is `model` when a model wrote it, `quotes` when it is made of passages alone, `not_found` when the documents
    do not answer the question. `reason` says why no model wrote it. `refused_citations` counts what a
    model cited and no passage says.
    """

    model_config = ConfigDict(frozen=True)

    mode: Literal["model", "quotes", "not_found"]
    text: str
    citations: list[CitationRead]
    sources: list[SourceRead]
    reason: str | None
    evidence: float
    provider: ProviderName
    model: str
    prompt_version: int | None
    refused_citations: int


class Library(Protocol):
    """The documents as one caller may read them."""

    async def search(self, question: str, *, limit: int, filters: SearchFilters) -> SearchResult:
        """The passages nearest to the question, and whether they answer it."""
        ...

    async def alive(self, chunk_ids: Iterable[int]) -> set[int]:
        """Those chunks that are there, and may be read, at this moment."""
        ...
