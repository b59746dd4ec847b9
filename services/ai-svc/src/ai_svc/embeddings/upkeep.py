"""What happens to vectors in the background: the first space, passages without a vector, vectors without an index.

Every passage gets a vector in the live space and in one that is being built, whoever wrote the passage and whatever
failed then: a new model is filled this way, a provider's failure is made good, and a space that came back catches up.
Where it stands is in the rows themselves, so that any process goes on after any end.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select, text, update

from ai_svc.embeddings.embedders import Embedders
from ai_svc.embeddings.exceptions import ModelFilesRefused
from ai_svc.embeddings.nearest import vectors_table
from ai_svc.embeddings.policy import EXACT_ROWS
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import SpaceReader, SpaceWriter
from ai_svc.embeddings.texts import passage_hash, passage_text
from ai_svc.embeddings.vectors import NewVector, vectors_for
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory, WriteSession, read_transaction, transaction
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

ROUND_SECONDS: Final = 2.0
FULL_SWEEP_SECONDS: Final = 600.0
FILL_ROWS: Final = 64
SETTLE_ROWS: Final = 200
KEEP_FRESH: Final = 500
"""So many vectors may wait for the index: a search reads them one by one in half a millisecond."""
LATE_IDS: Final = 10_000
"""Between two full sweeps passages below the newest one by so many are looked at again: ids commit out of order."""
MOST_WAIT_SECONDS: Final = 60.0

_MISSING: Final = text("""
    SELECT chunk.id, chunk.access_id, chunk.heading, chunk.text FROM ai.chunks AS chunk
    WHERE chunk.id > :after
      AND NOT EXISTS (
        SELECT FROM ai.chunk_vectors AS made WHERE made.chunk_id = chunk.id AND made.space_id = :space
      )
    ORDER BY chunk.id LIMIT :rows
""").bindparams(bindparam("space", type_=Integer))
_NEWEST: Final = text("SELECT coalesce(max(id), 0) FROM ai.chunks")


class Upkeep:
    """One per process; `run` is its loop. Several processes share the spaces between them by leases."""

    def __init__(
        self, sessionmaker: SessionFactory, *, embedders: Embedders, clock: Clock, fill_per_second: float
    ) -> None:
        self._sessionmaker = sessionmaker
        self._embedders = embedders
        self._clock = clock
        self._rate = fill_per_second
        self._me: UUID = uuid7()
        self._newest: dict[int, int] = {}
        self._swept_at: dict[int, float] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what fails is logged and tried again, ever less often."""
        wait = ROUND_SECONDS
        while not stop.is_set():
            try:
                await self.turn(stop)
                wait = ROUND_SECONDS
            except Exception as error:
                logger.warning("vectors are not kept up at the moment", exc_info=error)
                wait = min(wait * 2, MOST_WAIT_SECONDS)
            await _first_of(stop, wait)

    async def turn(self, stop: asyncio.Event) -> None:
        """One round: everything that is missing now. Raises the last space's error, when one could not be filled."""
        await self._begin()
        async with read_transaction(self._sessionmaker) as session:
            spaces = await SpaceReader(session).filled()
        failed: AppError | None = None
        for space in spaces:
            try:
                await self._fill(space, stop)
                await self._note(space, None)
            except AppError as error:
                await self._note(space, error.code)
                failed = error
            await self._settle(space, stop)
        if failed is not None:
            raise failed

    async def _begin(self) -> None:
        """An installation's first space is live at once: there is nothing that it could miss."""
        async with read_transaction(self._sessionmaker) as session:
            if await SpaceReader(session).all():
                return
        try:
            first = await self._embedders.first_space()
        except ModelFilesRefused as error:
            logger.warning("searches go by words alone", exc_info=error)
            return
        if first is not None:
            async with transaction(self._sessionmaker) as session:
                await SpaceWriter(session, self._clock).start_first(first)

    async def _fill(self, space: Space, stop: asyncio.Event) -> None:
        after, newest = await self._where_to_begin(space)
        while not stop.is_set() and await self._may_fill(space):
            began = self._clock.monotonic()
            async with read_transaction(self._sessionmaker) as session:
                found = await session.execute(_MISSING, {"after": after, "space": space.id, "rows": FILL_ROWS})
                rows = found.all()
            if not rows:
                self._newest[space.id] = newest
                return
            await self._store(space, rows)
            after = rows[-1][0]
            await _first_of(stop, len(rows) / self._rate - (self._clock.monotonic() - began))

    async def _where_to_begin(self, space: Space) -> tuple[int, int]:
        """From the beginning now and then; else from a little before where the last round ended."""
        now = self._clock.monotonic()
        async with read_transaction(self._sessionmaker) as session:
            newest: int = (await session.execute(_NEWEST)).scalar_one()
        swept = self._swept_at.get(space.id)
        if swept is None or space.id not in self._newest or now - swept >= FULL_SWEEP_SECONDS:
            self._swept_at[space.id] = now
            return 0, newest
        return max(self._newest[space.id] - LATE_IDS, 0), newest

    async def _may_fill(self, space: Space) -> bool:
        async with transaction(self._sessionmaker) as session:
            return await SpaceWriter(session, self._clock).claim(space.id, filler=self._me)

    async def _store(self, space: Space, rows: Sequence[Any]) -> None:
        """Embeds outside of any transaction; a text that has a vector already is not embedded again."""
        hashes = [passage_hash(row.heading, row.text) for row in rows]
        async with transaction(self._sessionmaker) as session:
            known = await vectors_for(session).known(space.id, hashes)
        wanted = {
            one: passage_text(row.heading, row.text) for one, row in zip(hashes, rows, strict=True) if one not in known
        }
        if wanted:
            embedder = await self._embedders.of(space)
            known |= dict(zip(wanted, await embedder.passages(list(wanted.values())), strict=True))
        vectors: list[NewVector] = [
            (row.id, row.access_id, one, known[one]) for one, row in zip(hashes, rows, strict=True)
        ]
        async with transaction(self._sessionmaker) as session:
            await vectors_for(session).fill(space.id, vectors)

    async def _settle(self, space: Space, stop: asyncio.Event) -> None:
        """Moves vectors into the index, some at a time. A space that is searched whole anyway needs none."""
        table = vectors_table(space.id)
        async with read_transaction(self._sessionmaker) as session:
            waiting = await session.scalar(select(func.count()).select_from(table).where(table.c.fresh)) or 0
            if waiting <= KEEP_FRESH:
                return
            if await session.scalar(select(table.c.chunk_id).offset(EXACT_ROWS).limit(1)) is None:
                return
        while waiting > KEEP_FRESH and not stop.is_set():
            async with transaction(self._sessionmaker) as session:
                moved = await settle(session, space.id, rows=SETTLE_ROWS)
            waiting = waiting - moved if moved else 0

    async def _note(self, space: Space, code: str | None) -> None:
        async with transaction(self._sessionmaker) as session:
            await SpaceWriter(session, self._clock).note([space.id], error_code=code)


async def settle(session: WriteSession, space_id: int, *, rows: int) -> int:
    """Moves at most `rows` vectors into the space's index, and says how many; rows that others hold are left."""
    table = vectors_table(space_id)
    some = select(table.c.chunk_id).where(table.c.fresh).limit(rows).with_for_update(skip_locked=True)
    moved = await session.execute(
        update(table).where(table.c.chunk_id.in_(some)).values(fresh=False).returning(table.c.chunk_id)
    )
    return len(moved.all())


async def _first_of(stop: asyncio.Event, seconds: float) -> None:
    """Waits for so long, or until it is time to stop."""
    if seconds > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
