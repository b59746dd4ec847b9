from typing import Annotated

from fastapi import Depends

from ai_svc.memory.repository import EpisodeReader
from ai_svc.memory.service import EpisodeService
from shared_utils.http.dependencies import ReadSessionDep


def episode_service(session: ReadSessionDep) -> EpisodeService:
    return EpisodeService(EpisodeReader(session))


EpisodeServiceDep = Annotated[EpisodeService, Depends(episode_service)]
