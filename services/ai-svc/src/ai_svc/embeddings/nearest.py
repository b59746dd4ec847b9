"""The chunks that are nearest to a question, among those that its asker may read.

Rights come first: every statement here compares with vectors of the given access lists only, and checks the chunk's own
access list again when it has found some. One space at a time: the statement reads the table of the question's space.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    not_,
    select,
    text,
)
from sqlalchemy.sql.selectable import CTE

from ai_svc.database import SCHEMA
from ai_svc.embeddings.models import HalfVec
from ai_svc.embeddings.policy import Exact, Walk, Way, choose
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.vectors import as_text
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession

COUNTS_SECONDS: Final = 30.0
MARGIN: Final = 20
MOST_KEPT_SPACES: Final = 8

# For this transaction alone. The walk must be walked: a plan that sorts, or one made without knowing the question,
# would compare with everything. The iterative scan may hold four times the memory of a sort before it gives up.
_SETTINGS: Final = text("""
    SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', :ef, true),
           set_config('hnsw.max_scan_tuples', :scanned, true), set_config('hnsw.scan_mem_multiplier', '4', true),
           set_config('plan_cache_mode', 'force_custom_plan', true),
           set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)
""")
_UNSET: Final = text("""
    SELECT set_config('plan_cache_mode', 'auto', true),
           set_config('enable_seqscan', 'on', true), set_config('enable_sort', 'on', true)
""")
_CHUNKS: Final = Table(
    "chunks",
    MetaData(schema=SCHEMA),
    Column("id", BigInteger),
    Column("document_id", Uuid),
    Column("access_id", Integer),
)


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A question's vector, and the space that it belongs to."""

    space: Space
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Near:
    """A chunk and the cosine of the angle to the question, from -1 to 1."""

    chunk_id: int
    similarity: float


@dataclass(frozen=True, slots=True)
class _Counts:
    by_list: dict[int, int]
    total: int
    at: float


