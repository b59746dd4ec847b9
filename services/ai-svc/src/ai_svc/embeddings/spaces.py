"""The register of embedding spaces: which one is live, which one is being filled, and how one takes another's place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, func, or_, select, text, update

from ai_svc.embeddings.exceptions import SpaceConflict, SpaceNotFound
from ai_svc.embeddings.models import EmbeddingSpace
from ai_svc.embeddings.space import Space
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession

MISSING_ALLOWED: Final = 100
"""So many passages may still wait for their vector when a space goes live: documents come in all the time."""
REMOVABLE_AFTER: Final = timedelta(minutes=1)
"""A search that began in a space that is retired meanwhile still ends in it."""
LEASE: Final = timedelta(minutes=3)

_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('ai.embedding_spaces', 0))")
_PROGRESS: Final = text("""
    SELECT space.id, coalesce(made.vectors, 0), coalesce(made.fresh, 0), (SELECT count(*) FROM ai.chunks)
    FROM ai.embedding_spaces AS space
    LEFT JOIN (
        SELECT space_id, count(*) AS vectors, count(*) FILTER (WHERE fresh) AS fresh
        FROM ai.chunk_vectors GROUP BY space_id
    ) AS made ON made.space_id = space.id
""")


@dataclass(frozen=True, slots=True)
class NewSpace:
    """What a new space is to be; see `Space`."""

    provider: str
    model: str
    dimensions: int
    preparation: str
    dense_weight: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of all passages have a vector, and how many of those are not in the index yet."""

    vectors: int
    fresh: int
    passages: int

    @property
    def missing(self) -> int:
        """Passages that wait for their vector."""
        return max(self.passages - self.vectors, 0)


def as_space(row: EmbeddingSpace) -> Space:
    """A row as a value."""
    return Space(
        id=row.id,
        provider=row.provider,
        model=row.model,
        dimensions=row.dimensions,
        preparation=row.preparation,
        dense_weight=row.dense_weight,
    )


class SpaceReader:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def live(self) -> Space | None:
        """The space that searches use."""
        row = await self._session.scalar(select(EmbeddingSpace).where(EmbeddingSpace.state == "live"))
        return as_space(row) if row is not None else None

    async def all(self) -> list[EmbeddingSpace]:
        """Every space, newest first: there are never many."""
        return list(await self._session.scalars(select(EmbeddingSpace).order_by(EmbeddingSpace.id.desc())))

    async def filled(self) -> list[Space]:
        """The spaces that every passage gets a vector in: the live one first."""
        query = select(EmbeddingSpace).where(EmbeddingSpace.state != "retired").order_by(EmbeddingSpace.state.desc())
        return [as_space(row) for row in await self._session.scalars(query)]

    async def progress(self) -> dict[int, Progress]:
        """By space. Counts rows: tenths of a second with a million of them."""
        rows = await self._session.execute(_PROGRESS)
        return {row[0]: Progress(vectors=row[1], fresh=row[2], passages=row[3]) for row in rows}

    async def get(self, space_id: int) -> EmbeddingSpace:
        """Raises `SpaceNotFound`."""
        row = await self._session.get(EmbeddingSpace, space_id, populate_existing=True)
        if row is None:
            raise SpaceNotFound
        return row


