"""Decisions about pools."""

from core_api.modules.access.public import AuditTrail
from core_api.modules.pools.exceptions import PoolInUse, PoolNameTaken, PoolNotFound
from core_api.modules.pools.models import Pool
from core_api.modules.pools.repository import PoolRepository
from core_api.modules.pools.schemas import PoolChange, PoolCreate, PoolRead
from shared_schemas.auth import AuthContext


class PoolService:
    def __init__(self, pools: PoolRepository, *, audit: AuditTrail) -> None:
        self._pools = pools
        self._audit = audit

    async def listing(self) -> list[PoolRead]:
        """All pools by name."""
        return [PoolRead.model_validate(pool) for pool in await self._pools.all()]

    async def get(self, name: str) -> PoolRead:
        """One pool."""
        return PoolRead.model_validate(await self._existing(name))

    async def create(self, write: PoolCreate, *, by: AuthContext) -> PoolRead:
        """Add a pool."""
        pool = await self._pools.add(write.model_dump())
        if pool is None:
            raise PoolNameTaken(write.name)
        read = PoolRead.model_validate(pool)
        await self._record("create", write.name, by=by, before=None, after=read)
        return read

    async def change(self, name: str, write: PoolChange, *, by: AuthContext) -> PoolRead:
        """Change a pool. More slots take effect at once, fewer as runs end."""
        before = PoolRead.model_validate(await self._existing(name, lock=True))
        read = PoolRead.model_validate(await self._pools.change(name, write.model_dump()))
        await self._pools.wake_scheduler()
        await self._record("update", name, by=by, before=before, after=read)
        return read

    async def delete(self, name: str, *, by: AuthContext) -> None:
        """Remove a pool that no routine uses."""
        before = PoolRead.model_validate(await self._existing(name, lock=True))
        if not await self._pools.delete(name):
            raise PoolInUse(name)
        await self._record("delete", name, by=by, before=before, after=None)

    async def _existing(self, name: str, *, lock: bool = False) -> Pool:
        pool = await self._pools.get(name, lock=lock)
        if pool is None:
            raise PoolNotFound(name)
        return pool

    async def _record(
        self, verb: str, name: str, *, by: AuthContext, before: PoolRead | None, after: PoolRead | None
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"pool.{verb}",
            entity="pool",
            entity_id=name,
            before=before.model_dump() if before else None,
            after=after.model_dump() if after else None,
        )
