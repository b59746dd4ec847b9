"""The schema `market`: the declarative base, the outbox and the inbox."""

from pathlib import Path

from sqlalchemy.orm import DeclarativeBase

from shared_utils.db.base import TYPE_MAP, metadata_for
from shared_utils.db.outbox import inbox_table, outbox_table

SCHEMA = "market"
SERVICE = "worker-svc"
MIGRATIONS_DIR = Path(__file__).resolve().parents[2] / "migrations"


class Base(DeclarativeBase):
    metadata = metadata_for(SCHEMA)
    type_annotation_map = TYPE_MAP


OUTBOX = outbox_table(Base.metadata, SCHEMA)
INBOX = inbox_table(Base.metadata, SCHEMA)
