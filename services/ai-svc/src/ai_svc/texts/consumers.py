"""Work in: how tasks of texts are done, and the items of batches, wherever a runner takes them up."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ai_svc.tasks.public import Handler, ItemOutcome, Work, WorkItem
from ai_svc.texts.schemas import (
    ProcessRead,
    ProcessRequest,
    QaRequest,
    SummarizeRequest,
    SummaryRead,
    TextAnswerRead,
    TextLimits,
)
from ai_svc.texts.service import Progress, TextService
from shared_utils.errors import AppError

PROCESS, SUMMARIZE, QA, BATCH = "text.process", "text.summarize", "text.qa", "text.batch"


def handlers(texts: TextService, *, limits: TextLimits) -> Mapping[str, Handler]:
    """What a runner needs to do tasks of texts."""

    async def single(work: Work) -> dict[str, Any]:
        read = await _done(texts, work.task.kind.removeprefix("text."), work.task.input, work, _tenths(work))
        return read.model_dump(mode="json")

    async def batch(work: Work) -> dict[str, Any]:
        kind = str(work.task.input["kind"])
        return await work.each_item(lambda item: _item(texts, kind, item, work), concurrency=limits.concurrency)

    return {PROCESS: single, SUMMARIZE: single, QA: single, BATCH: batch}


async def _item(texts: TextService, kind: str, item: WorkItem, work: Work) -> ItemOutcome:
    try:
        read = await _done(texts, kind, item.input, work, None)
    except AppError as error:
        return ItemOutcome(error_code=error.code, error_message=error.message)
    return ItemOutcome(
        result=read.model_dump(mode="json"),
        input_tokens=read.calls.input_tokens,
        output_tokens=read.calls.output_tokens,
    )


async def _done(
    texts: TextService, kind: str, given: dict[str, Any], work: Work, progress: Progress | None
) -> ProcessRead | SummaryRead | TextAnswerRead:
    user = work.task.owner
    if kind == "process":
        return await texts.process(ProcessRequest.model_validate(given), user=user, progress=progress)
    if kind == "summarize":
        return await texts.summarize(SummarizeRequest.model_validate(given), user=user, progress=progress)
    return await texts.qa(QaRequest.model_validate(given), user=user, progress=progress)


def _tenths(work: Work) -> Callable[[float], Awaitable[None]]:
    """Progress that is written at every tenth of the way, not at every part."""
    told = 0

    async def note(fraction: float) -> None:
        nonlocal told
        if int(fraction * 10) > told:
            told = int(fraction * 10)
            await work.progress(fraction)

    return note
