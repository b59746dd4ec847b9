"""The word index in PostgreSQL: what is written, and how the passages with the best words are found."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, any_, delete, insert, literal, text, update
from sqlalchemy.sql.elements import CollectionAggregate

from ai_svc.rag.search.models import Postings, Term, TermChange
from shared_utils.db.session import WriteSession

if TYPE_CHECKING:
    import asyncpg

FOLD_EVERY: Final = 32
"""After so many changes they are folded into `terms`: until then a search adds them up itself."""

FOLD_AT_ONCE: Final = 1_000
"""A change of so many terms is folded right away: every search would read through it."""

_FOLD_LOCK: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('ai.term_changes', 0))")

# In one statement, so that the changes that go are the changes that are added. Rows are updated in the order of their
# ids.
_FOLD: Final = text(
    """
    WITH folded AS (
        DELETE FROM ai.term_changes RETURNING terms, stems, deltas, chunks, tokens
    ), summed AS (
        SELECT one.term, coalesce(max(one.stem), '') AS stem, sum(one.delta)::integer AS delta
        FROM folded CROSS JOIN LATERAL unnest(folded.terms, folded.stems, folded.deltas) AS one(term, stem, delta)
        GROUP BY one.term
        HAVING sum(one.delta) <> 0
        ORDER BY one.term
    ), counted AS (
        INSERT INTO ai.terms AS known (id, stem, df)
        SELECT term, stem, delta FROM summed
        ON CONFLICT (id) DO UPDATE SET df = known.df + excluded.df
        RETURNING id, df
    ), totalled AS (
        UPDATE ai.index_totals
        SET chunks = index_totals.chunks + added.chunks, tokens = index_totals.tokens + added.tokens
        FROM (SELECT coalesce(sum(chunks), 0) AS chunks, coalesce(sum(tokens), 0) AS tokens FROM folded) AS added
    )
    SELECT coalesce(array_agg(id) FILTER (WHERE df = 0), '{}') FROM counted
    """
)


type PostingsRow = tuple[int, UUID, int, int, list[int], list[int]]
"""One passage as it is copied: chunk, document, access list, length, terms in ascending order, how often each."""


_RELIST: Final = text(
    """
    UPDATE ai.postings AS p SET access_id = moved.new
    FROM unnest(CAST(:old AS integer[]), CAST(:new AS integer[])) AS moved (old, new) WHERE p.access_id = moved.old
    """
)


class IndexWriter:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def remove(self, chunk_ids: Collection[int]) -> None:
        """Takes passages out; the table's own trigger notes what that changes in the counts."""
        await self._session.execute(delete(Postings).where(Postings.chunk_id == _any_of(chunk_ids)))

    async def add(self, rows: Sequence[PostingsRow]) -> None:
        """Copies passages in: COPY, since an INSERT sends every array as text."""
        connection = await self._driver_connection()
        columns = ("chunk_id", "document_id", "access_id", "length", "terms", "counts")
        await connection.copy_records_to_table("postings", schema_name="ai", columns=columns, records=rows)

    async def note(
        self, *, terms: Sequence[int], stems: Sequence[str], deltas: Sequence[int], chunks: int, tokens: int
    ) -> int:
        """Appends what an edit added to the counts; gives the change's number."""
        values = {"terms": terms, "stems": stems, "deltas": deltas, "chunks": chunks, "tokens": tokens}
        number = await self._session.scalar(insert(TermChange).values(values).returning(TermChange.id))
        return int(number or 0)

    async def fold(self) -> bool:
        """Adds the changes up in `terms`; nothing when another transaction is at it: readers count them meanwhile."""
        if not await self._session.scalar(_FOLD_LOCK):
            return False
        unused: Sequence[int] = (await self._session.execute(_FOLD)).scalar_one()
        if unused:
            await self._session.execute(delete(Term).where(Term.id == _any_of(unused), Term.df == 0))
        return True

    async def move(self, chunk_ids: Collection[int], *, access_id: int) -> None:
        """Gives passages to other readers."""
        moved = update(Postings).where(Postings.chunk_id == _any_of(chunk_ids))
        await self._session.execute(moved.values(access_id=access_id))

    async def relist(self, moves: Mapping[int, int]) -> None:
        """Gives the passages of some access lists to others: old id -> new id."""
        await self._session.execute(_RELIST, {"old": list(moves), "new": list(moves.values())})

    async def _driver_connection(self) -> "asyncpg.Connection[asyncpg.Record]":
        """The asyncpg connection under the session: it shares its transaction, and it can COPY."""
        fairy = await (await self._session.connection()).get_raw_connection()
        connection: asyncpg.Connection[asyncpg.Record] | None = fairy.driver_connection
        assert connection is not None  # noqa: S101  it was just opened
        return connection


def _any_of(ids: Collection[int]) -> CollectionAggregate[bool]:
    """`= ANY` of one array: a list of any length is one parameter."""
    return any_(literal(list(ids), ARRAY(BigInteger)))
