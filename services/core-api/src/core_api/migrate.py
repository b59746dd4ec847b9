"""Brings the database to this code: `python -m core_api.migrate`.

Migrations first, then the calendars that this release ships, each behind an advisory lock, so that any number of
replicas may run it at once. Runs as the owner role (`CORE_API_MIGRATION_DATABASE_URL`), the only process that has its
password.
"""

import asyncio
import hashlib
import sys
from pathlib import Path

from sqlalchemy import func, select

from core_api.database import SCHEMA
from core_api.modules.calendars.public import CalendarFile, publish_calendars
from core_api.settings import MigrationSettings
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.migrations import current_is_head, upgrade
from shared_utils.db.session import sessionmaker_for, transaction
from shared_utils.logging import configure_logging, get_logger

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
CALENDARS = Path(__file__).resolve().parent / "data" / "calendars"
# "calendar": publishing takes turns, so that two replicas do not both add a version.
_PUBLISH_LOCK = 0x63616C656E646172

logger = get_logger(__name__)


def shipped_calendars() -> list[tuple[CalendarFile, str]]:
    """The calendar files of this release, each with the sha256 of its bytes."""
    contents = [path.read_bytes() for path in sorted(CALENDARS.glob("*.json"))]
    return [(CalendarFile.model_validate_json(content), hashlib.sha256(content).hexdigest()) for content in contents]


async def publish_shipped_calendars(url: str) -> list[str]:
    """Store the shipped calendars that the database does not have yet; returns their codes."""
    engine = create_engine(url, application_name="core-migrate", pool_size=1, max_overflow=0)
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            await session.execute(select(func.pg_advisory_xact_lock(_PUBLISH_LOCK)))
            return await publish_calendars(session, shipped_calendars(), clock=SystemClock())
    finally:
        await engine.dispose()


async def _is_current(url: str) -> bool:
    engine = create_engine(url, application_name="core-migrate", pool_size=1, max_overflow=0)
    try:
        return await current_is_head(engine, MIGRATIONS, schema=SCHEMA)
    finally:
        await engine.dispose()


async def migrate(url: str) -> list[str]:
    """Migrate to the newest revision and publish the shipped calendars; returns the codes of those that were new."""
    if not await _is_current(url):
        await asyncio.to_thread(upgrade, migrations_dir=MIGRATIONS, url=url)
    return await publish_shipped_calendars(url)


def main() -> int:
    """Entry point."""
    configure_logging(service="core-migrate")
    published = asyncio.run(migrate(MigrationSettings().migration_database_url.get_secret_value()))
    logger.info("database is up to date", extra={"fields": {"calendars_published": published}})
    return 0


if __name__ == "__main__":
    sys.exit(main())
