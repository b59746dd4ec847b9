"""Wiring of knowledge for HTTP."""

from typing import Annotated

from fastapi import Depends

from core_api.modules.knowledge.repository import KnowledgeRepository
from core_api.modules.knowledge.service import KnowledgeService
from shared_utils.http.dependencies import ReadSessionDep


async def knowledge(session: ReadSessionDep) -> KnowledgeService:
    return KnowledgeService(KnowledgeRepository(session))


Knowledge = Annotated[KnowledgeService, Depends(knowledge)]
