"""The schema `ai`: the declarative base of every part, and the outbox and inbox that they share."""

from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from shared_utils.db.base import TYPE_MAP, metadata_for
from shared_utils.db.outbox import inbox_table, outbox_table

SCHEMA = "ai"
SERVICE = "ai-svc"
MIGRATIONS_DIR = Path(__file__).resolve().parents[2] / "migrations"


class Base(DeclarativeBase):
    """Tables of ai-svc."""

    metadata = metadata_for(SCHEMA)
    type_annotation_map = TYPE_MAP


OUTBOX = outbox_table(Base.metadata, SCHEMA)
INBOX = inbox_table(Base.metadata, SCHEMA)

DATABASE_AWAY: Final = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What a statement may raise when the database is not there; connecting raises errors that SQLAlchemy does not wrap."""
