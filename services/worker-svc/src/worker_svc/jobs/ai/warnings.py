"""`ai.summarize_warnings`: a business date's loads of B3 and CVM in one paragraph of Portuguese."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from rotina import JobContext
from shared_utils.http.client import ServiceClient
from worker_svc.database import SERVICE
from worker_svc.jobs.ai.asking import open_ai
from worker_svc.jobs.ai.params import WarningsParams
from worker_svc.jobs.params import B3_CALENDAR
from worker_svc.settings import Settings
from worker_svc.sources.calendar import calendar_day

PAGE: Final = 100
MOST_LOADS: Final = 5000
_THERE: Final = frozenset({"got", "unchanged", "loaded", "ok"})
# Codes of warnings that say that something was not there; their `file` counts as missing.
_ABOUT_MISSING: Final = re.compile(r"MISSING|NO_RELEASE|NOT_PUBLISHED|NOT_LOADED|NOT_FOUND")


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Warned(_Contract):
    code: str
    message: str
    context: dict[str, Any]


class Failed(_Contract):
    code: str
    message: str


class Outcome(_Contract):
    """An execution as core-api tells other services of it."""

    id: UUID
    routine_name: str
    title: str
    job: str
    status: str
    result: dict[str, Any] | None
    warnings: list[Warned]
    error: Failed | None


class OutcomePage(_Contract):
    items: list[Outcome]
    next_cursor: str | None


class WarningFact(BaseModel):
    code: str
    message: str
    file: str | None


class LoadFact(BaseModel):
    """What ai-svc is told of an execution: facts, as its result has them."""

    routine: str
    title: str
    job: str
    status: str
    rows: int | None
    files: list[str]
    missing: list[str]
    warnings: list[WarningFact]
    error_code: str | None
    error_message: str | None


class Facts(BaseModel):
    business_date: date
    loads: list[LoadFact]


class Paragraph(_Contract):
    """ai-svc's answer."""

    paragraph: str
    source: str
    objection: str | None
    totals: dict[str, int]
    calls: dict[str, Any]


async def run(ctx: JobContext[WarningsParams]) -> dict[str, Any]:
    """The paragraph, who wrote it (`model` or `template`), and the counts that it is about."""
    settings = Settings()
    async with ServiceClient(settings.core_api_url, service_name=SERVICE, internal_key=settings.internal_key) as core:
        day = await _day(ctx, core)
        outcomes = await _outcomes(ctx, core, day)
    ctx.progress(0.5, f"{len(outcomes)} cargas")
    ctx.raise_if_cancelled()
    facts = Facts(business_date=day, loads=[fact_of(outcome) for outcome in outcomes])
    async with open_ai(settings) as ai:
        told = await ai.post("/internal/v1/ai/text/warnings", facts, response=Paragraph, idempotent=True)
    if told.objection is not None:
        ctx.warn("MODEL_NOT_USED", f"o texto do modelo não foi usado: {told.objection}")
    ctx.log.info("the day is told", loads=len(outcomes), source=told.source)
    return {"business_date": day.isoformat(), **told.model_dump(exclude={"objection"})}


async def _day(ctx: JobContext[WarningsParams], core: ServiceClient) -> date:
    reference = ctx.params.reference
    if isinstance(reference, date):
        return reference
    if reference == "business_date":
        return ctx.business_date
    return (await calendar_day(core, code=B3_CALENDAR, day=ctx.business_date)).previous


async def _outcomes(ctx: JobContext[WarningsParams], core: ServiceClient, day: date) -> list[Outcome]:
    found: list[Outcome] = []
    params: dict[str, Any] = {"business_date": day.isoformat(), "job": ctx.params.jobs, "limit": PAGE}
    if ctx.params.tag is not None:
        params["tag"] = ctx.params.tag
    while len(found) < MOST_LOADS:
        page = await core.get("/internal/v1/executions/outcomes", response=OutcomePage, params=params)
        found += page.items
        if page.next_cursor is None:
            break
        params["cursor"] = page.next_cursor
    return [outcome for outcome in found if outcome.id != ctx.execution_id]


def fact_of(outcome: Outcome) -> LoadFact:
    """What of a result is worth telling: rows, files, what was missing, warnings, the error."""
    result = outcome.result or {}
    files = list(_files(result))
    rows = result.get("rows")
    return LoadFact(
        routine=outcome.routine_name,
        title=outcome.title[:300],
        job=outcome.job,
        status=outcome.status,
        rows=rows if isinstance(rows, int) and not isinstance(rows, bool) else None,
        files=[name for name, there in files if there][:500],
        missing=[name for name, there in files if not there][:500],
        warnings=[
            WarningFact(code=one.code[:200], message=one.message[:2000], file=_missing_file(one))
            for one in outcome.warnings
        ],
        error_code=outcome.error.code if outcome.error else None,
        error_message=outcome.error.message[:5000] if outcome.error else None,
    )


def _files(result: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The files that a result names, and whether they were there."""
    listed = result.get("files")
    for one in [*(listed if isinstance(listed, list) else []), *([result] if "file" in result else [])]:
        if isinstance(one, str):
            yield one[:300], True
        elif isinstance(one, dict) and isinstance(one.get("file"), str):
            yield one["file"][:300], str(one.get("outcome", "ok")) in _THERE


def _missing_file(warning: Warned) -> str | None:
    file = warning.context.get("file")
    return file[:300] if isinstance(file, str) and _ABOUT_MISSING.search(warning.code) else None
