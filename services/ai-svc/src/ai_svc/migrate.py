"""Brings the schema `ai` to its newest version: `python -m ai_svc.migrate`, once per release, under the owner role."""

from ai_svc.database import MIGRATIONS_DIR, SERVICE
from ai_svc.settings import MigrationSettings
from shared_utils.db.migrations import upgrade
from shared_utils.logging import configure_logging


def main() -> None:
    settings = MigrationSettings()
    configure_logging(service=SERVICE)
    upgrade(migrations_dir=MIGRATIONS_DIR, url=settings.migration_database_url.get_secret_value())


if __name__ == "__main__":
    main()
