"""HTTP of budgets, of the price list, and of what was used."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from ai_svc.budgets.dependencies import BudgetChanges, BudgetReads, PriceChanges, PriceReads, UsageReads
from ai_svc.budgets.exceptions import (
    BudgetNameTaken,
    BudgetNotFound,
    PriceNotFound,
    PriceTaken,
    UsageOfOthers,
    UsageRange,
)
from ai_svc.budgets.schemas import (
    BudgetMine,
    BudgetRead,
    BudgetWrite,
    PriceRead,
    PriceWrite,
    UsageBy,
    UsageMeta,
    UsageRow,
)
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.security import Admin, Viewer

budgets = APIRouter(prefix="/ai/budgets", tags=["budgets"])
prices = APIRouter(prefix="/ai/prices", tags=["budgets"])
usage = APIRouter(prefix="/ai/usage", tags=["usage"])

ROUTERS: tuple[APIRouter, ...] = (budgets, prices, usage)

_NO_ENTRY = (Unauthenticated, Forbidden)


@budgets.get("", summary="List budgets", responses=problems(*_NO_ENTRY))
async def list_budgets(reads: BudgetReads, _: Admin) -> ApiResponse[list[BudgetRead], None]:
    """All budgets by name, each with the ten subjects that used most in the running period. Money is in US dollars."""
    return ok(await reads.listing())


@budgets.get("/mine", summary="Read what is left for you", responses=problems(*_NO_ENTRY))
async def list_my_budgets(reads: BudgetReads, caller: Viewer) -> ApiResponse[list[BudgetMine], None]:
    """The budgets that apply to your calls, with what is left of them in the running period."""
    return ok(await reads.mine(caller.subject))


@budgets.post("", summary="Create a budget", status_code=201, responses=problems(*_NO_ENTRY, BudgetNameTaken))
async def create_budget(
    write: BudgetWrite, changes: BudgetChanges, caller: Admin, response: Response
) -> ApiResponse[BudgetRead, None]:
    """Limit the tokens, the money, or both, of a user, an API key, a team, an agent, each of them, or everything.

    What a call may use is set aside before it is made, on every budget that applies: no number of calls at the same
    time goes past a hard limit. It counts from now on.
    """
    budget = await changes.create(write, by=caller)
    response.headers["ETag"] = etag_for(budget.version)
    return ok(budget)


@budgets.get("/{budget_id}", summary="Read a budget", responses=problems(*_NO_ENTRY, BudgetNotFound))
async def get_budget(
    budget_id: UUID, reads: BudgetReads, _: Admin, response: Response
) -> ApiResponse[BudgetRead, None]:
    """One budget; its ETag is what a change must send."""
    budget = await reads.get(budget_id)
    response.headers["ETag"] = etag_for(budget.version)
    return ok(budget)


@budgets.put(
    "/{budget_id}",
    summary="Change a budget",
    responses=problems(*_NO_ENTRY, BudgetNotFound, BudgetNameTaken, PreconditionFailed, PreconditionRequired),
)
async def update_budget(
    budget_id: UUID,
    write: BudgetWrite,
    changes: BudgetChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[BudgetRead, None]:
    """Replace a budget. What was used stays used: a lower limit may be reached at once."""
    budget = await changes.change(budget_id, write, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(budget.version)
    return ok(budget)


@budgets.delete(
    "/{budget_id}", summary="Delete a budget", status_code=204, responses=problems(*_NO_ENTRY, BudgetNotFound)
)
async def delete_budget(budget_id: UUID, changes: BudgetChanges, _: Admin) -> None:
    """Remove a budget and its counters; the log of calls stays."""
    await changes.delete(budget_id)


@prices.get("", summary="List prices", responses=problems(*_NO_ENTRY))
async def list_prices(reads: PriceReads, _: Viewer) -> ApiResponse[list[PriceRead], None]:
    """What calls cost, in US dollars per million tokens, as operators entered it."""
    return ok(await reads.listing())


@prices.post("", summary="Add a price", status_code=201, responses=problems(*_NO_ENTRY, PriceTaken))
async def create_price(write: PriceWrite, changes: PriceChanges, caller: Admin) -> ApiResponse[PriceRead, None]:
    """Say what a model costs. The most exact name counts, then the newest date; calls keep the price they began with.

    A model without a price uses tokens and no money; where a hard budget in money applies, its calls are refused.
    """
    return ok(await changes.add(write, by=caller))


@prices.delete("/{price_id}", summary="Delete a price", status_code=204, responses=problems(*_NO_ENTRY, PriceNotFound))
async def delete_price(price_id: UUID, changes: PriceChanges, _: Admin) -> None:
    """Remove a price; what was booked with it stays booked."""
    await changes.delete(price_id)


@usage.get("", summary="Read what was used", responses=problems(*_NO_ENTRY, UsageOfOthers, UsageRange))
async def read_usage(
    reads: UsageReads,
    caller: Viewer,
    group_by: Annotated[
        list[UsageBy], Query(max_length=3, description="Up to three; none for one sum.", examples=[["day", "purpose"]])
    ] = [],  # noqa: B006  FastAPI copies defaults
    since: Annotated[AwareDatetime | None, Query(alias="from", description="Left out: 30 days before `to`.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Left out: now.")] = None,
    user: Annotated[str | None, Query(max_length=200, description="Only this user's calls.")] = None,
) -> ApiResponse[list[UsageRow], UsageMeta]:
    """Tokens and US dollars of calls to models, in groups. A viewer sees their own, an administrator everybody's.

    Groups come by day where days are asked for, then those with the most tokens first, at most 1,000.
    """
    groups = list(dict.fromkeys(group_by))
    rows, meta = await reads.report(groups, since=since, until=until, user=user, caller=caller)
    return ok(rows, meta=meta)
