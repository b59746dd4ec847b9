"""`job_baixar_arquivos_b3`: the files of the last n sessions. One that is missing is a warning, not the end (E14)."""

from datetime import date
from typing import Any

from rotina import JobContext, TransientError
from worker_svc.jobs.b3.download import obtain
from worker_svc.jobs.environment import JobEnvironment, open_environment
from worker_svc.jobs.params import B3_CALENDAR, RecentFilesParams
from worker_svc.sources.calendar import calendar_day
from worker_svc.sources.cotahist_download import Outcome
from worker_svc.sources.cotahist_layout import CotahistFile, Granularity

GOOD = frozenset({Outcome.GOT, Outcome.UNCHANGED})


async def run(ctx: JobContext[RecentFilesParams]) -> dict[str, Any]:
    """Fails, to be tried again, only when not a single file could be had."""
    async with open_environment() as env:
        files = []
        for day in await last_sessions(env, ctx.business_date, count=ctx.params.n_dias):
            ctx.raise_if_cancelled()
            obtained = await obtain(ctx, env, CotahistFile(Granularity.DAILY, day))
            files.append(obtained.as_data())
            if obtained.outcome not in GOOD:
                context = {"session": day.isoformat(), "outcome": str(obtained.outcome)}
                ctx.warn("FILE_MISSING", f"{obtained.file}: {obtained.download.reason}", **context)
    good = sum(file["outcome"] in GOOD for file in files)
    if not good:
        raise TransientError(
            f"none of the last {len(files)} sessions' files could be downloaded",
            code="NO_FILES",
            detail={"files": files},
        )
    return {"files": files, "downloaded": good, "missing": len(files) - good}


async def last_sessions(env: JobEnvironment, day: date, *, count: int) -> list[date]:
    """The last `count` sessions up to and including `day`, oldest first."""
    sessions: list[date] = []
    answer = await calendar_day(env.core, code=B3_CALENDAR, day=day)
    while len(sessions) < count:
        if answer.is_business_day:
            sessions.append(answer.day)
        answer = await calendar_day(env.core, code=B3_CALENDAR, day=answer.previous)
    return sessions[::-1]
