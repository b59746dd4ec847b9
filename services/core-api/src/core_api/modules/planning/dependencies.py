"""Wiring of planning."""

from collections.abc import Sequence
from uuid import UUID

from core_api.modules.day_groups import public as groups
from core_api.modules.planning.service import PlanningService
from core_api.modules.routines import public as routines
from shared_utils.db.session import ReadSession


class SessionSource:
    """Other modules, asked within one transaction."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def routines(self, ids: Sequence[UUID] | None, *, with_paused: bool) -> list[routines.PlannedRoutine]:
        return await routines.planned_routines(self._session, ids, with_paused=with_paused)

    async def day_groups(self, ids: Sequence[UUID]) -> dict[UUID, groups.GroupDays]:
        return await groups.day_groups(self._session, ids)


def planning_service(session: ReadSession) -> PlanningService:
    """Plans within one transaction."""
    return PlanningService(SessionSource(session))
