"""What a read transaction returned can be read after it ended, and nothing is left open behind it."""

from typing import Any

import pytest
from sqlalchemy import Text, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared_utils.db.engine import create_engine
from shared_utils.db.session import read_transaction, sessionmaker_for, transaction


class Base(DeclarativeBase):
    pass


class Schema(Base):
    """A system view that every role may read."""

    __tablename__ = "schemata"
    __table_args__ = {"schema": "information_schema"}  # noqa: RUF012

    schema_name: Mapped[str] = mapped_column(Text, primary_key=True)


async def test_objects_stay_readable_and_the_connection_is_given_back(fresh_database: Any) -> None:
    database = fresh_database(schema="core")
    engine = create_engine(database.runtime_url, application_name="test", pool_size=1, max_overflow=0)
    sessionmaker = sessionmaker_for(engine)
    async with read_transaction(sessionmaker) as session:
        found = await session.get(Schema, "core")
    assert found is not None
    assert found.schema_name == "core"
    # The pool has one connection: it is free again, in no transaction, and no longer read-only.
    async with transaction(sessionmaker) as session:
        assert (await session.execute(text("SHOW transaction_read_only"))).scalar_one() == "off"
    await engine.dispose()


async def test_a_write_is_refused(fresh_database: Any) -> None:
    engine = create_engine(fresh_database(schema="core").runtime_url, application_name="test")
    with pytest.raises(DBAPIError, match="read-only"):
        async with read_transaction(sessionmaker_for(engine)) as session:
            await session.execute(text("CREATE TEMPORARY TABLE t (id int)"))
    await engine.dispose()
