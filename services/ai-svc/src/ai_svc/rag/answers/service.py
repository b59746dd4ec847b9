"""Answers from documents: found, written, and every citation checked; or an honest 'not found'."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Final

from ai_svc.brain.calls import Caller
from ai_svc.brain.chat import Began, CallContext, ChatRequest, Delta, Done, Failed, PromptRef, Restart
from ai_svc.brain.purposes import Purpose
from ai_svc.brain.schemas import ProviderName
from ai_svc.prompts.public import Passage, Prompts
from ai_svc.rag.answers.schemas import (
    EXCERPT_CHARACTERS,
    AnswerRead,
    AskRequest,
    CitationRead,
    Library,
    SourceRead,
)
from ai_svc.rag.citations.checking import Citation, CitationFilter
from ai_svc.rag.citations.quoting import Words, best_quotes
from ai_svc.rag.search.public import Hit, SearchResult
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

PURPOSE: Final = Purpose.RAG_ANSWER
PROMPT: Final = "rag.answer"
MAX_OUTPUT_TOKENS: Final = 900
QUOTES: Final = "quotes"
"""The 'model' of answers that are made of quotes alone."""
SAYS: Final = "Segundo «{title}»: “{quote}” [{number}]"
NOT_FOUND: Final = "Não encontrei a resposta nos documentos que você pode ler."
NEAREST: Final = " Estes são os trechos mais próximos que existem:"
MODEL_NOT_FOUND: Final = "Não encontrei a resposta"
"""How the prompt tells a model to say so."""

_MARK: Final = re.compile(r"\[\d+\]")

type Event = tuple[str, dict[str, Any]]


class NoModel(Exception):
    """No model writes this answer: it is made of quotes. Its only argument is a code that says why."""


class Answering:
    """Answers one question for one caller."""

    def __init__(self, library: Library, models: Caller, prompts: Prompts, *, words: Words) -> None:
        self._library = library
        self._models = models
        self._prompts = prompts
        self._words = words

    async def events(self, asked: AskRequest, *, context: CallContext) -> AsyncGenerator[Event]:
        """`sources`, then `delta`, `citation` and `restart` as they come, then exactly one `done` or `error`.

        After `restart` everything said before it is void. `done` holds the whole answer.
        """
        try:
            found = await self._library.search(asked.question, limit=asked.passages, filters=asked.filters)
            sources = [_source(hit) for hit in found.hits]
            yield "sources", {"sources": [source.model_dump(mode="json") for source in sources]}
            async with aclosing(self._answered(asked, found, sources, context)) as events:
                async for event in events:
                    yield event
        except AppError as error:
            yield "error", {"code": error.code, "message": error.message}

    async def answer(self, asked: AskRequest, *, context: CallContext) -> AnswerRead:
        """The whole answer. Raises what kept it from being found."""
        found = await self._library.search(asked.question, limit=asked.passages, filters=asked.filters)
        sources = [_source(hit) for hit in found.hits]
        async with aclosing(self._answered(asked, found, sources, context)) as events:
            answers = [AnswerRead.model_validate(data) async for name, data in events if name == "done"]
        return answers[-1]

    async def _answered(
        self, asked: AskRequest, found: SearchResult, sources: list[SourceRead], context: CallContext
    ) -> AsyncGenerator[Event]:
        if not found.hits or not found.evidence.answerable:
            answer = _not_found(found, sources)
            yield "delta", {"text": answer.text}
            yield "done", answer.model_dump(mode="json")
            return
        writing = Writing(asked, found=found, sources=sources)
        said = False
        try:
            async with aclosing(self._written(writing, context)) as events:
                async for event in events:
                    said = said or event[0] in {"delta", "citation"}
                    yield event
        except NoModel as error:
            writing.reason = str(error)
            if said:
                yield "restart", {"reason": writing.reason}
            async for event in self._quoted(writing):
                yield event

    async def _written(self, writing: "Writing", context: CallContext) -> AsyncGenerator[Event]:
        """A model's answer. Raises `NoModel` when there is none, or when it proves nothing."""
        prompt = await self._prompts.rendered(PROMPT, variables=writing.variables())
        writing.prompt = prompt.ref
        request = ChatRequest(prompt.messages, max_output_tokens=MAX_OUTPUT_TOKENS, temperature=0)
        stream: Any = self._models.stream(
            request, context=CallContext(PURPOSE, context.user, prompt.ref, context.api_key, context.team)
        )
        async with aclosing(stream) as events:
            async for event in events:
                match event:
                    case Began(provider=ProviderName.LOCAL):
                        raise NoModel("NO_MODEL")
                    case Delta(text=text):
                        async for piece in self._checked(writing, writing.stream.feed(text)):
                            yield piece
                    case Restart(reason=reason):
                        writing.begin_anew()
                        yield "restart", {"reason": reason}
                    case Failed(code=code):
                        raise NoModel(code)
                    case Done(result=result):
                        async for piece in self._checked(writing, writing.stream.end()):
                            yield piece
                        if not writing.stream.citations and not writing.says_not_found():
                            raise NoModel("MODEL_QUOTED_NOTHING")
                        yield "done", writing.answer(result.provider, result.model).model_dump(mode="json")

    async def _checked(self, writing: "Writing", pieces: Sequence[str | Citation]) -> AsyncGenerator[Event]:
        """Text and citations for the reader. A chunk that was deleted meanwhile is not cited."""
        cited = [piece for piece in pieces if isinstance(piece, Citation)]
        alive = await self._library.alive({writing.chunk_of(one) for one in cited}) if cited else set()
        gone: set[str] = set()
        for piece in pieces:
            if isinstance(piece, Citation):
                if writing.chunk_of(piece) in alive:
                    yield "citation", writing.citation(piece).model_dump(mode="json")
                else:
                    writing.stream.drop(piece)
                    gone.add(f"[{piece.number}]")
            else:
                text = writing.say(piece, gone)
                if text:
                    yield "delta", {"text": text}

    async def _quoted(self, writing: "Writing") -> AsyncGenerator[Event]:
        """An answer of quotes alone; nothing in it can be invented."""
        writing.begin_anew()
        hits = writing.found.hits
        quotes = best_quotes(writing.asked.question, [hit.text for hit in hits], words=self._words)
        alive = await self._library.alive({hits[quote.passage].chunk_id for quote in quotes})
        for quote in quotes:
            hit = hits[quote.passage]
            if hit.chunk_id not in alive:
                continue
            citation = writing.stream.quoted(quote.passage, quote.start, quote.end)
            yield "citation", writing.citation(citation).model_dump(mode="json")
            blank = "\n\n" if writing.text else ""
            text = blank + SAYS.format(title=hit.title, quote=citation.quote, number=citation.number)
            writing.text.append(text)
            yield "delta", {"text": text}
        if writing.stream.citations:
            yield "done", writing.answer(ProviderName.LOCAL, QUOTES).model_dump(mode="json")
            return
        answer = _not_found(writing.found, writing.sources)
        yield "delta", {"text": answer.text}
        yield "done", answer.model_dump(mode="json")


