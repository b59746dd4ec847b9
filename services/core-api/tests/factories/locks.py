"""Tests of transactions that wait for each other."""

import asyncio

from sqlalchemy import text

from shared_utils.db.session import SessionFactory


async def waiting_for_a_lock(committed: SessionFactory) -> None:
    """Return once another session of this database waits for a lock."""
    async with asyncio.timeout(10), committed() as session:
        while not await session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
        ):
            await session.rollback()  # pg_stat_activity is read once per transaction
