"""Wiring of statistics for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.stats.repository import StatsRepository
from core_api.modules.stats.service import StatsReads
from shared_utils.http.dependencies import ReadSessionDep


async def stats_reads(session: ReadSessionDep, request: Request) -> StatsReads:
    return StatsReads(StatsRepository(session), request.state.clock)


Stats = Annotated[StatsReads, Depends(stats_reads)]