class Writing:
    """An answer that is being written."""

    def __init__(self, asked: AskRequest, *, found: SearchResult, sources: list[SourceRead]) -> None:
        self.asked = asked
        self.found = found
        self.sources = sources
        self.prompt: PromptRef | None = None
        self.reason: str | None = None
        self.refused_before = 0
        self.text: list[str] = []
        self._blanks = ""
        self.stream = self._filter()

    def begin_anew(self) -> None:
        """What was said so far is void."""
        self.refused_before += self.stream.refused
        self.text = []
        self._blanks = ""
        self.stream = self._filter()

    def _filter(self) -> CitationFilter:
        return CitationFilter([hit.text for hit in self.found.hits])

    def variables(self) -> dict[str, Any]:
        """What the prompt is told."""
        titles = (f"{hit.title} > {hit.heading}" if hit.heading else hit.title for hit in self.found.hits)
        passages = [Passage(text=hit.text, title=title) for hit, title in zip(self.found.hits, titles, strict=True)]
        return {"question": self.asked.question, "passages": passages}

    def says_not_found(self) -> bool:
        """The model read the passages and found no answer in them."""
        return "".join(self.text).strip().startswith(MODEL_NOT_FOUND)

    def say(self, piece: str, gone: set[str]) -> str:
        """What of `piece` can be shown now. Its last blanks wait: a citation stands right behind its sentence."""
        for mark in gone:
            piece = piece.replace(mark, "")
        marked = _MARK.match(piece)
        text = (" " if marked and self.text else self._blanks) + piece
        shown = text.rstrip()
        self._blanks = text[len(shown) :]
        if shown:
            self.text.append(shown)
        return shown

    def chunk_of(self, citation: Citation) -> int:
        return self.found.hits[citation.passage].chunk_id

    def citation(self, citation: Citation) -> CitationRead:
        """Offsets count from the beginning of the document."""
        hit = self.found.hits[citation.passage]
        return CitationRead(
            number=citation.number,
            chunk_id=hit.chunk_id,
            document_id=hit.document_id,
            version=hit.version,
            title=hit.title,
            heading=hit.heading,
            page=hit.page,
            start=hit.start + citation.start,
            end=hit.start + citation.end,
            quote=citation.quote,
        )

    def answer(self, provider: ProviderName, model: str) -> AnswerRead:
        if not self.stream.citations:
            return _not_found(self.found, self.sources, reason="MODEL_FOUND_NO_ANSWER")
        return AnswerRead(
            mode="quotes" if model == QUOTES else "model",
            text="".join(self.text).strip(),
            citations=[self.citation(one) for one in self.stream.citations],
            sources=self.sources,
            reason=self.reason,
            evidence=self.found.evidence.score,
            provider=provider,
            model=model,
            prompt_version=self.prompt.version if self.prompt and model != QUOTES else None,
            refused_citations=self.refused_before + self.stream.refused,
        )


def _source(hit: Hit) -> SourceRead:
    excerpt = (
        hit.text if len(hit.text) <= EXCERPT_CHARACTERS else hit.text[:EXCERPT_CHARACTERS].rsplit(" ", 1)[0] + " …"
    )
    return SourceRead(
        chunk_id=hit.chunk_id,
        document_id=hit.document_id,
        version=hit.version,
        title=hit.title,
        heading=hit.heading,
        page=hit.page,
        excerpt=excerpt,
        score=hit.score,
    )


def _not_found(found: SearchResult, sources: list[SourceRead], *, reason: str | None = None) -> AnswerRead:
    return AnswerRead(
        mode="not_found",
        text=NOT_FOUND + (NEAREST if sources else ""),
        citations=[],
        sources=sources,
        reason=reason or found.evidence.reason or "NO_PASSAGE",
        evidence=found.evidence.score,
        provider=ProviderName.LOCAL,
        model=QUOTES,
        prompt_version=None,
        refused_citations=0,
    )
