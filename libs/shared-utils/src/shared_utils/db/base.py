"""Metadata and types that all tables share.

A service declares its base once:

    class Base(DeclarativeBase):
        metadata = metadata_for("core")
        type_annotation_map = TYPE_MAP
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

# Constraints need stable names: a migration can only drop what it can name.
NAMING_CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """`timestamptz` that refuses naive datetimes: asyncpg would take them for the machine's local time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value


TYPE_MAP: Final[dict[Any, Any]] = {
    datetime: UTCDateTime(),
    UUID: Uuid(),
    str: Text(),
    int: BigInteger(),
    dict[str, Any]: JSONB(none_as_null=True),
    list[Any]: JSONB(none_as_null=True),
}


def metadata_for(schema: str) -> MetaData:
    """Metadata of one service's schema, with the naming convention."""
    return MetaData(schema=schema, naming_convention=NAMING_CONVENTION)


def declarative_base_for(schema: str) -> type[DeclarativeBase]:
    """A declarative base for `schema`, for code that does not need it as a static type (see the module's docstring)."""
    attributes = {"metadata": metadata_for(schema), "type_annotation_map": TYPE_MAP, "__module__": __name__}
    return type(f"{schema.title()}Base", (DeclarativeBase,), attributes)
