"""Routines, day groups and pools for tests: written through the services, as people write them."""

from typing import Any
from uuid import UUID

from core_api.modules.day_groups.public import DayGroupWrite, create_day_group
from core_api.modules.pools.public import PoolCreate, create_pool
from core_api.modules.routines.public import RoutineRead, RoutineWrite, create_routine
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

ADMIN = AuthContext(subject="admin-1", issuer="https://issuer.test", name="Test admin", roles=frozenset({Role.ADMIN}))


def routine_body(name: str = "baixar-arquivo", **changes: Any) -> dict[str, Any]:
    """What a client posts: a routine at 20:45 every day, for a job that needs no catalog."""
    return {
        "name": name,
        "title": name.replace("-", " ").capitalize(),
        "job": "system.check",
        "trigger": {"type": "times", "times": ["20:45"]},
        **changes,
    }


async def add_routine(session: WriteSession, clock: Clock, name: str, **changes: Any) -> RoutineRead:
    """A routine, whether or not a worker has announced its job."""
    write = RoutineWrite.model_validate(routine_body(name, **changes))
    return await create_routine(session, write, by=ADMIN, clock=clock, allow_unknown_job=True)


async def add_day_group(
    session: WriteSession, clock: Clock, name: str = "Pregões B3", *, calendar: str = "B3", **rule: Any
) -> UUID:
    """A day group on a shipped calendar; returns its id."""
    write = DayGroupWrite.model_validate({"name": name, "calendar_code": calendar, "rule": rule})
    return (await create_day_group(session, write, by=ADMIN, clock=clock)).id


async def add_pool(session: WriteSession, clock: Clock, name: str, *, slots: int) -> str:
    """A pool; returns its name."""
    await create_pool(session, PoolCreate(name=name, slots=slots), by=ADMIN, clock=clock)
    return name
