"""Wiring of budgets, prices and usage for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from ai_svc.budgets.repository import BudgetRepository, PriceRepository, UsageRepository
from ai_svc.budgets.service import BudgetService, PriceService, UsageService
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


async def budget_changes(session: WriteSessionDep, request: Request) -> BudgetService:
    return BudgetService(BudgetRepository(session), request.state.clock)


async def budget_reads(session: ReadSessionDep, request: Request) -> BudgetService:
    return BudgetService(BudgetRepository(session), request.state.clock)


async def price_changes(session: WriteSessionDep, request: Request) -> PriceService:
    return PriceService(PriceRepository(session), request.state.clock)


async def price_reads(session: ReadSessionDep, request: Request) -> PriceService:
    return PriceService(PriceRepository(session), request.state.clock)


async def usage_reads(session: ReadSessionDep, request: Request) -> UsageService:
    return UsageService(UsageRepository(session), request.state.clock)


BudgetChanges = Annotated[BudgetService, Depends(budget_changes)]
BudgetReads = Annotated[BudgetService, Depends(budget_reads)]
PriceChanges = Annotated[PriceService, Depends(price_changes)]
PriceReads = Annotated[PriceService, Depends(price_reads)]
UsageReads = Annotated[UsageService, Depends(usage_reads)]
