"""The word index in PostgreSQL: what is written, and how the passages with the best words are found."""

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Double,
    Integer,
    Select,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    table,
    text,
    update,
)
from sqlalchemy.sql.elements import CollectionAggregate

from ai_svc.database import SCHEMA
from ai_svc.rag.ranking.bm25 import K1, B
from ai_svc.rag.ranking.question import Statistics
from ai_svc.rag.search.models import Postings, Term
from ai_svc.rag.search.schemas import SearchFilters
from shared_utils.db.copying import bigint_array, bigint_element, copy_binary, driver_connection, field
from shared_utils.db.session import ReadSession, WriteSession

FOLD_EVERY: Final = 32
"""After so many changes they are folded into `terms`: until then a search adds them up itself."""

FOLD_AT_ONCE: Final = 5_000
"""A change of so many terms is folded right away: every search would read through it."""

MOST_OFTEN: Final = 255

_FOLD_LOCK: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('ai.term_changes', 0))")

# As texts, which PostgreSQL takes apart: the driver looks at every element of an array several times. The first stem is
# one too many, so that no stems and one empty stem are two different texts.
_SEPARATOR: Final = "\x1f"
_NOTE: Final = """
    INSERT INTO ai.term_changes (terms, stems, deltas, chunks, tokens)
    VALUES (CAST($1::text AS bigint[]), (string_to_array($2, E'\\x1f'))[2:], CAST($3::text AS integer[]), $4, $5)
    RETURNING id
"""

_RELIST: Final = text(
    "UPDATE ai.postings SET access_id = moves.new FROM unnest(:old, :new) AS moves(old, new) "
    "WHERE postings.access_id = moves.old"
).bindparams(bindparam("old", type_=ARRAY(Integer)), bindparam("new", type_=ARRAY(Integer)))

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


type PostingsRow = tuple[int, UUID, int, int, list[int], bytes]
"""One passage as it is copied: chunk, document, access list, length, terms in ascending order, how often each."""

_START: Final = struct.Struct(">hiqi16siiii").pack
"""The number of fields, and the first four of them with their lengths."""


_ACCESS_LISTS: Final = table("access_lists", column("id", Integer), column("readers", ARRAY(Text)), schema="ai")
_DOCUMENTS: Final = table(
    "documents",
    column("id", Uuid),
    column("title", Text),
    column("collection", Text),
    column("tags", ARRAY(Text)),
    column("source_kind", Text),
    column("access_id", Integer),
    schema="ai",
)
_CHUNKS: Final = table(
    "chunks",
    column("id", BigInteger),
    column("document_id", Uuid),
    column("version", Integer),
    column("access_id", Integer),
    column("heading", Text),
    column("text", Text),
    column("start_offset", Integer),
    column("end_offset", Integer),
    column("page", Integer),
    schema="ai",
)

# `width_bucket` finds a term's place in an ascending array by halving.
_STATISTICS: Final = text(
    """
    WITH total AS (
        SELECT folded.chunks + coalesce(sum(change.chunks), 0) AS chunks,
               folded.tokens + coalesce(sum(change.tokens), 0) AS tokens
        FROM ai.index_totals AS folded LEFT JOIN ai.term_changes AS change ON true
        GROUP BY folded.id
    )
    SELECT total.chunks, total.tokens, asked.term,
           coalesce(known.df, 0) + coalesce((
               SELECT sum(change.deltas[width_bucket(asked.term, change.terms)]) FROM ai.term_changes AS change
               WHERE change.terms[width_bucket(asked.term, change.terms)] = asked.term
           ), 0) AS df
    FROM total
    LEFT JOIN unnest(:asked) AS asked(term) ON true
    LEFT JOIN ai.terms AS known ON known.id = asked.term
    """
).bindparams(bindparam("asked", type_=ARRAY(BigInteger)))

_ALIKE: Final = text(
    """
    SELECT asked.term, known.stem, known.df
    FROM unnest(:asked, :starts) AS asked(term, start)
    JOIN ai.terms AS known ON known.stem LIKE asked.start || '%'
        AND length(known.stem) BETWEEN length(asked.term) - 1 AND length(asked.term) + 1
    WHERE known.df > 0
    """
).bindparams(bindparam("asked", type_=ARRAY(Text)), bindparam("starts", type_=ARRAY(Text)))

SMALL_SCOPE: Final = 5_000
"""A scope of so many passages is read whole: faster than an index over all passages, and no word is too common for
it.
"""

