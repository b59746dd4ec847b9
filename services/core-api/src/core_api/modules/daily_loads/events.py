"""What loads announce, and what they tell the scheduler's log."""

from collections.abc import Sequence
from datetime import date

from core_api.modules.daily_loads.schemas import MAX_DAYS_BACK, DailyLoadRead
from core_api.modules.planning.public import DayPlan
from core_api.modules.routines.public import StaleRoutine
from core_api.modules.schedulers.public import LogEvent, Note
from shared_schemas.events.operations import DailyLoadCompleted


def completed(load: DailyLoadRead) -> DailyLoadCompleted:
    return DailyLoadCompleted(
        business_date=load.business_date,
        trigger=load.trigger,
        created=load.created,
        already_there=load.already_there,
    )


def loaded_note(load: DailyLoadRead) -> Note:
    return Note(
        event=LogEvent.DAILY_LOAD,
        message=f"{load.business_date} loaded: {load.created} new executions, {load.already_there} were there.",
        fields=load.model_dump(mode="json"),
    )


def incomplete_note(plan: DayPlan) -> Note:
    names = [one.routine_name for one in plan.unplanned]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return Note(
        event=LogEvent.DAILY_LOAD_INCOMPLETE,
        level="ERROR",
        message=f"{plan.business_date} was loaded without {', '.join(names[:5])}{more}: {plan.unplanned[0].message}",
        fields={
            "business_date": plan.business_date.isoformat(),
            "routines": names[:50],
            "problems": sorted({one.message for one in plan.unplanned})[:10],
        },
    )


def too_old_note(first: date, last: date) -> Note:
    return Note(
        event=LogEvent.DAYS_NOT_LOADED,
        level="WARNING",
        message=f"{first} to {last} were not loaded: no scheduler ran, and that is more than {MAX_DAYS_BACK} days ago. "
        "Load single days by hand, or create a backfill.",
        fields={"first": first.isoformat(), "last": last.isoformat(), "days": (last - first).days + 1},
    )


def reloaded_note(stale: Sequence[StaleRoutine], withdrawn: int) -> Note:
    return Note(
        event=LogEvent.ROUTINES_RELOADED,
        message=f"{len(stale)} changed routines were loaded again; {withdrawn} untouched executions left the queue.",
        fields={"routines": [routine.name for routine in stale[:50]], "withdrawn": withdrawn},
    )


def failed_note(business_date: date, error: Exception) -> Note:
    return Note(
        event=LogEvent.DAILY_LOAD_FAILED,
        level="ERROR",
        message=f"The load of {business_date} failed and is tried again: {type(error).__name__}",
        fields={"business_date": business_date.isoformat(), "error": repr(error)[:2000]},
    )
