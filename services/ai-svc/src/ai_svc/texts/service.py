"""Text jobs: one call for what fits into a model's window, map and reduce for the rest, no call without a model."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from pydantic import BaseModel

from ai_svc.brain.adapters import extractive
from ai_svc.brain.asking import Asking, Tally, each
from ai_svc.brain.calls import Caller
from ai_svc.brain.chat import CallContext, ChatRequest
from ai_svc.brain.exceptions import is_passing
from ai_svc.prompts.public import Prompts
from ai_svc.prose import facts, load_report, shapes
from ai_svc.prose.operations import perform
from ai_svc.prose.quotes import verified
from ai_svc.prose.windows import packed, windows
from ai_svc.texts.exceptions import ModelRequired, SchemaInvalid, TextTooLong
from ai_svc.texts.schemas import (
    CallsRead,
    PartProblem,
    ProcessRead,
    ProcessRequest,
    QaRequest,
    QuoteRead,
    Style,
    SummarizeRequest,
    SummaryRead,
    TextAnswerRead,
    TextLimits,
    WarningsRead,
    WarningsRequest,
)
from shared_utils.errors import AppError

NOT_FOUND: Final = "Não encontrei a resposta no texto."
_WORDS: Final = {"short": 60, "medium": 150, "long": 350}
_SENTENCES: Final = {"short": 2, "medium": 4, "long": 8}
_STYLES: Final[dict[Style, str]] = {
    "paragraph": "um parágrafo",
    "bullets": 'tópicos, um por linha, cada um iniciado por "- "',
    "one_line": "uma única frase",
}
_LANGUAGES: Final = {"pt-BR": "", "en": "inglês", "es": "espanhol"}

type Progress = Callable[[float], Awaitable[None]]
type Found = tuple[str, list[str]]
"""An answer, and the quotes that bear it out."""


class ModelAnswer(BaseModel):
    """What a model says about a question; nothing of it is believed before its quotes are found in the text."""

    found: bool
    answer: str
    quotes: list[str]


class TextService:
    """What can be done with a text. `has_model` says whether a model is configured beside `local`."""

    def __init__(self, models: Caller, prompts: Prompts, *, limits: TextLimits, has_model: bool) -> None:
        self._models = models
        self._prompts = prompts
        self._limits = limits
        self._has_model = has_model

    def check(self, request: ProcessRequest | SummarizeRequest | QaRequest) -> None:
        """Raises what is wrong with a request before anything is spent on it."""
        if len(request.text) > self._limits.max_chars:
            raise TextTooLong(
                f"The text has {len(request.text)} characters; at most {self._limits.max_chars} are accepted."
            )
        if not isinstance(request, ProcessRequest) or request.instruction is None:
            return
        if not self._has_model:
            raise ModelRequired
        problem = shapes.problem_of(request.answer_schema) if request.answer_schema is not None else None
        if problem is not None:
            raise SchemaInvalid(f"The JSON schema for the answer cannot be used: {problem}.")

    # --- process --------------------------------------------------------------------------------------------------

    async def process(self, request: ProcessRequest, *, user: str, progress: Progress | None = None) -> ProcessRead:
        """Applies an instruction to a text, part by part when it is long, or an operation to all of it."""
        self.check(request)
        if request.operation is not None:
            made = await asyncio.to_thread(perform, request.operation, request.text)
            return _processed([made], made[1], tally=Tally(), parts=1, problems=[])
        job = self._job("text.process", user)
        parts = await self._windows(request.text)
        results = await each(
            parts,
            lambda part: self._instructed(request, part, job),
            concurrency=self._limits.concurrency,
            progress=progress,
        )
        done, problems = _sorted_out(results)
        values = [value for _, value in done]
        data = (values[0] if len(parts) == 1 else values) if request.answer_schema is not None else None
        return _processed(done, data, tally=job.tally, parts=len(parts), problems=problems)

    async def _instructed(self, request: ProcessRequest, part: str, job: Asking) -> tuple[str, Any]:
        variables = {"instruction": request.instruction, "text": part}
        asking, call = await self._call(job, "text.process", variables, schema=request.answer_schema)
        if request.answer_schema is None:
            return await asking.text(call), None
        value = await asking.json(call, check=lambda given: _fitting(given, request.answer_schema or {}))
        return json.dumps(value, ensure_ascii=False), value

    # --- summarize ------------------------------------------------------------------------------------------------

    async def summarize(self, request: SummarizeRequest, *, user: str, progress: Progress | None = None) -> SummaryRead:
        """Sums a text up; one that is beyond the window in parts, whose summaries are then summed up together."""
        self.check(request)
        job = self._job("text.summarize", user)
        if not self._has_model:
            return await asyncio.to_thread(_extracted, request, request.text, parts=1, tally=job.tally)
        parts = await self._windows(request.text)
        if len(parts) == 1:
            variables = {"text": parts[0], **_wishes(request)}
            asking, call = await self._call(job, "text.summarize", variables)
            return await _summed(request, await asking.text_or_none(call), parts, extractive_parts=0, tally=job.tally)
        results = await each(
            parts,
            lambda part: self._part_summary(request, part, job),
            concurrency=self._limits.concurrency,
            progress=progress,
        )
        partial, _ = _sorted_out(results)
        without_model = sum(not by_model for _, by_model in partial)
        texts = [text for text, _ in partial]
        summary = await self._reduced(request, texts, job)
        return await _summed(
            request, summary, texts, parts_of_text=len(parts), extractive_parts=without_model, tally=job.tally
        )

    async def _part_summary(self, request: SummarizeRequest, part: str, job: Asking) -> tuple[str, bool]:
        """A part's summary, and whether a model wrote it: without one its own sentences must do."""
        variables = {"text": part, "max_words": _WORDS["medium"], "focus": request.focus}
        asking, call = await self._call(job, "text.summarize.map", variables)
        summary = await asking.text_or_none(call)
        if summary is None:
            return await asyncio.to_thread(extractive.summarise, part, max_sentences=4), False
        return summary, True

    async def _reduced(self, request: SummarizeRequest, partial: list[str], job: Asking) -> str | None:
        """Summaries of summaries, until they fit into one call; None when no model answers."""
        while len(groups := packed(partial, max_tokens=self._limits.window_tokens)) > 1:
            results = await each(
                groups, lambda group: self._joined(request, group, job), concurrency=self._limits.concurrency
            )
            partial, _ = _sorted_out(results)
        asking, call = await self._call(job, "text.summarize.reduce", {"summaries": partial, **_wishes(request)})
        return await asking.text_or_none(call)

    async def _joined(self, request: SummarizeRequest, group: list[str], job: Asking) -> str:
        variables = {"summaries": group, "max_words": _WORDS["long"], "focus": request.focus}
        asking, call = await self._call(job, "text.summarize.reduce", variables)
        joined = await asking.text_or_none(call)
        return joined if joined is not None else extractive.summarise("\n\n".join(group), max_sentences=6)

    # --- qa -------------------------------------------------------------------------------------------------------

    async def qa(self, request: QaRequest, *, user: str, progress: Progress | None = None) -> TextAnswerRead:
        """Answers from the text alone, with quotes that stand in it; says so when it does not answer."""
        self.check(request)
        job = self._job("text.qa", user)
        if not self._has_model:
            found = await asyncio.to_thread(_quoted, request.question, request.text)
            return await _answered(request, found, parts=1, problems=[], tally=job.tally)
        parts = await self._windows(request.text)
        results = await each(
            parts,
            lambda part: self._asked(request.question, part, job),
            concurrency=self._limits.concurrency,
            progress=progress,
        )
        done, problems = _sorted_out(results)
        answers = [found for found in done if found is not None]
        settled = await self._settled(request.question, answers, job) if len(answers) > 1 else None
        found = settled or (answers[0] if answers else None)
        return await _answered(request, found, parts=len(parts), problems=problems, tally=job.tally)

    async def _asked(self, question: str, text: str, job: Asking) -> Found | None:
        """None when there is no answer, or not one of its quotes stands in the text."""
        variables = {"question": question, "text": text}
        asking, call = await self._call(job, "text.qa", variables, schema=_ANSWER_SCHEMA)
        try:
            answer = await asking.json(call, check=ModelAnswer.model_validate)
        except AppError as error:
            if not is_passing(error):
                raise
            # No model answers: what the text itself says must do.
            return await asyncio.to_thread(_quoted, question, text)
        quotes = [quote.text for quote in await asyncio.to_thread(verified, answer.quotes, text)]
        said = answer.answer.strip()
        if not (answer.found and said and quotes):
            return None
        # A number or a name that the text does not have is not served: what the text itself says is.
        return (said if await asyncio.to_thread(facts.stand_in, said, text) else " ".join(quotes), quotes)

    async def _settled(self, question: str, answers: Sequence[Found], job: Asking) -> Found:
        """One answer out of those of several parts, from what they quote."""
        quotes = [quote for _, found in answers for quote in found]
        settled = await self._asked(question, "\n\n".join(quotes), job)
        return settled if settled is not None else (" ".join(answer for answer, _ in answers), quotes)

    # --- the day's loads ------------------------------------------------------------------------------------------

    async def warnings(self, request: WarningsRequest, *, user: str) -> WarningsRead:
        """One paragraph about a day's loads. A model's is taken only when all its numbers and names are the data's."""
        report, job = request.report(), self._job("text.summarize", user)
        text: str | None = None
        objection: str | None = None
        if self._has_model and report.loads:
            text, objection = await self._written(report, job)
        by_model = text is not None and objection is None
        return WarningsRead(
            paragraph=text if text is not None and by_model else load_report.paragraph(report),
            source="model" if by_model else "template",
            objection=objection,
            totals=load_report.as_facts(report),
            calls=_calls(job.tally),
        )

    async def _written(self, report: load_report.DayReport, job: Asking) -> tuple[str | None, str | None]:
        variables = {
            "date": load_report.brazilian(report.business_date),
            "warnings": load_report.described(report),
        }
        asking, call = await self._call(job, "text.warnings_paragraph", variables)
        try:
            text = load_report.one_paragraph(await asking.text(call))
        except AppError as error:
            return None, error.code
        return text, load_report.objection(text, report)

    # --- calls ----------------------------------------------------------------------------------------------------

    def _job(self, purpose: str, user: str) -> Asking:
        context = CallContext(purpose=purpose, user=user)
        return Asking(self._models, context, retry_seconds=self._limits.retry_seconds)

    async def _call(
        self, job: Asking, name: str, variables: dict[str, Any], *, schema: dict[str, Any] | None = None
    ) -> tuple[Asking, ChatRequest]:
        prompt = await self._prompts.rendered(name, variables=variables)
        request = ChatRequest(
            messages=prompt.messages,
            schema=None if schema is None else {"title": "Answer", **schema},
            max_output_tokens=self._limits.max_output_tokens,
            temperature=0.0,
            timeout_seconds=self._limits.call_seconds,
        )
        return job.with_prompt(prompt.ref), request

    async def _windows(self, text: str) -> list[str]:
        return await asyncio.to_thread(windows, text, max_tokens=self._limits.window_tokens)