_SLOTS: Final = (4, 8, 16, 32)
"""Statements for so many terms: few different ones, each prepared once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may read and asked for: access lists, and the documents if they named some."""

    access_ids: Sequence[int]
    documents: Sequence[UUID] | None
    small: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with its document's title."""

    chunk_id: int
    document_id: UUID
    version: int
    title: str
    heading: str
    page: int | None
    start: int
    end: int
    text: str


def _array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


class IndexWriter:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def remove(self, chunk_ids: Collection[int]) -> None:
        """Takes passages out; the table's own trigger notes what that changes in the counts."""
        await self._session.execute(delete(Postings).where(Postings.chunk_id == _any_of(chunk_ids)))

    async def add(self, rows: Iterable[PostingsRow]) -> None:
        """Copies passages in."""
        columns = ("chunk_id", "document_id", "access_id", "length", "terms", "counts")
        await copy_binary(self._session, schema=SCHEMA, table="postings", columns=columns, rows=_packed(rows))

    async def note(
        self, *, terms: Sequence[int], stems: Sequence[str], deltas: Sequence[int], chunks: int, tokens: int
    ) -> int:
        """Appends what an edit added to the counts; gives the change's number."""
        connection = await driver_connection(self._session)
        joined = _SEPARATOR.join(["-", *stems])
        return int(await connection.fetchval(_NOTE, _array(terms), joined, _array(deltas), chunks, tokens))

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
        await self._session.execute(_RELIST, {"old": list(moves.keys()), "new": list(moves.values())})


def byte_counts(counts: Sequence[int]) -> bytes:
    """How often each term is there, in a byte each: 255 is far past where more says more."""
    try:
        return bytes(counts)
    except ValueError:
        return bytes([min(count, MOST_OFTEN) for count in counts])


class _Elements(dict[int, bytes]):
    """Terms as elements of an array. One is packed once: the same ones are in nearly every passage."""

    def __missing__(self, term: int) -> bytes:
        packed = self[term] = bigint_element(term)
        return packed


def _packed(rows: Iterable[PostingsRow]) -> Iterator[bytes]:
    """Rows for COPY."""
    element = _Elements().__getitem__
    for chunk_id, document_id, access_id, length, terms, counts in rows:
        array = bigint_array(b"".join(map(element, terms)))
        yield _START(6, 8, chunk_id, 16, document_id.bytes, 4, access_id, 4, length) + array + field(counts)


