"""What a search is asked and what it answers."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

EVERYONE = "*"
"""Among readers: whoever may use the service."""
NOBODY = "service:ai-svc"
"""Who is billed for a question without a person."""
MAX_QUESTION = 2_000
MAX_HITS = 50


def asking(principals: Collection[str]) -> str:
    """The subject among principals; nobody in particular asks for the service itself."""
    return next((one.removeprefix("user:") for one in principals if one.startswith("user:")), NOBODY)


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A passage as the word index takes it. `heading` is its path of headings."""

    id: int
    access_id: int
    text: str
    heading: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer, with its place: `text` is `[start:end]` of the document's text at `version`."""

    chunk_id: int
    document_id: UUID
    version: int
    title: str
    heading: str
    page: int | None
    start: int
    end: int
    text: str
    score: float
    """What the order comes from, from 0 to 1; comparable within one answer only."""
    lexical: float | None
    """The BM25 score; nothing when the words did not find it."""
    dense: float | None
    """The cosine similarity; nothing when the vectors did not find it."""


class Reason(StrEnum):
    """Why the passages do or do not hold an answer."""

    SUPPORTED = "supported"
    NOTHING_FOUND = "nothing_found"
    UNKNOWN_WORDS = "unknown_words"
    """The words that make the question what it is are in no passage that the caller may read."""
    WEAK_MATCH = "weak_match"
    """Passages share some words with the question, too few of the rare ones and too far apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether the answer is in the passages at all."""

    score: float
    """How likely it is, from 0 to 1."""
    answerable: bool
    reason: Reason
    missing: list[str]
    """Words of the question that no passage found has, as the person wrote them."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best passages first, and whether they hold an answer. The nearest ones are there even if they do not."""

    hits: list[Hit]
    evidence: Evidence
    by_words: int = 0
    """How many passages the words found, of those looked at; 0 is an empty leg."""
    by_vectors: int = 0
    """The same for the vectors."""


type Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=MAX_QUESTION)]


class SearchFilters(BaseModel):
    """Which documents may answer; nothing named means all that the caller may read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    collection: str | None = Field(default=None, max_length=200)
    tags: list[str] = Field(default_factory=list, max_length=20, description="Every one must be on the document.")
    source_kinds: list[str] = Field(default_factory=list, max_length=10)
    document_ids: list[UUID] = Field(default_factory=list, max_length=200)

    def __bool__(self) -> bool:
        return bool(self.collection is not None or self.tags or self.source_kinds or self.document_ids)


class SearchRequest(BaseModel):
    """A question in the asker's words."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"question": "Qual o prazo de envio do informe diário?", "limit": 5, "explain": True}]
        },
    )

    question: Question
    limit: int = Field(default=10, ge=1, le=MAX_HITS)
    filters: SearchFilters = SearchFilters()
    explain: bool = Field(default=False, description="Show each leg's score.")


class ScoresRead(BaseModel):
    """What the order comes from: BM25, cosine similarity, and the score after fusion and reranking."""

    model_config = ConfigDict(frozen=True)

    lexical: float | None
    dense: float | None
    final: float


class HitRead(BaseModel):
    """A passage, where it is, and its text. `start` and `end` count characters of the document's text."""

    model_config = ConfigDict(frozen=True)

    chunk_id: int
    document_id: UUID
    version: int
    title: str
    heading: str
    page: int | None
    start: int
    end: int
    text: str
    scores: ScoresRead | None


class EvidenceRead(BaseModel):
    """Whether the passages hold an answer, how likely that is (0 to 1), and what is missing if not."""

    model_config = ConfigDict(frozen=True)

    score: float
    answerable: bool
    reason: Reason
    missing: list[str]


class SearchRead(BaseModel):
    """The nearest passages, best first, and whether they hold an answer."""

    model_config = ConfigDict(frozen=True)

    hits: list[HitRead]
    evidence: EvidenceRead
