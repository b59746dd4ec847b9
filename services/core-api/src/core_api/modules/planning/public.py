"""What other modules may ask of planning: the slots of a day, or a plan to ask for many days."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core_api.modules.planning.dependencies import planning_service
from core_api.modules.planning.schemas import BusinessDates, DayPlan, Edges, ReasonAgainst, RoutineDay, Unplanned
from core_api.modules.planning.service import Plan, PlanningService, in_order
from core_api.modules.routines.public import PlannedSlot
from shared_utils.db.session import ReadSession

__all__ = [
    "BusinessDates",
    "DayPlan",
    "Edges",
    "Plan",
    "PlannedSlot",
    "PlanningService",
    "ReasonAgainst",
    "RoutineDay",
    "Unplanned",
    "business_dates",
    "edges_when_asked",
    "in_order",
    "plan",
    "plan_day",
    "plan_days",
    "planning_service",
]


async def plan(session: ReadSession, *, routine_ids: Sequence[UUID] | None = None, with_paused: bool = False) -> Plan:
    """A plan of all routines that are not paused (or of those among `routine_ids`), ready to be asked for many days."""
    return await planning_service(session).plan(routine_ids, with_paused=with_paused)


async def plan_day(
    session: ReadSession, business_date: date, *, routine_ids: Sequence[UUID] | None = None
) -> list[PlannedSlot]:
    """The slots that a business date has for all routines that are not paused (or those of `routine_ids` among them).

    A handful of queries whatever the number of routines; the preview asks the same code. By slot, priority and id.
    Raises `OutsideCoverage` when a calendar says nothing about the date.
    """
    return (await plan(session, routine_ids=routine_ids)).slots(business_date)


async def plan_days(
    session: ReadSession, business_dates: Sequence[date], *, routine_ids: Sequence[UUID] | None = None
) -> list[DayPlan]:
    """The plan of each date, in the order given, for all routines that are not paused (or those of `routine_ids`).

    As many queries as for one date. A calendar that says nothing about a date leaves out the routines on it, and only
    those: the plan names them.
    """
    planned = await plan(session, routine_ids=routine_ids)
    return [planned.day(business_date) for business_date in business_dates]


async def business_dates(
    session: ReadSession, routine_ids: Sequence[UUID], *, start: date, end: date
) -> dict[UUID, BusinessDates]:
    """On which dates of a range each of these routines runs, whatever its trigger, paused ones included."""
    return (await plan(session, routine_ids=routine_ids, with_paused=True)).business_dates(start, end)


async def edges_when_asked(session: ReadSession, routine_id: UUID, business_date: date) -> Edges:
    """What a run of a routine waits for that a person or an event asks for, with the date of each upstream.

    Upstreams that do not run on their date are left out unless the routine says to wait: whoever asks means to run it.
    Raises `OutsideCoverage`; the edges of an unknown routine are none.
    """
    planned = await plan(session, routine_ids=[routine_id], with_paused=True)
    return planned.edges_when_asked(routine_id, business_date) if planned.routines else Edges()
