"""Process entry: `python -m worker_svc.migrate` brings the schema `market` to the newest revision."""

from shared_utils.db.migrations import upgrade
from shared_utils.logging import configure_logging
from worker_svc.database import MIGRATIONS_DIR, SERVICE
from worker_svc.settings import MigrationSettings


def main() -> None:
    """Migrate with the owner role; waits for a migration that is already running."""
    configure_logging(service=SERVICE)
    upgrade(migrations_dir=MIGRATIONS_DIR, url=MigrationSettings().migration_database_url.get_secret_value())


if __name__ == "__main__":
    main()
