"""The schema `ai`: up, down and up again; models and migrations agree; the runtime role has no DDL and sees no other schema."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared_utils.db.engine import asyncpg_dsn
from shared_utils.db.migrations import check_drift, downgrade, upgrade

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
TABLES = (
    {"alembic_version", "episodes", "inbox", "outbox"}
    | {
        "access_lists",
        "chunks",
        "document_originals",
        "document_texts",
        "documents",
    }
    | {"index_totals", "postings", "term_changes", "terms"}
    | {"budget_usage", "budgets", "call_reservations", "model_calls", "model_prices"}
    | {"prompt_label_moves", "prompt_labels", "prompt_versions", "prompts"}
    | {"task_items", "tasks"}
    | {"chunk_vectors", "embedding_spaces"}
)


async def tables(database: Any) -> set[str]:
    connection = await asyncpg.connect(database.admin_url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'ai'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


async def test_up_down_up(database: Any) -> None:
    assert await tables(database) == TABLES
    downgrade(migrations_dir=MIGRATIONS, url=database.owner_url, revision="base")
    assert await tables(database) == {"alembic_version"}
    upgrade(migrations_dir=MIGRATIONS, url=database.owner_url)
    assert await tables(database) == TABLES


async def test_models_and_migrations_agree(database: Any) -> None:
    check_drift(migrations_dir=MIGRATIONS, url=database.owner_url)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE ai.notes (id int)",
        "ALTER TABLE ai.episodes ADD COLUMN mood text",
        "DROP TABLE ai.episodes",
        "CREATE TABLE public.notes (id int)",
        "CREATE SCHEMA elsewhere",
        "SELECT 1 FROM core.alembic_version",
    ],
)
async def test_the_runtime_role_may_not(database: Any, statement: str) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database.runtime_url))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_runtime_role_can_use_pgvector_without_naming_its_schema(database: Any) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database.runtime_url))
    try:
        distance = await connection.fetchval("SELECT '[1,2]'::vector <-> '[1,5]'::vector")
    finally:
        await connection.close()
    assert distance == pytest.approx(3.0)
