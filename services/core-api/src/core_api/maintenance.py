"""Removes old history by hand: `python -m core_api.maintenance [--dry-run]`, the seed's `limpar_logs_scheduler`.

The schedulers do the same every hour. Works without API and scheduler, with the runtime role's address; prints what
went, or would go, as JSON.
"""

import argparse
import asyncio
import sys

from pydantic_settings import SettingsConfigDict

from core_api.modules.upkeep.public import Keep, Maintenance, MaintenanceRead
from core_api.settings import RetentionSettings
from core_api.storage import FolderStore
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for
from shared_utils.logging import configure_logging
from shared_utils.settings import DatabaseSettings


class MaintenanceSettings(DatabaseSettings, RetentionSettings):
    """What this command needs of `CORE_API_*`."""

    model_config = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")


async def maintain(settings: MaintenanceSettings, *, dry_run: bool) -> MaintenanceRead:
    """One go, or a look at what it would do."""
    keep = Keep.of(executions_months=settings.keep_executions_months, days=settings.keep_days)
    store = FolderStore(settings.artifacts_dir) if settings.artifacts_dir is not None else None
    engine = create_engine(settings.database_url, application_name="core-maintenance", pool_size=1, max_overflow=1)
    try:
        maintenance = Maintenance(sessionmaker_for(engine), SystemClock(), keep, store=store)
        return await maintenance.preview() if dry_run else await maintenance.run()
    finally:
        await engine.dispose()


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="core_api.maintenance", description="Remove history that is past its time.")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go")
    arguments = parser.parse_args()
    configure_logging(service="core-maintenance")
    while True:
        done = asyncio.run(maintain(MaintenanceSettings(), dry_run=arguments.dry_run))
        sys.stdout.write(done.model_dump_json(indent=2) + "\n")
        if not done.more:
            return 0


if __name__ == "__main__":
    sys.exit(main())
