"""Embeddings from a provider that has them: OpenAI, or any server that speaks its protocol."""

import asyncio
import math
from collections.abc import Sequence
from typing import Final

from ai_svc.brain.purposes import Purpose
from ai_svc.embeddings.booked import SERVICE_USER, BookedModel
from ai_svc.embeddings.exceptions import EmbeddingFailed
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.texts import Preparation

BATCH_TEXTS: Final = 64
"""Far below any provider's limit: a batch that fails is soon repeated, and local servers pad to the longest text."""
CONCURRENT_BATCHES: Final = 2


class RemoteEmbedder:
    """Vectors of a provider's space, checked and brought to length 1."""

    def __init__(self, space: Space, model: BookedModel) -> None:
        self.space = space
        self._model = model
        self._preparation = Preparation.load(space.preparation)
        # Indexing takes its turns; a question does not wait for them.
        self._batches = asyncio.Semaphore(CONCURRENT_BATCHES)

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of stored texts. Raises the provider's errors and `EmbeddingFailed`."""
        prepared = [self._preparation.passage_prefix + text for text in texts]
        batches = [prepared[start : start + BATCH_TEXTS] for start in range(0, len(prepared), BATCH_TEXTS)]
        tasks = [asyncio.ensure_future(self._batch(batch)) for batch in batches]
        try:
            made = await asyncio.gather(*tasks)
        finally:
            # One failed batch ends the others, and its own error is what the caller sees.
            for task in tasks:
                task.cancel()
        return [vector for vectors in made for vector in vectors]

    async def query(self, text: str, *, user: str = SERVICE_USER) -> list[float]:
        """The vector of a question, on the account of `user`. Raises the provider's errors and `EmbeddingFailed`."""
        texts = [self._preparation.query_prefix + text]
        return (await self._embed(texts, purpose=Purpose.EMBED_QUESTION, user=user))[0]

    async def aclose(self) -> None:
        """Nothing is held here; the provider's client is its owner's to close."""

    async def _batch(self, texts: list[str]) -> list[list[float]]:
        async with self._batches:
            return await self._embed(texts, purpose=Purpose.EMBED_PASSAGES, user=SERVICE_USER)

    async def _embed(self, texts: list[str], *, purpose: Purpose, user: str) -> list[list[float]]:
        vectors = await self._model.embed(texts, purpose=purpose, user=user)
        if len(vectors) != len(texts):
            raise EmbeddingFailed(f"the model gave {len(vectors)} vectors for {len(texts)} texts")
        return [self._unit(vector) for vector in vectors]

    def _unit(self, vector: Sequence[float]) -> list[float]:
        if len(vector) != self.space.dimensions:
            raise EmbeddingFailed(
                f"the model gives vectors of {len(vector)} numbers and the space has {self.space.dimensions}: "
                "start a new embedding space for it"
            )
        length = math.sqrt(math.fsum(number * number for number in vector))
        if not math.isfinite(length) or length == 0:
            raise EmbeddingFailed("the model gave a vector without a direction")
        return [number / length for number in vector]
