"""The word index's plans: a search reads the passages with its rare words, or those of a small scope, never all of them."""

from collections.abc import AsyncIterator
from typing import Any

import passages
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.rag.search import repository
from shared_utils.db.engine import create_engine
from shared_utils.testing.sessions import savepoint_session

# 8,000 passages of forty readers with twenty terms each, some in every passage and some in a few.
FILL = """
WITH made AS (
    INSERT INTO ai.chunks (document_id, version, ordinal, access_id, heading, text, start_offset, end_offset, content_hash)
    SELECT '{document}', 1, place, place % 40, '', 'x', 0, 1, '' FROM generate_series(1, 8000) AS place
    RETURNING id, ordinal, access_id
)
INSERT INTO ai.postings (chunk_id, document_id, access_id, length, terms, counts)
SELECT id, '{document}', access_id, 20, terms.found, decode(repeat('01', cardinality(terms.found)), 'hex')
FROM made CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT term ORDER BY term) AS found
    FROM (SELECT 1 + (ordinal * step) % (10 + step * step * 20) AS term FROM generate_series(1, 20) AS step) AS every
) AS terms
"""
TERMS = "INSERT INTO ai.terms (id, stem, df) SELECT term, 'stem' || term, 3 FROM generate_series(1, 20000) AS term"
VALUES = {"rare": [7001, 7777], "length": 20.0, "limit": 60} | {
    f"{name}_{slot}": value for slot in range(4) for name, value in (("term", slot), ("weight", 1.0))
}


@pytest.fixture
async def engine(database: Any) -> AsyncIterator[AsyncEngine]:
    """On a database of its own: what other tests wrote and rolled back changes what the planner expects."""
    engine = create_engine(database.runtime_url, application_name="plans")
    yield engine
    await engine.dispose()


@pytest.mark.parametrize(
    ("small", "index"), [(False, "Bitmap Index Scan on ix_postings_terms"), (True, "ix_postings_access_id")]
)
async def test_scoring_reads_by_rare_words_or_by_who_may_read(engine: AsyncEngine, *, small: bool, index: str) -> None:
    async with savepoint_session(engine) as session:
        await _fill(session)
        scope = {"access": [1, 2, 3] if small else list(range(30))}
        plan = await _plan(session, repository._scoring(4, small=small, by_document=False), VALUES | scope)
        assert index in plan
        assert "Seq Scan" not in plan


async def test_the_terms_of_a_question_are_looked_up_by_their_ids(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await _fill(session)
        plan = await _plan(session, repository._STATISTICS, {"asked": [7001, 7777]})
        assert "Index Scan using pk_terms" in plan
        assert "Seq Scan on terms" not in plan


async def _fill(session: Any) -> None:
    document = await passages.document(session)
    for statement in (FILL.format(document=document), TERMS, "ANALYZE ai.postings", "ANALYZE ai.terms"):
        await session.execute(text(statement))


async def _plan(session: Any, statement: Any, values: dict[str, Any]) -> str:
    asked = statement.compile(session.bind.sync_engine)
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    given = asked.construct_params(values)
    rows = await connection.fetch(f"EXPLAIN {asked}", *(given[name] for name in asked.positiontup))
    return "\n".join(row[0] for row in rows)
