"""What must work before traffic may come."""

from typing import Any

from sqlalchemy import text

from ai_svc.database import MIGRATIONS_DIR, SCHEMA
from shared_utils.http.health import ReadinessCheck, migration_check, redis_check

# Also proves that the role may use the schema in which pgvector lives.
PROBE = text("SELECT CAST('[1]' AS extensions.vector) <-> CAST('[3]' AS extensions.vector)")


async def _database(state: Any) -> None:
    async with state.engine.connect() as connection:
        await connection.execute(PROBE)


async def _consumer(state: Any) -> None:
    state.listening.check()


async def _relay(state: Any) -> None:
    state.relay.check()


async def _tasks(state: Any) -> None:
    state.tasks.check()


async def _indexing(state: Any) -> None:
    state.indexing.check()


def checks() -> tuple[ReadinessCheck, ...]:
    """The checks of one application; `migrations` remembers within it that it was true once."""
    return (
        ReadinessCheck("database", _database),
        migration_check(MIGRATIONS_DIR, schema=SCHEMA),
        redis_check("streams"),
        ReadinessCheck("consumer", _consumer),
        ReadinessCheck("relay", _relay),
        ReadinessCheck("tasks", _tasks),
        ReadinessCheck("indexing", _indexing),
    )
