"""Which session a run is about."""

from typing import Any

from rotina import JobContext
from shared_utils.clock import home_date
from worker_svc.jobs.environment import JobEnvironment
from worker_svc.jobs.params import B3_CALENDAR, Reference
from worker_svc.sources.calendar import CalendarDay, calendar_day
from worker_svc.sources.cotahist_layout import CotahistFile, Granularity


async def reference_day(ctx: JobContext[Any], env: JobEnvironment, reference: Reference) -> CalendarDay:
    """The day that `reference` means, whether or not it is a session."""
    day = ctx.business_date if isinstance(reference, str) else reference
    answer = await calendar_day(env.core, code=B3_CALENDAR, day=day)
    if reference == "previous_session":
        answer = await calendar_day(env.core, code=B3_CALENDAR, day=answer.previous)
    return answer


async def find_session(ctx: JobContext[Any], env: JobEnvironment, reference: Reference) -> CalendarDay | None:
    """The session that `reference` means, or None with a warning when that day is none."""
    answer = await reference_day(ctx, env, reference)
    if answer.is_business_day:
        return answer
    because = f" ({answer.note})" if answer.note else ""
    ctx.warn(
        "NOT_A_SESSION",
        f"{answer.day.isoformat()} is not a session of B3{because}; the next one is {answer.next.isoformat()}",
        day=answer.day.isoformat(),
        next_session=answer.next.isoformat(),
        previous_session=answer.previous.isoformat(),
        note=answer.note,
    )
    return None


async def may_be_rewritten(env: JobEnvironment, file: CotahistFile) -> bool:
    """Whether the exchange may still be writing it: the file of today, of the session before, of this month or year."""
    today = home_date(env.clock.now())
    if file.granularity is not Granularity.DAILY:
        return file.covers(today)
    return file.day >= (await calendar_day(env.core, code=B3_CALENDAR, day=today)).previous