class IndexReader:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def access_ids(self, principals: Collection[str]) -> list[int]:
        """The access lists that name one of the principals."""
        named = cast(list(principals), ARRAY(Text))
        query = select(_ACCESS_LISTS.c.id).where(_ACCESS_LISTS.c.readers.op("&&", is_comparison=True)(named))
        return list(await self._session.scalars(query))

    async def documents(self, filters: SearchFilters, *, access_ids: Sequence[int]) -> list[UUID]:
        """The documents that the filters leave, of those that may be read."""
        documents = _DOCUMENTS.c
        query = select(documents.id).where(documents.access_id == _any_of(access_ids))
        if filters.collection is not None:
            query = query.where(documents.collection == filters.collection)
        if filters.tags:
            query = query.where(documents.tags.op("@>")(cast(filters.tags, ARRAY(Text))))
        if filters.source_kinds:
            query = query.where(documents.source_kind.in_(filters.source_kinds))
        if filters.document_ids:
            query = query.where(documents.id.in_(filters.document_ids))
        return list(await self._session.scalars(query))

    async def is_small(self, access_ids: Sequence[int], documents: Sequence[UUID] | None) -> bool:
        """Whether at most `SMALL_SCOPE` passages are in scope; counts no further."""
        inside = _inside(select(literal(1)), access_ids, documents).limit(SMALL_SCOPE + 1).subquery()
        counted = await self._session.scalar(select(func.count()).select_from(inside))
        return int(counted or 0) <= SMALL_SCOPE

    async def statistics(self, terms: Collection[int]) -> Statistics:
        """The size of the index and how common the terms are, as of now: unfolded changes too."""
        rows = (await self._session.execute(_STATISTICS, {"asked": list(terms)})).all()
        df = {row.term: int(row.df) for row in rows if row.term is not None}
        return Statistics(chunks=int(rows[0].chunks), tokens=int(rows[0].tokens), df=df)

    async def alike(self, terms: Sequence[str], *, same_start: int) -> dict[str, list[tuple[str, int]]]:
        """Known stems of about the length of each term and with its first letters; in how many passages each is."""
        found: dict[str, list[tuple[str, int]]] = {term: [] for term in terms}
        values = {"asked": list(terms), "starts": [term[:same_start] for term in terms]}
        for row in await self._session.execute(_ALIKE, values):
            found[row.term].append((row.stem, row.df))
        return found

    async def best(
        self, scope: Scope, *, rare: Sequence[int], terms: Sequence[tuple[int, float]], length: float, limit: int
    ) -> dict[int, float]:
        """BM25 of the passages in scope that have one of the rare terms: the best ones with their scores.

        `terms` are all terms with their weights, at most 32; `length` is the average passage's.
        """
        slots = next(slots for slots in _SLOTS if slots >= len(terms))
        statement = _scoring(slots, small=scope.small, by_document=scope.documents is not None)
        values: dict[str, object] = {"rare": list(rare), "access": list(scope.access_ids), "length": length}
        values |= {"documents": scope.documents, "limit": limit} if scope.documents is not None else {"limit": limit}
        for slot in range(slots):
            term, weight = terms[slot] if slot < len(terms) else (0, 0.0)
            values |= {f"term_{slot}": term, f"weight_{slot}": weight}
        rows = await self._session.execute(statement, values)
        return {row.chunk_id: float(row.score) for row in rows}

    async def passages(self, chunk_ids: Collection[int], *, access_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages themselves, of those that may be read: their own access lists are asked once more."""
        chunks, documents = _CHUNKS.c, _DOCUMENTS.c
        query = (
            select(*chunks, documents.title)
            .join(_DOCUMENTS, documents.id == chunks.document_id)
            .where(chunks.id == _any_of(chunk_ids), chunks.access_id == _any_of(access_ids))
        )
        return {
            row.id: Passage(
                row.id, row.document_id, row.version, row.title, row.heading,
                row.page, row.start_offset, row.end_offset, row.text,
            )
            for row in await self._session.execute(query)
        }  # fmt: skip


def _inside(query: Select[Any], access_ids: Sequence[int], documents: Sequence[UUID] | None) -> Select[Any]:
    query = query.select_from(Postings).where(Postings.access_id == _any_of(access_ids))
    if documents is not None:
        query = query.where(Postings.document_id == any_(literal(list(documents), ARRAY(Uuid))))
    return query


@lru_cache(maxsize=len(_SLOTS) * 4)
def _scoring(slots: int, *, small: bool, by_document: bool) -> Select[tuple[int, float]]:
    """BM25 over the arrays: which passages are scored is decided before, by who may read them and by the rare terms.

    The score of one term is weight * n / (n + k1 * (1 - b + b * length / average)), n being how often the passage has
    it.
    """
    scope = Postings.access_id == any_(bindparam("access", type_=ARRAY(Integer)))
    if by_document:
        scope &= Postings.document_id == any_(bindparam("documents", type_=ARRAY(Uuid)))
    columns = (Postings.chunk_id, Postings.terms, Postings.counts, Postings.length)
    # OFFSET 0 keeps the parts apart: a small scope is read by who may read it, a large one by its rare words.
    if small:
        within = select(*columns).where(scope).offset(0).subquery("within")
        found = select(within).where(_any_rare(within.c.terms)).offset(0).subquery("found")
    else:
        found = select(*columns).where(_any_rare(Postings.terms), scope).offset(0).subquery("found")
    relative = cast(found.c.length, Double) / bindparam("length", type_=Double)
    norm = (K1 * (1 - B) + K1 * B * relative).label("norm")
    places = [func.width_bucket(_term(slot), found.c.terms).label(f"place_{slot}") for slot in range(slots)]
    placed = select(found.c.chunk_id, found.c.terms, found.c.counts, norm, *places).offset(0).subquery("placed")
    scores = [_score(placed, slot) for slot in range(slots)]
    score = reduce(add, scores).label("score")
    return (
        select(placed.c.chunk_id, score)
        .order_by(score.desc(), placed.c.chunk_id)
        .limit(bindparam("limit", type_=Integer))
    )


def _score(placed: Subquery, slot: int) -> ColumnElement[float]:
    place = placed.c[f"place_{slot}"]
    often = cast(func.get_byte(placed.c.counts, place - 1), Double)
    weight = bindparam(f"weight_{slot}", type_=Double)
    return case((placed.c.terms[place] == _term(slot), weight * often / (often + placed.c.norm)), else_=0.0)


def _any_rare(terms: Any) -> ColumnElement[bool]:
    overlaps: ColumnElement[bool] = terms.op("&&", is_comparison=True)(bindparam("rare", type_=ARRAY(BigInteger)))
    return overlaps


def _term(slot: int) -> BindParameter[int]:
    return bindparam(f"term_{slot}", type_=BigInteger)


def _any_of(ids: Collection[int]) -> CollectionAggregate[bool]:
    """`= ANY` of one array: a list of any length is one parameter."""
    return any_(literal(list(ids), ARRAY(BigInteger)))
