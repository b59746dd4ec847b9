"""What other modules may ask of pools."""

from core_api.modules.access.public import audit_trail
from core_api.modules.pools.repository import PoolRepository
from core_api.modules.pools.schemas import PoolCreate, PoolRead
from core_api.modules.pools.service import PoolService
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = ["PoolCreate", "PoolRead", "create_pool", "pool_exists", "pool_slots"]


async def pool_slots(session: ReadSession) -> dict[str, int]:
    """How many runs each pool allows at once."""
    return {pool.name: pool.slots for pool in await PoolRepository(session).all()}


async def pool_exists(session: ReadSession, name: str) -> bool:
    """Whether there is a pool of this name."""
    return await PoolRepository(session).get(name) is not None


async def create_pool(session: WriteSession, write: PoolCreate, *, by: AuthContext, clock: Clock) -> PoolRead:
    """Add a pool. Raises `PoolNameTaken`."""
    return await PoolService(PoolRepository(session), audit=audit_trail(session, clock=clock)).create(write, by=by)