class SpaceWriter(SpaceReader):
    def __init__(self, session: WriteSession, clock: Clock) -> None:
        super().__init__(session)
        self._writer = session
        self._clock = clock

    async def start(self, new: NewSpace) -> EmbeddingSpace:
        """A space that is to be filled, with its table. Raises `SpaceConflict` when there is one like it."""
        await self._writer.execute(_ONE_AT_A_TIME)
        same = (
            EmbeddingSpace.provider == new.provider,
            EmbeddingSpace.model == new.model,
            EmbeddingSpace.dimensions == new.dimensions,
            EmbeddingSpace.preparation == new.preparation,
        )
        there = await self._writer.scalar(select(EmbeddingSpace).where(*same))
        if there is not None:
            raise SpaceConflict(f"space {there.id} is of this model already and is {there.state}")
        row = EmbeddingSpace(
            provider=new.provider,
            model=new.model,
            dimensions=new.dimensions,
            preparation=new.preparation,
            dense_weight=new.dense_weight,
            state="building",
        )
        self._writer.add(row)
        await self._writer.flush()
        await self._writer.execute(select(func.ai.open_vector_space(row.id)))
        await self._writer.refresh(row)
        return row

    async def start_first(self, new: NewSpace) -> Space | None:
        """The first space of an installation is live at once. None when there are spaces already."""
        await self._writer.execute(_ONE_AT_A_TIME)
        if await self._writer.scalar(select(EmbeddingSpace.id).limit(1)) is not None:
            return None
        row = await self.start(new)
        await self._switch(row.id)
        return as_space(row)

    async def go_live(self, space_id: int) -> EmbeddingSpace:
        """Searches use this space from the commit on; the one before it is retired and can come back the same way.

        Raises `SpaceNotFound`, or `SpaceConflict` while a new space lacks more than a few vectors. A retired one comes
        back at once, whatever it lacks: the gaps are filled afterwards.
        """
        await self._writer.execute(_ONE_AT_A_TIME)
        row = await self.get(space_id)
        if row.state == "building":
            missing = (await self.progress())[space_id].missing
            if missing > MISSING_ALLOWED:
                raise SpaceConflict(f"{missing} passages have no vector in this space yet: wait until it is filled")
        await self._switch(space_id)
        await self._writer.refresh(row)
        return row

    async def remove(self, space_id: int) -> None:
        """Deletes a space with its vectors. Raises `SpaceNotFound`, or `SpaceConflict` when it is or was just live."""
        await self._writer.execute(_ONE_AT_A_TIME)
        row = await self.get(space_id)
        if row.state == "live":
            raise SpaceConflict("this space is live: let another one go live first")
        if row.retired_at is not None and self._clock.now() - row.retired_at < REMOVABLE_AFTER:
            raise SpaceConflict("searches may still use this space: remove it in a minute")
        await self._writer.execute(select(func.ai.close_vector_space(space_id)))
        await self._writer.execute(delete(EmbeddingSpace).where(EmbeddingSpace.id == space_id))

    async def claim(self, space_id: int, *, filler: UUID) -> bool:
        """Whether this process may fill the space for the next minutes."""
        now = self._clock.now()
        free = or_(EmbeddingSpace.filler.is_(None), EmbeddingSpace.filler == filler, EmbeddingSpace.filler_until < now)
        statement = (
            update(EmbeddingSpace)
            .where(EmbeddingSpace.id == space_id, EmbeddingSpace.state != "retired", free)
            .values(filler=filler, filler_until=now + LEASE)
            .returning(EmbeddingSpace.id)
        )
        return await self._writer.scalar(statement) is not None

    async def note(self, space_ids: Sequence[int], *, error_code: str | None) -> None:
        """Why these spaces are not being filled at the moment, or that they are."""
        changed = EmbeddingSpace.error_code.is_distinct_from(error_code)
        await self._writer.execute(
            update(EmbeddingSpace).where(EmbeddingSpace.id.in_(space_ids), changed).values(error_code=error_code)
        )

    async def _switch(self, space_id: int) -> None:
        """One statement: no search ever sees two live spaces or none."""
        now = self._clock.now()
        chosen = EmbeddingSpace.id == space_id
        await self._writer.execute(
            update(EmbeddingSpace)
            .where(or_(chosen, EmbeddingSpace.state == "live"))
            .values(
                state=case((chosen, "live"), else_="retired"),
                live_at=case((chosen, now), else_=EmbeddingSpace.live_at),
                retired_at=case((chosen, None), else_=now),
            )
            .execution_options(synchronize_session=False)
        )