class Nearest:
    """Finds chunks; keeps how many vectors each access list has, for some seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[int, _Counts] = {}

    async def find(
        self,
        session: ReadSession,
        *,
        query: QueryVector,
        scope: Sequence[int],
        limit: int,
        documents: Sequence[UUID] | None = None,
    ) -> list[Near]:
        """At most `limit` chunks of the access lists in `scope`, nearest first; fewer only when there are fewer.

        `documents` narrows to those. An empty scope finds nothing. The transaction's settings are changed and put back.
        """
        if not scope or limit < 1 or documents == []:
            return []
        if documents is not None:
            return await self._run(session, _among(query, limit, documents), query=query, scope=scope)
        counts = await self._count(session, query.space.id)
        in_scope = sum(counts.by_list.get(one, 0) for one in set(scope))
        way = choose(rows_in_scope=in_scope, rows_in_space=counts.total, limit=limit)
        found = await self._go(session, way, query=query, scope=scope, limit=limit)
        if isinstance(way, Walk) and len(found) < min(limit, in_scope):
            # It gave up too early: what is near is nearly all out of scope.
            found = await self._go(session, Exact(), query=query, scope=scope, limit=limit)
        return found

    async def _go(
        self, session: ReadSession, way: Way, *, query: QueryVector, scope: Sequence[int], limit: int
    ) -> list[Near]:
        if isinstance(way, Exact):
            return await self._run(session, _exact(query.space.id, limit), query=query, scope=scope)
        await session.execute(_SETTINGS, {"ef": str(way.ef), "scanned": str(way.scanned)})
        found = await self._run(
            session, _walk(query.space.id, query.space.dimensions, way.candidates, limit), query=query, scope=scope
        )
        await session.execute(_UNSET)
        return found

    async def _run(
        self, session: ReadSession, statement: Select[Any], *, query: QueryVector, scope: Sequence[int]
    ) -> list[Near]:
        values = {"question": as_text(query.values), "scope": sorted(set(scope))}
        rows = await session.execute(statement, values)
        return [Near(chunk_id=row[0], similarity=row[1]) for row in rows]

    async def _count(self, session: ReadSession, space_id: int) -> _Counts:
        kept = self._counts.get(space_id)
        now = self._clock.monotonic()
        if kept is not None and now - kept.at < COUNTS_SECONDS:
            return kept
        table = vectors_table(space_id)
        rows = await session.execute(select(table.c.access_id, func.count()).group_by(table.c.access_id))
        by_list = {row[0]: row[1] for row in rows}
        if len(self._counts) >= MOST_KEPT_SPACES:
            self._counts.clear()
        self._counts[space_id] = counts = _Counts(by_list, sum(by_list.values()), now)
        return counts


# Kept, like the statements below: SQLAlchemy compiles a statement once as long as it is the same one.
@lru_cache(maxsize=32)
def vectors_table(space_id: int) -> Table:
    """The table of one space's vectors: there is no other space's in it."""
    return Table(
        f"chunk_vectors_s{int(space_id)}",
        MetaData(schema=SCHEMA),
        Column("chunk_id", BigInteger),
        Column("access_id", Integer),
        Column("fresh", Boolean),
        Column("vector", HalfVec),
    )


# All vectors have length 1: the inner product says the same as the cosine and costs a third. `<#>` is its negative.
def _distance(vector: ColumnElement[Any], operator: str, question: ColumnElement[Any]) -> ColumnElement[float]:
    return vector.op(operator, return_type=Float())(question)


def _question() -> ColumnElement[Any]:
    return bindparam("question", type_=HalfVec)


def _in_scope(access_id: ColumnElement[int]) -> ColumnElement[bool]:
    return access_id == func.any(bindparam("scope", type_=ARRAY(Integer)))


@lru_cache(maxsize=64)
def _exact(space_id: int, limit: int) -> Select[Any]:
    table = vectors_table(space_id)
    distance = _distance(table.c.vector, "<#>", _question()).label("distance")
    # The best few alone are looked up among the chunks: a vector goes and changes hands with its chunk, by triggers.
    few = literal(limit + MARGIN, Integer, literal_execute=True)
    near = select(table.c.chunk_id, distance).where(_in_scope(table.c.access_id)).order_by(distance).limit(few)
    return _best(_materialized(near, "near"), limit)


def _among(query: QueryVector, limit: int, documents: Sequence[UUID]) -> Select[Any]:
    table = vectors_table(query.space.id)
    distance = _distance(table.c.vector, "<#>", _question()).label("distance")
    near = (
        select(table.c.chunk_id, distance)
        .join(_CHUNKS, _CHUNKS.c.id == table.c.chunk_id)
        .where(_in_scope(table.c.access_id), _CHUNKS.c.document_id.in_(documents))
    )
    return _best(_materialized(near, "near"), limit)


@lru_cache(maxsize=64)
def _walk(space_id: int, dimensions: int, candidates: int, limit: int) -> Select[Any]:
    """The index's candidates, and beside them the rows that are not in it yet."""
    table = vectors_table(space_id)
    # As the index is written: `vector::halfvec(384)`, cosine.
    indexed = _written(f"vector::halfvec({int(dimensions)})")
    distance = _distance(indexed, "<=>", _question())
    walked = (
        select(table.c.chunk_id, (distance - literal(1, Integer, literal_execute=True)).label("distance"))
        # Not `access_id` itself: its index would be read instead of walking.
        .where(not_(table.c.fresh), _in_scope(table.c.access_id + literal(0, Integer, literal_execute=True)))
        .order_by(distance)
        .limit(literal(candidates, Integer, literal_execute=True))
    )
    fresh = select(table.c.chunk_id, _distance(table.c.vector, "<#>", _question()).label("distance")).where(
        table.c.fresh, _in_scope(table.c.access_id)
    )
    both = select(_materialized(walked, "walked")).union_all(select(_materialized(fresh, "fresh_rows"))).cte("near")
    return _best(both, limit)


def _written(expression: str) -> ColumnElement[Any]:
    """An expression in the spelling of an index."""
    return column(expression, is_literal=True)


def _materialized(statement: Select[Any], name: str) -> CTE:
    return statement.cte(name).prefix_with("MATERIALIZED")


def _best(near: CTE, limit: int) -> Select[Any]:
    """The nearest of what was found, in order, of chunks that are there and that the scope may read."""
    return (
        select(near.c.chunk_id, (-near.c.distance).label("similarity"))
        .join(_CHUNKS, _CHUNKS.c.id == near.c.chunk_id)
        .where(_in_scope(_CHUNKS.c.access_id))
        .order_by(near.c.distance, near.c.chunk_id)
        .limit(literal(limit, Integer, literal_execute=True))
    )
