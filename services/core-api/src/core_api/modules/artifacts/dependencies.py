"""Wiring of artifacts for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.artifacts.service import ArtifactService


def artifacts(request: Request) -> ArtifactService:
    state = request.state
    return ArtifactService(state.sessionmaker, state.artifact_store, state.clock)


Artifacts = Annotated[ArtifactService, Depends(artifacts)]
