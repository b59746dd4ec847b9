"""Wiring of prompts for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from ai_svc.prompts.repository import PromptRepository
from ai_svc.prompts.service import PromptService, PromptTrial
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


async def prompt_changes(session: WriteSessionDep, request: Request) -> PromptService:
    return PromptService(PromptRepository(session), request.state.clock)


async def prompt_reads(session: ReadSessionDep, request: Request) -> PromptService:
    return PromptService(PromptRepository(session), request.state.clock)


async def prompt_trial(request: Request) -> PromptTrial:
    # No session: the model may take a minute.
    return PromptTrial(request.state.sessionmaker, request.state.models)


PromptChanges = Annotated[PromptService, Depends(prompt_changes)]
PromptReads = Annotated[PromptService, Depends(prompt_reads)]
PromptTrialDep = Annotated[PromptTrial, Depends(prompt_trial)]
