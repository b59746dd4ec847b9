"""What other modules may ask of pools."""

from core_api.modules.access.public import audit_trail
from core_api.modules.pools.repository import PoolRepository
from core_api.modules.pools.schemas import PoolChange, PoolCreate, PoolRead
from core_api.modules.pools.service import PoolService
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "PoolCreate",
    "PoolRead",
    "all_pools",
    "change_pool",
    "create_pool",
    "delete_pool",
    "pool_exists",
    "pool_slots",
]


def _service(session: ReadSession, *, clock: Clock) -> PoolService:
    return PoolService(PoolRepository(session), audit=audit_trail(WriteSession(session), clock=clock))


async def all_pools(session: ReadSession) -> list[PoolRead]:
    """All pools by name."""
    return await _service(session, clock=SystemClock()).listing()


async def change_pool(session: WriteSession, write: PoolCreate, *, by: AuthContext, clock: Clock) -> PoolRead:
    """Replace the pool of this name. Raises `PoolNotFound`."""
    change = PoolChange.model_validate(write.model_dump(exclude={"name"}))
    return await _service(session, clock=clock).change(write.name, change, by=by)


async def delete_pool(session: WriteSession, name: str, *, by: AuthContext, clock: Clock) -> None:
    """Remove a pool. Raises `PoolNotFound` and `PoolInUse`."""
    await _service(session, clock=clock).delete(name, by=by)


async def pool_slots(session: ReadSession) -> dict[str, int]:
    """How many runs each pool allows at once."""
    return {pool.name: pool.slots for pool in await PoolRepository(session).all()}


async def pool_exists(session: ReadSession, name: str) -> bool:
    """Whether there is a pool of this name."""
    return await PoolRepository(session).get(name) is not None


async def create_pool(session: WriteSession, write: PoolCreate, *, by: AuthContext, clock: Clock) -> PoolRead:
    """Add a pool. Raises `PoolNameTaken`."""
    return await _service(session, clock=clock).create(write, by=by)
