"""What the rest of the service needs of vectors: a question's, the passages' nearest to it, and those to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ai_svc.embeddings.embedders import Embedders
from ai_svc.embeddings.nearest import Near, Nearest, QueryVector
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import SpaceReader
from ai_svc.embeddings.texts import passage_hash, passage_text
from ai_svc.embeddings.vectors import known_vectors
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, SessionFactory, read_transaction

LIVE_SECONDS: Final = 1.0
"""How long a process may go on searching in a space that is not live any more."""


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The live space's vectors of some passages, in their order, and what each goes by."""

    space_id: int
    hashes: list[bytes]
    vectors: list[list[float]]


class Dense:
    """One per process."""

    def __init__(self, sessionmaker: SessionFactory, *, embedders: Embedders, clock: Clock) -> None:
        self._sessionmaker = sessionmaker
        self._embedders = embedders
        self._clock = clock
        self._nearest = Nearest(clock)
        self._live: tuple[float, Space | None] | None = None

    async def space(self) -> Space | None:
        """The live space; None when there is none, and words alone are searched. Known for a second."""
        now = self._clock.monotonic()
        if self._live is None or now - self._live[0] >= LIVE_SECONDS:
            async with read_transaction(self._sessionmaker) as session:
                self._live = (now, await SpaceReader(session).live())
        return self._live[1]

    async def question(self, text: str, *, user: str) -> QueryVector | None:
        """The question's vector in the live space, on the account of `user`; None when there is none.

        Call it outside of a transaction.

        Raises what the embedder raises (`EmbedderUnavailable`, `EmbeddingFailed`, the errors of `brain.exceptions`): a
        hybrid search goes on with words alone.
        """
        space = await self.space()
        if space is None:
            return None
        embedder = await self._embedders.of(space)
        return QueryVector(space=space, values=await embedder.query(text, user=user))

    async def nearest(
        self,
        session: ReadSession,
        *,
        query: QueryVector,
        scope: Sequence[int],
        limit: int,
        documents: Sequence[UUID] | None = None,
    ) -> list[Near]:
        """At most `limit` passages of the access lists in `scope`, nearest first; see `Nearest.find`."""
        return await self._nearest.find(session, query=query, scope=scope, limit=limit, documents=documents)

    async def passages(self, passages: Sequence[tuple[str, str]]) -> PassageVectors | None:
        """Vectors of passages (headings, text) in the live space, for `vectors_for(session).add`; None without a space.

        Those that any stored passage has already are taken from there. Call it outside of a transaction: it takes as
        long as the model does. Raises what the embedder raises; a document may be stored without vectors, which are
        then made in the background.
        """
        space = await self.space()
        if space is None:
            return None
        hashes = [passage_hash(heading, text) for heading, text in passages]
        async with read_transaction(self._sessionmaker) as session:
            known = await known_vectors(session).known(space.id, hashes)
        wanted = {
            one: passage_text(heading, text)
            for one, (heading, text) in zip(hashes, passages, strict=True)
            if one not in known
        }
        if wanted:
            embedder = await self._embedders.of(space)
            made = await embedder.passages(list(wanted.values()))
            known |= dict(zip(wanted, made, strict=True))
        return PassageVectors(space_id=space.id, hashes=hashes, vectors=[known[one] for one in hashes])
