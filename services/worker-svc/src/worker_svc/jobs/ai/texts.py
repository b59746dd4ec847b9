"""`ai.process_text`, `ai.summarize`, `ai.qa`, `ai.batch`: text jobs of ai-svc as runs of a routine."""

import json
from typing import Any

from rotina import JobContext, PermanentError
from worker_svc.jobs.ai.asking import done_task, items_of, open_ai, read_stored, reported, text_of
from worker_svc.jobs.ai.params import BatchParams, ProcessTextParams, QaParams, SummarizeParams
from worker_svc.settings import Settings

MOST_WARNINGS = 50


async def process_text(ctx: JobContext[ProcessTextParams]) -> dict[str, Any]:
    """What an instruction or an operation makes of a text."""
    result = await _single(ctx, "process", ctx.params, own={"instruction", "operation", "answer_schema"})
    return reported(ctx, result, text_field="text", name="resultado")


async def summarize(ctx: JobContext[SummarizeParams]) -> dict[str, Any]:
    """A text's summary."""
    result = await _single(ctx, "summarize", ctx.params, own={"style", "length", "language", "focus"})
    return reported(ctx, result, text_field="summary", name="resumo")


async def qa(ctx: JobContext[QaParams]) -> dict[str, Any]:
    """A text's answer to a question, with its quotes; a warning when there is none."""
    result = await _single(ctx, "qa", ctx.params, own={"question"})
    if not result.get("found"):
        ctx.warn("NOT_FOUND", "a resposta não está no texto")
    return reported(ctx, result, text_field="answer", name="resposta")


async def batch(ctx: JobContext[BatchParams]) -> dict[str, Any]:
    """Many texts. All results are in an artifact, one a line; items that failed are warnings."""
    settings = Settings()
    async with open_ai(settings) as ai:
        request = {"kind": ctx.params.kind, "items": _items(settings, ctx.params)}
        task = await done_task(ctx, ai, "batch", request)
        lines: list[str] = []
        async for item in items_of(ai, task):
            lines.append(item.model_dump_json())
            if item.error is not None and len(ctx.warnings) < MOST_WARNINGS:
                ctx.warn("ITEM_FAILED", f"item {item.ordinal}: {item.error.message}", code_of_item=item.error.code)
    ctx.artifact("itens.jsonl", "\n".join(lines).encode(), content_type="application/x-ndjson")
    return {"task_id": str(task.id), **(task.result or {}), "artifact": "itens.jsonl"}


async def _single(
    ctx: JobContext[Any], kind: str, params: ProcessTextParams | SummarizeParams | QaParams, *, own: set[str]
) -> dict[str, Any]:
    settings = Settings()
    async with open_ai(settings) as ai:
        text = text_of(settings, text=params.text, file=params.file)
        request = {"text": text, **params.model_dump(mode="json", include=own, exclude_none=True)}
        task = await done_task(ctx, ai, kind, request)
    return task.result or {}


def _items(settings: Settings, params: BatchParams) -> list[dict[str, Any]]:
    if params.items is not None:
        return params.items
    lines = [line for line in read_stored(settings, params.file or "").splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise PermanentError(f"{params.file} is not JSON Lines: {error}", code="FILE_BROKEN") from None