_ANSWER_SCHEMA: Final[dict[str, Any]] = {**ModelAnswer.model_json_schema(), "additionalProperties": False}


def _sorted_out[DoneT](results: Sequence[DoneT | AppError]) -> tuple[list[DoneT], list[PartProblem]]:
    """What was done, and which parts were not. When nothing was done, the first error is raised."""
    failed = [(place, one) for place, one in enumerate(results, start=1) if isinstance(one, AppError)]
    if len(failed) == len(results):
        raise failed[0][1]
    problems = [PartProblem(part=place, code=error.code, message=error.message) for place, error in failed]
    return [one for one in results if not isinstance(one, AppError)], problems


def _fitting(value: Any, schema: dict[str, Any]) -> Any:
    if not shapes.fits(value, schema):
        raise ValueError("it does not satisfy the schema")
    return value


def _wishes(request: SummarizeRequest) -> dict[str, Any]:
    return {
        "max_words": 30 if request.style == "one_line" else _WORDS[request.length],
        "focus": request.focus,
        "style": _STYLES[request.style],
        "language": _LANGUAGES[request.language],
    }


def _calls(tally: Tally) -> CallsRead:
    return CallsRead(
        calls=tally.calls,
        input_tokens=tally.input_tokens,
        output_tokens=tally.output_tokens,
        provider=tally.provider.value,
        model=tally.model,
    )


