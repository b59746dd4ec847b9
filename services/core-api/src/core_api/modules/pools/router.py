"""HTTP of pools."""

from typing import Annotated

from fastapi import APIRouter, Path

from core_api.limits import LIMITED_WRITES
from core_api.modules.pools.dependencies import PoolChanges, PoolReads
from core_api.modules.pools.exceptions import PoolInUse, PoolNameTaken, PoolNotFound
from core_api.modules.pools.schemas import PoolChange, PoolCreate, PoolName, PoolRead
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/pools", tags=["pools"])

Name = Annotated[PoolName, Path(examples=["b3"])]


@router.get("", summary="List pools", responses=problems(Unauthenticated, Forbidden))
async def list_pools(pools: PoolReads, _: Viewer) -> ApiResponse[list[PoolRead], None]:
    """All pools by name: a pool limits how many of its runs may be active at once."""
    return ok(await pools.listing())


@router.post(
    "",
    summary="Create a pool",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, PoolNameTaken),
)
async def create_pool(write: PoolCreate, pools: PoolChanges, caller: Admin) -> ApiResponse[PoolRead, None]:
    """Add a pool."""
    return ok(await pools.create(write, by=caller))


@router.get("/{name}", summary="Read a pool", responses=problems(Unauthenticated, Forbidden, PoolNotFound))
async def get_pool(name: Name, pools: PoolReads, _: Viewer) -> ApiResponse[PoolRead, None]:
    """One pool."""
    return ok(await pools.get(name))


@router.put(
    "/{name}",
    summary="Change a pool",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, PoolNotFound),
)
async def update_pool(name: Name, write: PoolChange, pools: PoolChanges, caller: Admin) -> ApiResponse[PoolRead, None]:
    """Change a pool's slots or description. More slots take effect at once, fewer as runs end."""
    return ok(await pools.change(name, write, by=caller))


@router.delete(
    "/{name}",
    summary="Delete a pool",
    status_code=204,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, PoolNotFound, PoolInUse),
)
async def delete_pool(name: Name, pools: PoolChanges, caller: Admin) -> None:
    """Delete a pool that no routine uses."""
    await pools.delete(name, by=caller)
