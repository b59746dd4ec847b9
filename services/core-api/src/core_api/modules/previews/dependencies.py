"""Wiring of previews."""

from typing import Annotated

from fastapi import Depends

from core_api.modules.planning.public import planning_service
from core_api.modules.previews.service import PreviewService
from shared_utils.http.dependencies import ReadSessionDep


async def preview_service(session: ReadSessionDep) -> PreviewService:
    return PreviewService(planning_service(session))


Previews = Annotated[PreviewService, Depends(preview_service)]
