"""What is packed for COPY arrives as it was."""

import struct
from typing import Any

from sqlalchemy import text

from shared_utils.db.copying import ROWS_AT_ONCE, bigint_array, bigint_element, copy_binary, field
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
            struct.pack(">hii", 3, 4, number) + bigint_array([bigint_element(one) for one in numbers]) + field(data)
            for number, numbers, data in ROWS + many
        )
        await copy_binary(session, schema="pg_temp", table="copied", columns=("id", "numbers", "data"), rows=packed)
        found = await session.execute(text("SELECT id, numbers, data FROM copied ORDER BY id"))
        assert [tuple(row) for row in found] == ROWS + many
    await engine.dispose()