def _processed(
    done: Sequence[tuple[str, Any]], data: Any, *, tally: Tally, parts: int, problems: list[PartProblem]
) -> ProcessRead:
    return ProcessRead(
        text="\n\n".join(text for text, _ in done),
        data=data,
        parts=parts,
        failed_parts=problems,
        truncated=tally.truncated,
        calls=_calls(tally),
    )


async def _summed(
    request: SummarizeRequest,
    summary: str | None,
    texts: Sequence[str],
    *,
    extractive_parts: int,
    tally: Tally,
    parts_of_text: int = 1,
) -> SummaryRead:
    """A model's summary in the style that was asked for; without one the text's own sentences."""
    if summary is None:
        return await asyncio.to_thread(_extracted, request, "\n\n".join(texts), parts=parts_of_text, tally=tally)
    return SummaryRead(
        summary=_styled(summary, request.style),
        style=request.style,
        language=request.language,
        parts=parts_of_text,
        extractive_parts=extractive_parts,
        calls=_calls(tally),
    )


def _extracted(request: SummarizeRequest, text: str, *, parts: int, tally: Tally) -> SummaryRead:
    """The text's most telling sentences, word for word, in the text's own language."""
    language = extractive.language_of(text)
    most = 1 if request.style == "one_line" else _SENTENCES[request.length]
    summary = extractive.summarise(text, max_sentences=most, language=language)
    if request.style == "bullets":
        summary = "\n".join(extractive.sentences(summary))
    return SummaryRead(
        summary=_styled(summary, request.style),
        style=request.style,
        language="en" if language == "en" else "pt-BR",
        parts=parts,
        extractive_parts=parts,
        calls=_calls(tally),
    )


def _styled(summary: str, style: Style) -> str:
    lines = [line.strip().lstrip("-*• ").strip() for line in summary.splitlines() if line.strip()]
    return "\n".join(f"- {line}" for line in lines) if style == "bullets" else " ".join(lines)


def _quoted(question: str, text: str) -> Found | None:
    """Without a model: the sentences that share the question's words, as they stand."""
    quotes = extractive.answer_sentences(question, text, language=extractive.language_of(text))
    return (" ".join(quotes), quotes) if quotes else None


async def _answered(
    request: QaRequest, found: Found | None, *, parts: int, problems: list[PartProblem], tally: Tally
) -> TextAnswerRead:
    """Quotes are looked for in the whole text once more: what reaches the client stands in it, at this place."""
    quotes = await asyncio.to_thread(verified, found[1], request.text) if found else []
    return TextAnswerRead(
        found=bool(quotes),
        answer=found[0] if found and quotes else NOT_FOUND,
        quotes=[QuoteRead(text=one.text, start=one.start, end=one.end) for one in quotes],
        parts=parts,
        failed_parts=problems,
        calls=_calls(tally),
    )
