"""Brings the schema `ai` to its newest version: `python -m ai_svc.migrate`, once per release, under the owner role."""

from pathlib import Path

from ai_svc.database import SERVICE
from ai_svc.settings import MigrationSettings
from shared_utils.db.migrations import upgrade
from shared_utils.logging import configure_logging

MIGRATIONS_DIR = Path(__file__).resolve().parents[2] / "migrations"


def main() -> None:
    settings = MigrationSettings()
    configure_logging(service=SERVICE)
    upgrade(migrations_dir=MIGRATIONS_DIR, url=settings.migration_database_url.get_secret_value())


if __name__ == "__main__":
    main()
