"""What is packed for COPY arrives as it was."""

import struct
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from shared_utils.db.copying import ROWS_AT_ONCE, bigint_array, bigint_element, copy_binary, field, instant
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction

ROWS: list[tuple[int, list[int], bytes | None]] = [
    (1, [], b""),
    (2, [-(2**63), 0, 2**63 - 1], "ação".encode()),
    (3, [7], None),
]


async def test_rows_arrive_as_they_were_packed(fresh_database: Any) -> None:
    engine = create_engine(fresh_database(schema="core").runtime_url, application_name="test")
    many = [(number, [number], b"x") for number in range(10, 10 + 3 * ROWS_AT_ONCE)]
    async with transaction(sessionmaker_for(engine)) as session:
        await session.execute(text("CREATE TEMPORARY TABLE copied (id integer, numbers bigint[], data bytea)"))
        packed = (
            struct.pack(">hii", 3, 4, number) + bigint_array(b"".join(map(bigint_element, numbers))) + field(data)
            for number, numbers, data in ROWS + many
        )
        await copy_binary(session, schema="pg_temp", table="copied", columns=("id", "numbers", "data"), rows=packed)
        found = await session.execute(text("SELECT id, numbers, data FROM copied ORDER BY id"))
        assert [tuple(row) for row in found] == ROWS + many
    await engine.dispose()


@pytest.mark.parametrize(
    "at", [datetime(2026, 3, 1, 12, 30, 15, 123_457, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC)]
)
async def test_an_instant_is_the_same_to_the_microsecond(fresh_database: Any, at: datetime) -> None:
    engine = create_engine(fresh_database(schema="core").runtime_url, application_name="test")
    async with transaction(sessionmaker_for(engine)) as session:
        await session.execute(text("CREATE TEMPORARY TABLE copied (at timestamptz)"))
        await copy_binary(
            session, schema="pg_temp", table="copied", columns=("at",), rows=[struct.pack(">h", 1) + instant(at)]
        )
        assert (await session.execute(text("SELECT at FROM copied"))).scalar_one() == at
    await engine.dispose()
