"""Changes that meet: real transactions side by side, on a database of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from factories.locks import waiting_for_a_lock
from factories.routines import ADMIN, add_pool, add_routine
from sqlalchemy import text

from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.routines.dependencies import routine_service
from core_api.modules.routines.exceptions import (
    DependencyCycle,
    ReferencesChanged,
    RoutineInUse,
    RoutineNameTaken,
)
from core_api.modules.routines.public import stale_routines
from core_api.modules.routines.schemas import RoutinePatch
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.errors import AppError, PreconditionFailed
from shared_utils.testing.databases import ServiceDatabase


@pytest.fixture
async def committed(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    """Sessions that really commit."""
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=10)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def outcome(work: "asyncio.Future[object] | object") -> str:
    try:
        await work  # type: ignore[misc]
    except AppError as error:
        return error.code
    return "done"


@pytest.mark.parametrize("how", ["depends_on", "trigger"])
async def test_two_changes_that_close_a_cycle_together(committed: SessionFactory, clock: FakeClock, how: str) -> None:
    async with transaction(committed) as session:
        first = await add_routine(session, clock, "primeira")
        second = await add_routine(session, clock, "segunda")

    def after(other: object) -> dict[str, object]:
        on_its_end = {"type": "event", "on": "execution", "routine": str(other)}
        return {"depends_on": [str(other)]} if how == "depends_on" else {"trigger": on_its_end}

    async def depend(one: object, other: object) -> None:
        async with transaction(committed) as session:
            await routine_service(session, clock=clock).patch(
                one,  # type: ignore[arg-type]
                RoutinePatch.model_validate(after(other)),
                if_match='"1"',
                allow_unknown_job=True,
                by=ADMIN,
            )

    outcomes = await asyncio.gather(outcome(depend(first.id, second.id)), outcome(depend(second.id, first.id)))
    assert sorted(outcomes) == sorted(["done", DependencyCycle.code])


async def test_deleting_what_another_one_starts_to_depend_on(committed: SessionFactory, clock: FakeClock) -> None:
    for number in range(5):
        async with transaction(committed) as session:
            first = await add_routine(session, clock, f"primeira-{number}")
            second = await add_routine(session, clock, f"segunda-{number}")

        async def delete(routine_id: object = first.id) -> None:
            async with transaction(committed) as session:
                await routine_service(session, clock=clock).delete(routine_id, if_match='"1"', by=ADMIN)  # type: ignore[arg-type]

        async def depend(routine_id: object = second.id, upstream: object = first.id) -> None:
            async with transaction(committed) as session:
                await routine_service(session, clock=clock).patch(
                    routine_id,  # type: ignore[arg-type]
                    RoutinePatch.model_validate({"depends_on": [str(upstream)]}),
                    if_match='"1"',
                    allow_unknown_job=True,
                    by=ADMIN,
                )

        outcomes = await asyncio.gather(outcome(delete()), outcome(depend()))
        assert outcomes in (["done", "ROUTINE_DEPENDENCY_UNKNOWN"], [RoutineInUse.code, "done"])


async def test_two_changes_of_one_version(committed: SessionFactory, clock: FakeClock) -> None:
    async with transaction(committed) as session:
        routine = await add_routine(session, clock, "uma")

    async def change(priority: int) -> None:
        async with transaction(committed) as session:
            await routine_service(session, clock=clock).patch(
                routine.id,
                RoutinePatch(priority=priority),
                if_match='"1"',
                allow_unknown_job=True,
                by=ADMIN,
            )

    outcomes = await asyncio.gather(*(outcome(change(priority)) for priority in (1, 2, 3)))
    assert sorted(outcomes) == sorted(["done"] + [PreconditionFailed.code] * 2)


async def test_one_name_wanted_by_many(committed: SessionFactory, clock: FakeClock) -> None:
    async def create() -> None:
        async with transaction(committed) as session:
            await add_routine(session, clock, "uma")

    outcomes = await asyncio.gather(*(outcome(create()) for _ in range(4)))
    assert sorted(outcomes) == sorted(["done"] + [RoutineNameTaken.code] * 3)


async def test_a_pool_that_goes_away_just_now(committed: SessionFactory, clock: FakeClock) -> None:
    async with transaction(committed) as session:
        await add_pool(session, clock, "b3", slots=1)
    async with committed() as deleting:
        await deleting.execute(text("DELETE FROM core.pools"))

        async def create() -> None:
            async with transaction(committed) as session:
                await add_routine(session, clock, "uma", pool="b3")

        creating = asyncio.create_task(outcome(create()))
        await waiting_for_a_lock(committed)
        await deleting.commit()
        assert await creating == ReferencesChanged.code


async def test_schedulers_share_stale_routines_without_waiting(committed: SessionFactory, clock: FakeClock) -> None:
    async with transaction(committed) as session:
        for number in range(4):
            await add_routine(session, clock, f"r-{number}")
    async with transaction(committed) as one, transaction(committed) as other:
        mine = {stale.id for stale in await stale_routines(one, limit=3)}
        theirs = {stale.id for stale in await stale_routines(other, limit=3)}
        assert (len(mine), len(theirs)) == (3, 1)
        assert not mine & theirs
